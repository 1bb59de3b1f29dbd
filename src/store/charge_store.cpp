#include "store/charge_store.h"

#include "store/charge_hold.h"
#include "store/ids_by_uuid.h"
#include "store/keys.h"
#include "store/sql.h"
#include "store/statement.h"

#define ATTEMPT_COLUMNS                                                                                                                    \
    "SELECT c.id, c.uuid, c.invoice_id, i.number, c.attempt, c.member_id, m.uuid, c.gateway_customer, c.gateway_card, c.currency,"         \
    " c.amount_minor, c.description, c.state, CAST(c.planned_on AS CHAR), CAST(c.asked_at AS CHAR), c.confirmations, c.intent_id"          \
    " FROM charges c JOIN invoices i ON i.id = c.invoice_id JOIN payment_methods m ON m.id = c.method_id "

#define CHARGEABLE                                                                                                                         \
    "SELECT i.id, i.number, i.member_id, r.open_minor, i.currency, p.uuid, g.gateway_id, p.gateway_id,"                                    \
    " COALESCE((SELECT MAX(attempt) FROM charges WHERE invoice_id = i.id), 0)"                                                             \
    " FROM receivables r JOIN invoices i ON i.id = r.invoice_id"                                                                           \
    " JOIN payment_methods p ON p.member_id = i.member_id AND p.type = 'card' AND p.status = 'active'"                                     \
    " JOIN gateway_customers g ON g.member_id = i.member_id "

