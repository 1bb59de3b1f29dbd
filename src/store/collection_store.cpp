#include "store/collection_store.h"

#include "store/charge_hold.h"
#include "store/keys.h"
#include "store/outbox_store.h"
#include "store/sql.h"
#include "store/statement.h"

namespace store {
namespace {

using Number = std::optional<std::int64_t>;
using domain::Day;

Day day_of(std::int64_t number) { return Day{std::chrono::days{number}}; }

std::vector<std::int64_t> numbers_of(const std::vector<domain::MemberId>& members)
{
    std::vector<std::int64_t> numbers;
    for (const auto member : members) numbers.push_back(static_cast<std::int64_t>(member));
    return numbers;
}

} // namespace

std::vector<DueDocument> CollectionStore::take_due(domain::Date today, int limit)
{
    std::vector<std::int64_t> invoices;
    const auto rows = select<std::int64_t>(session_,
        "SELECT invoice_id FROM receivables WHERE attend_on <= ? AND open_minor > 0 ORDER BY attend_on, member_id LIMIT ?"
        " FOR UPDATE SKIP LOCKED",
        to_sql(today), limit);
    for (const auto& [invoice] : rows) invoices.push_back(invoice);

    std::vector<DueDocument> due;
    for_keys(invoices, [&](const auto&... keys) {
        const auto found = select<std::int64_t, std::int64_t, std::int64_t, std::int64_t, Number, bool, int, Number, Number,
            std::optional<std::string>, std::string, std::string, std::string, std::string, bool, bool>(session_,
            R"(SELECT r.invoice_id, r.member_id, DATEDIFF(r.due_on, '1970-01-01'), 
                 (SELECT COUNT(*) FROM dunning_notices n WHERE n.invoice_id = r.invoice_id),
                 (SELECT DATEDIFF(MAX(n.sent_on), '1970-01-01') FROM dunning_notices n WHERE n.invoice_id = r.invoice_id),
                 p.id IS NOT NULL AND NOT )" STORE_CHARGE_HELD(
                "r.invoice_id") R"(, COALESCE(l.attempt, 0), DATEDIFF(f.planned_on, '1970-01-01'),
                 DATEDIFF(l.planned_on, '1970-01-01'), l.state, COALESCE(l.advice_code, ''), COALESCE(l.code, ''),
                 COALESCE(l.decline_code, ''), COALESCE(l.reaction, ''), COALESCE(l.method_id = p.id, FALSE),
                 EXISTS (SELECT 1 FROM invoice_lines x WHERE x.invoice_id = r.invoice_id AND x.kind = 'fee')
               FROM receivables r
               LEFT JOIN payment_methods p
                 ON p.default_of = r.member_id AND p.type = 'card' AND p.status = 'active' AND p.stopped_for IS NULL
               LEFT JOIN charges f ON f.invoice_id = r.invoice_id AND f.attempt = 1
               LEFT JOIN charges l ON l.invoice_id = r.invoice_id
                 AND l.attempt = (SELECT MAX(attempt) FROM charges x WHERE x.invoice_id = r.invoice_id)
               WHERE r.invoice_id IN )" STORE_KEYS " ORDER BY r.member_id, r.invoice_id",
            keys...);
        for (const auto& [invoice, member, due_on, sent, last_sent, has_card, tries, first, last, state, advice, code, decline, reaction,
                 same, is_fee] : found) {
            DueDocument document{.invoice = invoice,
                .member = domain::MemberId{member},
                .last_decline = {advice, code, decline},
                .last_reaction = reaction,
                .is_fee = is_fee};
            document.state.dunning = {.due = day_of(due_on), .sent = static_cast<std::size_t>(sent)};
            if (last_sent) document.state.dunning.last = day_of(*last_sent);
            document.state.has_card = has_card;
            document.state.tries = tries;
            document.state.first_try = day_of(first.value_or(0));
            document.state.last_try = day_of(last.value_or(0));
            document.state.last_card_is_same = same;
            if (state) document.state.last_state = domain::attempt_state_from(*state);
            due.push_back(document);
        }
    });
    return due;
}

void CollectionStore::attend(const std::vector<std::pair<std::int64_t, std::optional<domain::Date>>>& days)
{
    std::vector<std::int64_t> invoices;
    std::vector<std::optional<std::string>> texts;
    for (const auto& [invoice, day] : days) {
        invoices.push_back(invoice);
        texts.push_back(to_sql(day));
    }
    execute_bulk(session_, "UPDATE receivables SET attend_on = ? WHERE invoice_id = ? AND open_minor > 0", texts, invoices);
}

