#include "service/accounts.h"

#include "domain/refusal.h"
#include "store/member_store.h"

namespace service {
namespace {

using domain::Reason;
using domain::Refusal;

template <class Value> Value known(std::optional<Value> value)
{
    if (!value) throw Refusal{Reason::not_a_member, "this account is unknown here; sign in once through the web server"};
    return *std::move(value);
}

template <class Value> void assign(Value& field, const std::optional<Value>& change)
{
    if (change) field = *change;
}

} // namespace

domain::Member Accounts::read(domain::MemberId member)
{
    return known(database_.read([&](store::Session& session) { return store::MemberStore{session}.read(member); }));
}

domain::MemberId Accounts::id_of(const std::string& uid)
{
    return known(database_.read([&](store::Session& session) { return store::MemberStore{session}.id_of(uid); }));
}

domain::Member Accounts::change(store::Session& session, domain::MemberId id, const AccountChanges& changes)
{
    store::MemberStore members{session};
    auto member = known(members.read(id));
    if (changes.expected_version && *changes.expected_version != member.version)
        throw Refusal{Reason::changed_meanwhile, "the account was changed meanwhile; read it again"};

    assign(member.address.company, changes.company);
    assign(member.address.name, changes.name);
    assign(member.address.street, changes.street);
    assign(member.address.house_number, changes.house_number);
    assign(member.address.postal_code, changes.postal_code);
    assign(member.address.city, changes.city);
    assign(member.address.country, changes.country);
    assign(member.language, changes.language);
    assign(member.currency, changes.currency);
    assign(member.vat_id, changes.vat_id);
    if (!members.update_account(member)) throw Refusal{Reason::changed_meanwhile, "the account was changed meanwhile; read it again"};
    return known(members.read(id));
}

} // namespace service