namespace store {
namespace {

using Text = std::optional<std::string>;

template <class... Args> std::optional<domain::ChargeAttempt> attempt(Session& session, const char* sql, const Args&... args)
{
    const auto row = select_first<std::int64_t, std::string, std::int64_t, std::string, int, std::int64_t, std::string, std::string,
        std::string, std::string, std::int64_t, std::string, std::string, std::string, Text, int, Text>(session, sql, args...);
    if (!row) return std::nullopt;
    const auto& [id, uuid, invoice, number, nth, member, method, customer, card, currency, amount, description, state, planned_on, asked_at,
        confirmations, intent] = *row;
    return domain::ChargeAttempt{.id = id,
        .uuid = uuid_of(uuid),
        .invoice = invoice,
        .invoice_number = number,
        .attempt = nth,
        .member = domain::MemberId{member},
        .method = uuid_of(method),
        .customer = customer,
        .card = card,
        .amount = money_of(amount, currency),
        .description = description,
        .state = domain::attempt_state_from(state),
        .planned_on = date_of(planned_on),
        .asked_at = instant_of(asked_at),
        .confirmations = confirmations,
        .intent = intent.value_or("")};
}

template <class... Args> std::vector<ChargeableDocument> chargeable(Session& session, const char* sql, const Args&... args)
{
    std::vector<ChargeableDocument> documents;
    const auto rows =
        select<std::int64_t, std::string, std::int64_t, std::int64_t, std::string, std::string, std::string, std::string, int>(
            session, sql, args...);
    for (const auto& [invoice, number, member, open, currency, method, customer, card, attempts] : rows)
        documents.push_back({.invoice = invoice,
            .number = number,
            .member = domain::MemberId{member},
            .open = money_of(open, currency),
            .method = uuid_of(method),
            .customer = customer,
            .card = card,
            .attempts = attempts});
    return documents;
}

std::vector<domain::Uuid> uuids(const std::vector<std::tuple<std::string>>& rows)
{
    std::vector<domain::Uuid> all;
    for (const auto& [uuid] : rows) all.push_back(uuid_of(uuid));
    return all;
}

Text or_null(const std::string& text) { return text.empty() ? std::nullopt : Text{text}; }

} // namespace

std::vector<ChargeableDocument> ChargeStore::lock_chargeable(const std::vector<std::int64_t>& invoices)
{
    std::vector<ChargeableDocument> documents;
    for_keys(invoices, [&](const auto&... keys) {
        select<std::int64_t>(session_, "SELECT invoice_id FROM receivables WHERE invoice_id IN " STORE_KEYS " FOR UPDATE", keys...);
        for (auto& document : chargeable(session_,
                 CHARGEABLE "WHERE r.invoice_id IN " STORE_KEYS
                            " AND r.open_minor > 0 AND p.default_of IS NOT NULL AND p.stopped_for IS NULL"
                            " AND NOT EXISTS (SELECT 1 FROM charges o WHERE o.open_of = i.id) AND NOT " STORE_CHARGE_HELD(
                                "i.id") " ORDER BY r.invoice_id",
                 keys...))
            documents.push_back(std::move(document));
    });
    return documents;
}

std::vector<ChargeableDocument> ChargeStore::lock_chargeable(std::int64_t invoice, const domain::Uuid& method)
{
    if (lock_open(invoice) == 0) return {};
    return chargeable(session_, CHARGEABLE "WHERE r.invoice_id = ? AND p.uuid = ?", invoice, method);
}

bool ChargeStore::plan(const std::vector<domain::ChargeAttempt>& attempts, domain::Instant now)
{
    std::vector<std::int64_t> invoices, nths, members, amounts;
    std::vector<std::string> uuids, methods, customers, cards, currencies, descriptions, days;
    for (const auto& planned : attempts) {
        uuids.push_back(planned.uuid.text());
        methods.push_back(planned.method.text());
        invoices.push_back(planned.invoice);
        nths.push_back(planned.attempt);
        members.push_back(static_cast<std::int64_t>(planned.member));
        amounts.push_back(planned.amount.minor);
        customers.push_back(planned.customer);
        cards.push_back(planned.card);
        currencies.emplace_back(domain::to_text(planned.amount.currency));
        descriptions.push_back(planned.description);
        days.push_back(to_sql(planned.planned_on));
    }
    return unless_duplicate([&] {
        execute_bulk(session_,
            "INSERT INTO charges (uuid, invoice_id, attempt, member_id, method_id, gateway_customer, gateway_card, currency, amount_minor,"
            " description, planned_at, planned_on) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            uuids, invoices, nths, members,
            ids_by_uuid(session_, "SELECT uuid, id FROM payment_methods WHERE uuid IN " STORE_KEYS, methods), customers, cards, currencies,
            amounts, descriptions, std::vector<std::string>(attempts.size(), to_sql(now)), days);
    });
}

std::optional<domain::ChargeAttempt> ChargeStore::by_uuid(const domain::Uuid& uuid)
{
    return attempt(session_, ATTEMPT_COLUMNS "WHERE c.uuid = ?", uuid);
}

std::optional<domain::ChargeAttempt> ChargeStore::lock(const domain::Uuid& uuid)
{
    select_first<std::int64_t>(session_, "SELECT id FROM charges WHERE uuid = ? FOR UPDATE", uuid);
    return by_uuid(uuid);
}

std::optional<domain::Uuid> ChargeStore::by_intent(const std::string& intent)
{
    const auto row = select_first<std::string>(session_, "SELECT uuid FROM charges WHERE intent_id = ?", intent);
    return row ? std::optional{uuid_of(std::get<0>(*row))} : std::nullopt;
}

std::optional<domain::ChargeAttempt> ChargeStore::latest_of(std::int64_t invoice)
{
    return attempt(session_, ATTEMPT_COLUMNS "WHERE c.invoice_id = ? ORDER BY c.attempt DESC LIMIT 1", invoice);
}

std::int64_t ChargeStore::lock_open(std::int64_t invoice)
{
    const auto row = select_first<std::int64_t>(session_, "SELECT open_minor FROM receivables WHERE invoice_id = ? FOR UPDATE", invoice);
    return row ? std::get<0>(*row) : 0;
}

void ChargeStore::begin(std::int64_t id, domain::Instant now)
{
    execute(session_, "UPDATE charges SET state = 'asked', asked_at = COALESCE(asked_at, ?) WHERE id = ?", to_sql(now), id);
}

int ChargeStore::begin_confirmation(std::int64_t id)
{
    execute(session_, "UPDATE charges SET confirmations = confirmations + 1 WHERE id = ?", id);
    return std::get<0>(select_first<int>(session_, "SELECT confirmations FROM charges WHERE id = ?", id).value());
}

void ChargeStore::record(std::int64_t id, const AttemptNews& news, domain::Instant now)
{
    execute(session_,
        "UPDATE charges SET state = ?, intent_id = COALESCE(?, intent_id), charge_id = COALESCE(?, charge_id),"
        " request_id = IF(? = '', request_id, ?), code = ?, decline_code = ?, advice_code = ?, reaction = ?, wait_until = ?,"
        " finished_at = IF(? IN ('succeeded', 'failed', 'canceled'), ?, NULL) WHERE id = ?",
        domain::to_text(news.state), or_null(news.intent), or_null(news.charge), news.request_id, news.request_id, news.decline.code,
        news.decline.decline_code, news.decline.advice_code, news.reaction,
        news.wait_until ? std::optional{to_sql(*news.wait_until)} : std::nullopt, domain::to_text(news.state), to_sql(now), id);
}

domain::Decline ChargeStore::decline_of(std::int64_t id)
{
    const auto row = select_first<std::string, std::string, std::string>(
        session_, "SELECT advice_code, code, decline_code FROM charges WHERE id = ?", id);
    if (!row) return {};
    return {.advice_code = std::get<0>(*row), .code = std::get<1>(*row), .decline_code = std::get<2>(*row)};
}

std::string ChargeStore::card_name(const domain::Uuid& method)
{
    const auto row = select_first<std::string>(session_,
        "SELECT CONCAT(UPPER(LEFT(brand, 1)), SUBSTRING(brand, 2), ' •••• ', last4) FROM payment_methods WHERE uuid = ? AND brand IS NOT "
        "NULL",
        method);
    return row ? std::get<0>(*row) : "";
}

void ChargeStore::attend(std::int64_t invoice, const std::optional<domain::Date>& day)
{
    execute(session_, "UPDATE receivables SET attend_on = ? WHERE invoice_id = ? AND open_minor > 0", to_sql(day), invoice);
}

std::vector<domain::Uuid> ChargeStore::waiting_past(domain::Instant now, int limit)
{
    return uuids(select<std::string>(session_,
        "SELECT uuid FROM charges WHERE open_of IS NOT NULL AND state = 'waiting' AND wait_until <= ? ORDER BY id LIMIT ?", to_sql(now),
        limit));
}

std::vector<domain::Uuid> ChargeStore::open_since(domain::Instant before, int limit)
{
    return uuids(select<std::string>(session_,
        "SELECT uuid FROM charges WHERE open_of IS NOT NULL AND state <> 'planned' AND asked_at <= ? ORDER BY id LIMIT ?", to_sql(before),
        limit));
}

} // namespace store

#undef ATTEMPT_COLUMNS