void CollectionStore::add(const std::vector<Notice>& notices, domain::Date sent_on, domain::Instant now)
{
    std::vector<std::int64_t> invoices, stages;
    std::vector<std::string> names;
    for (const auto& [invoice, stage, name, fee, fee_invoice] : notices) {
        invoices.push_back(invoice);
        stages.push_back(static_cast<std::int64_t>(stage));
        names.push_back(name);
    }
    execute_bulk(session_, "INSERT INTO dunning_notices (invoice_id, stage, name, sent_on) VALUES (?, ?, ?, ?)", invoices, stages, names,
        std::vector<std::string>(notices.size(), to_sql(sent_on)));
    OutboxStore{session_}.queue(invoices, names, now);
}

std::map<std::int64_t, FeePlace> CollectionStore::fee_places(const std::vector<std::int64_t>& invoices, domain::Date day)
{
    std::map<std::int64_t, FeePlace> places;
    for_keys(invoices, [&](const auto&... keys) {
        const auto rows = select<std::int64_t, std::int64_t, int>(session_,
            "SELECT l.invoice_id, l.order_id, (SELECT COALESCE(MAX(f.turn) + 1, 0) FROM invoice_lines f"
            "  WHERE f.order_id = l.order_id AND f.kind = 'fee' AND f.period_start = ?)"
            " FROM invoice_lines l WHERE l.position = 1 AND l.invoice_id IN " STORE_KEYS,
            to_sql(day), keys...);
        for (const auto& [invoice, order, next_turn] : rows) places[invoice] = {domain::OrderId{order}, next_turn};
    });
    return places;
}

void CollectionStore::note_fees(const std::vector<Notice>& notices)
{
    std::vector<std::int64_t> fee_invoices, invoices, stages;
    for (const auto& notice : notices) {
        if (notice.fee_invoice == 0) continue;
        fee_invoices.push_back(notice.fee_invoice);
        invoices.push_back(notice.invoice);
        stages.push_back(static_cast<std::int64_t>(notice.stage));
    }
    execute_bulk(
        session_, "UPDATE dunning_notices SET fee_invoice_id = ? WHERE invoice_id = ? AND stage = ?", fee_invoices, invoices, stages);
}

void CollectionStore::suspend(const std::vector<domain::MemberId>& members, const std::string& why, domain::Instant now)
{
    change_orders(members, "active", "suspended", why, now);
}

void CollectionStore::reinstate(const std::vector<domain::MemberId>& members, const std::string& why, domain::Instant now)
{
    change_orders(members, "suspended", "active", why, now);
}

void CollectionStore::change_orders(const std::vector<domain::MemberId>& members, const std::string& from, const std::string& to,
    const std::string& why, domain::Instant now)
{
    const auto at = to_sql(now);
    for_keys(numbers_of(members), [&](const auto&... keys) {
        select<std::int64_t>(
            session_, "SELECT id FROM orders WHERE member_id IN " STORE_KEYS " AND status = ? ORDER BY id FOR UPDATE", keys..., from);
        execute(session_,
            "INSERT INTO order_events (order_id, at, actor, from_status, to_status, reason)"
            " SELECT id, ?, 'worker', ?, ?, ? FROM orders WHERE member_id IN " STORE_KEYS " AND status = ? ORDER BY id",
            at, from, to, why, keys..., from);
        execute(session_, "UPDATE orders SET status = ?, version = version + 1 WHERE member_id IN " STORE_KEYS " AND status = ?", to,
            keys..., from);
    });
}

std::vector<domain::MemberId> CollectionStore::to_reinstate(const std::string& suspending_stage, int limit)
{
    std::vector<domain::MemberId> members;
    const auto rows = select<std::int64_t>(session_,
        "SELECT DISTINCT o.member_id FROM orders o WHERE o.status = 'suspended'"
        " AND NOT EXISTS (SELECT 1 FROM receivables r JOIN dunning_notices n ON n.invoice_id = r.invoice_id AND n.name = ?"
        "                 WHERE r.open_of = o.member_id) ORDER BY o.member_id LIMIT ?",
        suspending_stage, limit);
    for (const auto& [member] : rows) members.push_back(domain::MemberId{member});
    return members;
}

std::vector<std::int64_t> CollectionStore::suspended_for(const std::vector<domain::MemberId>& members, const std::string& suspending_stage)
{
    std::vector<std::int64_t> invoices;
    for_keys(numbers_of(members), [&](const auto&... keys) {
        const auto rows = select<std::int64_t>(session_,
            "SELECT MAX(n.invoice_id) FROM receivables r JOIN dunning_notices n ON n.invoice_id = r.invoice_id AND n.name = ?"
            " WHERE r.member_id IN " STORE_KEYS " GROUP BY r.member_id",
            suspending_stage, keys...);
        for (const auto& [invoice] : rows) invoices.push_back(invoice);
    });
    return invoices;
}

void CollectionStore::attend_member(domain::MemberId member, domain::Date today)
{
    execute(session_, "UPDATE receivables SET attend_on = ? WHERE open_of = ? AND open_minor > 0", to_sql(today),
        static_cast<std::int64_t>(member));
}

} // namespace store
