#include "service/accounts.h"

#include "domain/refusal.h"
#include "domain/tax_id.h"
#include "service/tax_change.h"
#include "store/member_store.h"
#include "store/vat_store.h"

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

std::string remedy(domain::TaxIdFault fault, const domain::Member& member)
{
    const auto lead = "vat_id \"" + member.vat_id + "\" cannot be the id of a business in " + member.address.country + ": ";
    const std::string otherwise = "; null if you have none";
    switch (fault) {
    case domain::TaxIdFault::none: return "";
    case domain::TaxIdFault::uid: return lead + "send its UID with the right check digit, such as CHE-123.456.788" + otherwise;
    case domain::TaxIdFault::vat_id:
        return lead + "send a VAT id of a member state of the EU with its prefix and right check digit, such as DE123456788" + otherwise;
    case domain::TaxIdFault::other: return lead + "send 2 to 20 letters and digits" + otherwise;
    }
    return "";
}

/// Whether all that the tax depends on is as it was.
bool same_tax(const domain::Member& a, const domain::Member& b)
{
    return a.kind == b.kind && a.vat_id == b.vat_id && a.address.country == b.address.country
        && a.address.postal_code == b.address.postal_code;
}

void settle_tax_identity(domain::Member& member, const AccountChanges& changes)
{
    if (changes.kind) member.kind = *changes.kind;
    else if (changes.vat_id && !changes.vat_id->empty()) member.kind = domain::CustomerKind::business;
    if (member.vat_id.empty()) return;
    if (member.kind == domain::CustomerKind::consumer)
        throw Refusal{Reason::vat_id_unusable, "vat_id: a consumer has none; send customer_kind \"business\", or vat_id null"};
    const auto fault = domain::check_tax_id(member.address.country, member.address.postal_code, member.vat_id);
    if (fault != domain::TaxIdFault::none) throw Refusal{Reason::vat_id_unusable, remedy(fault, member)};
    member.vat_id = domain::normalised_tax_id(member.vat_id);
}

/// True if VIES has to confirm the id before the member can be invoiced.
bool needs_vies(const domain::Member& member)
{
    const domain::VatCustomer asked{member.kind, member.address.country, member.address.postal_code, domain::VatIdState::pending};
    return !member.vat_id.empty() && domain::decide_vat(asked, false).treatment == domain::VatTreatment::hold_vat_check;
}

void note_tax_change(store::Session& session, const domain::Member& before, const domain::Member& now, domain::Instant at)
{
    store::VatStore ids{session};
    if (!needs_vies(now)) ids.forget(now.id);
    else if (now.vat_id != before.vat_id || !needs_vies(before)) ids.begin(now.id, now.vat_id, at);
    tax_changed(session, now.id, "account:" + std::to_string(now.version));
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

    const auto before = member;
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
    if (changes.kind || !same_tax(before, member)) settle_tax_identity(member, changes);
    if (!members.update_account(member)) throw Refusal{Reason::changed_meanwhile, "the account was changed meanwhile; read it again"};
    if (!same_tax(before, member)) note_tax_change(session, before, member, clock_.now());
    return known(members.read(id));
}

} // namespace service
