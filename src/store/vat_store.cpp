#include "store/vat_store.h"

#include "store/sql.h"
#include "store/statement.h"

namespace store {
namespace {

using Text = std::optional<std::string>;

std::int64_t number_of(domain::MemberId member) { return static_cast<std::int64_t>(member); }

/// At most so many bytes, and no part of a character.
std::string cut(const std::string& text, std::size_t size)
{
    if (text.size() <= size) return text;
    auto end = size;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
    return text.substr(0, end);
}

} // namespace

std::vector<domain::VatRateFact> VatStore::rates()
{
    std::vector<domain::VatRateFact> facts;
    const auto rows = select<std::string, std::string, std::string, int, std::string>(session_,
        "SELECT country, vat_class, CAST(valid_from AS CHAR), basis_points, source FROM vat_rates ORDER BY country, vat_class, valid_from");
    facts.reserve(rows.size());
    for (const auto& [country, vat_class, from, basis_points, source] : rows)
        facts.push_back({country, vat_class, date_of(from), {basis_points}, source});
    return facts;
}

bool VatStore::add_rate(const domain::VatRateFact& fact)
{
    return unless_duplicate([&] {
        execute(session_, "INSERT INTO vat_rates (country, vat_class, valid_from, basis_points, source) VALUES (?, ?, ?, ?, ?)",
            fact.country, fact.vat_class, to_sql(domain::Date{fact.from}), fact.rate.basis_points, fact.source);
    });
}

std::optional<domain::VatProfile> VatStore::profile(domain::MemberId member)
{
    const auto row = select_first<std::string, std::string, std::string, std::string, std::string, std::string>(session_,
        "SELECT m.customer_kind, m.country, m.postal_code, m.vat_id, COALESCE(v.state, 'none'), COALESCE(v.consultation, '')"
        " FROM members m LEFT JOIN vat_ids v ON v.member_id = m.id WHERE m.id = ?",
        number_of(member));
    if (!row) return std::nullopt;
    const auto& [kind, country, postal_code, vat_id, state, consultation] = *row;
    return domain::VatProfile{
        {domain::customer_kind_from(kind), country, postal_code, domain::vat_id_state_from(state)}, vat_id, consultation};
}

void VatStore::begin(domain::MemberId member, const std::string& vat_id, domain::Instant now)
{
    const auto at = to_sql(now);
    execute(session_,
        "INSERT INTO vat_ids (member_id, vat_id, state, waiting_since, next_check_at) VALUES (?, ?, 'pending', ?, ?)"
        " ON DUPLICATE KEY UPDATE vat_id = VALUES(vat_id), state = 'pending', waiting_since = VALUES(waiting_since), confirmed_at = NULL,"
        " consultation = '', attempts = 0, next_check_at = VALUES(next_check_at), turn = turn + 1",
        number_of(member), vat_id, at, at);
}

bool VatStore::hasten(domain::MemberId member, domain::Instant now)
{
    return execute(
               session_, "UPDATE vat_ids SET next_check_at = LEAST(next_check_at, ?) WHERE member_id = ?", to_sql(now), number_of(member))
        == 1;
}

void VatStore::forget(domain::MemberId member) { execute(session_, "DELETE FROM vat_ids WHERE member_id = ?", number_of(member)); }

std::vector<VatIdToCheck> VatStore::due(domain::Instant now, int limit)
{
    std::vector<VatIdToCheck> ids;
    const auto rows = select<std::int64_t, std::string, std::string, std::string, Text, int, std::string, std::int64_t>(session_,
        "SELECT member_id, vat_id, state, CAST(waiting_since AS CHAR), CAST(confirmed_at AS CHAR), attempts, CAST(next_check_at AS CHAR), "
        "turn"
        " FROM vat_ids WHERE next_check_at <= ? ORDER BY next_check_at, member_id LIMIT ?",
        to_sql(now), limit);
    for (const auto& [member, vat_id, state, waiting_since, confirmed_at, attempts, next_check_at, turn] : rows)
        ids.push_back({domain::MemberId{member}, vat_id,
            {domain::vat_id_state_from(state), instant_of(waiting_since), instant_of(confirmed_at), attempts, instant_of(next_check_at)},
            turn});
    return ids;
}

std::optional<std::int64_t> VatStore::take(
    VatIdToCheck& id, const std::string& requester, const std::string& asked_by, domain::Instant now, domain::Instant until)
{
    const auto found = execute(session_, "UPDATE vat_ids SET next_check_at = ?, turn = turn + 1 WHERE member_id = ? AND turn = ?",
        to_sql(until), number_of(id.member), id.turn);
    if (found == 0) return std::nullopt;
    ++id.turn;
    return insert(session_, "INSERT INTO vat_checks (member_id, vat_id, requester, asked_at, asked_by) VALUES (?, ?, ?, ?, ?)",
        number_of(id.member), id.vat_id, requester, to_sql(now), asked_by);
}

void VatStore::note(std::int64_t check, const domain::RegisterReply& answer, domain::Instant now)
{
    execute(session_,
        "UPDATE vat_checks SET answered_at = ?, answer = ?, code = ?, consultation = ?, answer_date = ?, trader_name = ?,"
        " trader_address = ? WHERE id = ?",
        to_sql(now), domain::to_text(answer.answer), cut(answer.code, 64), cut(answer.consultation, 64), cut(answer.answer_date, 40),
        cut(answer.name, 255), cut(answer.address, 500), check);
}

bool VatStore::conclude(const VatIdToCheck& id, const domain::VatIdStanding& after, const domain::RegisterReply& answer)
{
    const auto confirmed_at = after.confirmed_at ? std::optional{to_sql(*after.confirmed_at)} : std::nullopt;
    const bool is_confirmed = answer.answer == domain::RegisterAnswer::valid;
    return execute(session_,
               "UPDATE vat_ids SET state = ?, waiting_since = ?, confirmed_at = ?, consultation = IF(?, ?, consultation), attempts = ?,"
               " next_check_at = ?, turn = turn + 1 WHERE member_id = ? AND turn = ?",
               domain::to_text(after.state), to_sql(after.waiting_since), confirmed_at, is_confirmed ? 1 : 0, cut(answer.consultation, 64),
               after.attempts, to_sql(after.next_check_at), number_of(id.member), id.turn)
        == 1;
}

} // namespace store
