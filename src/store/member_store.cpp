#include "store/member_store.h"

#include "store/sql.h"
#include "store/statement.h"

#include <soci/soci.h>

using soci::into;
using soci::use;

namespace store {
namespace {

using Row = std::tuple<std::int64_t, std::string, std::string, std::string, std::string, std::string, std::string, std::string, std::string,
    std::string, std::string, std::string, std::string, std::string, std::string, std::string, std::int64_t, std::string, std::string,
    std::optional<int>>;

domain::Member member_of(const Row& row)
{
    const auto& [id, uuid, uid, name, email, company, address_name, street, house_number, postal_code, city, country, language, currency,
        vat_id, joined_at, version, kind, vat_id_state, payment_days] = row;
    return {.id = domain::MemberId{id},
        .uuid = uuid_of(uuid),
        .uid = uid,
        .name = name,
        .email = email,
        .address = {company, address_name, street, house_number, postal_code, city, country},
        .language = language,
        .currency = money_of(0, currency).currency,
        .kind = domain::customer_kind_from(kind),
        .vat_id = vat_id,
        .vat_id_state = domain::vat_id_state_from(vat_id_state),
        .payment_days = payment_days,
        .joined_at = instant_of(joined_at),
        .version = version};
}

} // namespace

domain::MemberId MemberStore::sign_in(const domain::DirectoryEntry& entry, const domain::Uuid& uuid, domain::Instant now)
{
    const auto known =
        select_first<std::int64_t, std::string, std::string>(session_, "SELECT id, name, email FROM members WHERE uid = ?", entry.uid);
    if (known) {
        const auto& [id, name, email] = *known;
        if (name != entry.name || email != entry.email)
            execute(session_, "UPDATE members SET name = ?, email = ? WHERE id = ?", entry.name, entry.email, id);
        return domain::MemberId{id};
    }
    const auto joined_at = to_sql(now);
    // Two first sign-ins at once: the second finds the first one's row.
    const auto id = insert(session_,
        "INSERT INTO members (uuid, uid, name, email, address_name, joined_at) VALUES (?, ?, ?, ?, ?, ?)"
        " ON DUPLICATE KEY UPDATE id = LAST_INSERT_ID(id)",
        uuid, entry.uid, entry.name, entry.email, entry.name, joined_at);
    return domain::MemberId{id};
}

std::optional<domain::MemberId> MemberStore::id_of(const std::string& uid)
{
    long long id = 0;
    session_.sql() << "SELECT id FROM members WHERE uid = :uid", use(uid), into(id);
    if (!session_.sql().got_data()) return std::nullopt;
    return domain::MemberId{id};
}

std::optional<domain::Member> MemberStore::read(domain::MemberId member)
{
    auto page_of_one = page(static_cast<std::int64_t>(member) - 1, 1);
    if (page_of_one.empty() || page_of_one.front().id != member) return std::nullopt;
    return page_of_one.front();
}

bool MemberStore::update_account(const domain::Member& member)
{
    const auto id = static_cast<long long>(member.id);
    const long long version = member.version;
    const std::string currency{domain::to_text(member.currency)};
    const std::string kind{domain::to_text(member.kind)};
    soci::statement update =
        (session_.sql().prepare << "UPDATE members SET company = :company, address_name = :name, street = :street, house_number = :house,"
                                   " postal_code = :postal, city = :city, country = :country, language = :language, currency = :currency,"
                                   " customer_kind = :kind, vat_id = :vat, version = version + 1 WHERE id = :id AND version = :version",
            use(member.address.company), use(member.address.name), use(member.address.street), use(member.address.house_number),
            use(member.address.postal_code), use(member.address.city), use(member.address.country), use(member.language), use(currency),
            use(kind), use(member.vat_id), use(id), use(version));
    update.execute(true);
    return update.get_affected_rows() == 1;
}

void MemberStore::set_payment_days(domain::MemberId member, std::optional<int> days)
{
    execute(session_, "UPDATE members SET payment_days = ? WHERE id = ?", days, static_cast<std::int64_t>(member));
}

std::vector<domain::Member> MemberStore::page(std::optional<std::int64_t> after, int limit)
{
    std::vector<domain::Member> members;
    const auto rows = select<std::int64_t, std::string, std::string, std::string, std::string, std::string, std::string, std::string,
        std::string, std::string, std::string, std::string, std::string, std::string, std::string, std::string, std::int64_t, std::string,
        std::string, std::optional<int>>(session_,
        "SELECT m.id, m.uuid, m.uid, m.name, m.email, m.company, m.address_name, m.street, m.house_number, m.postal_code, m.city, "
        "m.country,"
        " m.language, m.currency, m.vat_id, CAST(m.joined_at AS CHAR), m.version, m.customer_kind, COALESCE(v.state, 'none'), "
        "m.payment_days"
        " FROM members m LEFT JOIN vat_ids v ON v.member_id = m.id WHERE m.id > ? ORDER BY m.id LIMIT ?",
        after.value_or(0), limit);
    for (const auto& row : rows) members.push_back(member_of(row));
    return members;
}

} // namespace store
