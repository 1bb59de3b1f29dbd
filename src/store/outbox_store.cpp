#include "store/outbox_store.h"

#include "store/sql.h"
#include "store/statement.h"

#include <stdexcept>

#define MAIL_COLUMNS                                                                                                                       \
    "SELECT o.id, o.uuid, m.uid, o.kind, COALESCE(i.number, r.reference, CONCAT('•••• ', p.last4, ' ', o.expiry), ''), o.state,"   \
    " o.attempts, IF(o.sent_to = '', m.email, o.sent_to), o.error, CAST(o.queued_at AS CHAR), CAST(o.next_at AS CHAR),"                    \
    " CAST(o.tried_at AS CHAR), CAST(o.finished_at AS CHAR)"                                                                               \
    " FROM mail_outbox o LEFT JOIN invoices i ON i.id = o.invoice_id LEFT JOIN refunds r ON r.id = o.refund_id"                            \
    " LEFT JOIN payment_methods p ON p.id = o.method_id JOIN members m ON m.id = COALESCE(i.member_id, r.member_id, p.member_id) "

namespace store {
namespace {

template <class Value> std::vector<Value> repeated(std::size_t count, const Value& value) { return std::vector<Value>(count, value); }

/// A reply of a mail server may hold anything; of a torn character the rest is left out.
std::string short_error(const std::string& error)
{
    std::string clean;
    for (const char c : error.substr(0, 255)) clean += c >= ' ' && c <= '~' ? c : '?';
    return clean;
}

template <class... Args> std::vector<MailRecord> records(Session& session, const char* sql, const Args&... args)
{
    using Text = std::optional<std::string>;
    std::vector<MailRecord> found;
    const auto rows = select<std::int64_t, std::string, std::string, std::string, std::string, std::string, int, std::string, std::string,
        std::string, std::string, Text, Text>(session, sql, args...);
    for (const auto& [id, uuid, username, kind, about, state, attempts, address, error, queued_at, next_at, tried_at, finished_at] : rows)
        found.push_back({.id = id,
            .uuid = uuid_of(uuid),
            .username = username,
            .kind = kind,
            .about = about,
            .state = domain::mail_state_from(state).value(),
            .attempts = attempts,
            .address = address,
            .error = error,
            .queued_at = instant_of(queued_at),
            .next_at = instant_of(next_at),
            .tried_at = instant_of(tried_at),
            .finished_at = instant_of(finished_at)});
    return found;
}

} // namespace

void OutboxStore::queue(const std::vector<std::int64_t>& invoices, const std::vector<std::string>& kinds, domain::Instant now)
{
    execute_bulk(session_,
        "INSERT INTO mail_outbox (invoice_id, kind, queued_at) VALUES (?, ?, ?) ON DUPLICATE KEY UPDATE mail_outbox.id = mail_outbox.id",
        invoices, kinds, repeated(invoices.size(), to_sql(now)));
}

void OutboxStore::queue(const std::vector<std::int64_t>& invoices, domain::MailKind kind, domain::Instant now)
{
    queue(invoices, repeated(invoices.size(), std::string{domain::to_text(kind)}), now);
}

void OutboxStore::queue(std::int64_t invoice, domain::MailKind kind, domain::Instant now) { queue(std::vector{invoice}, kind, now); }

void OutboxStore::queue_refund(std::int64_t refund, domain::Instant now)
{
    execute(session_,
        "INSERT INTO mail_outbox (refund_id, kind, queued_at) VALUES (?, 'refunded', ?) ON DUPLICATE KEY UPDATE mail_outbox.id = "
        "mail_outbox.id",
        refund, to_sql(now));
}

std::uint64_t OutboxStore::queue_expiring_cards(domain::Date today, domain::Date after, domain::Instant now)
{
    return execute(session_,
        "INSERT IGNORE INTO mail_outbox (method_id, expiry, kind, queued_at)"
        " SELECT p.id, CONCAT(p.exp_year, '-', LPAD(p.exp_month, 2, '0')), 'card_expiring', ? FROM payment_methods p"
        " WHERE p.exp_year BETWEEN YEAR(?) AND YEAR(?) AND p.exp_month BETWEEN 1 AND 12"
        " AND LAST_DAY(CONCAT(p.exp_year, '-', p.exp_month, '-01')) BETWEEN ? AND ?"
        " AND p.type = 'card' AND p.status = 'active' AND p.default_of IS NOT NULL ORDER BY p.id",
        to_sql(now), to_sql(today), to_sql(after), to_sql(today), to_sql(after));
}

std::vector<TakenMail> OutboxStore::take(const std::string& owner, std::chrono::seconds lease, int limit)
{
    const auto rows = select<std::int64_t, std::string, std::string, int, int, std::string>(session_,
        "SELECT id, uuid, kind, attempts, unknowns, CAST(queued_at AS CHAR) FROM mail_outbox WHERE state = 'queued' AND next_at <= NOW(6)"
        " ORDER BY next_at LIMIT ? FOR UPDATE SKIP LOCKED",
        limit);
    std::vector<TakenMail> mails;
    std::vector<std::int64_t> ids;
    for (const auto& [id, uuid, kind, attempts, unknowns, queued_at] : rows) {
        mails.push_back({id, uuid_of(uuid), kind, attempts + 1, unknowns, instant_of(queued_at)});
        ids.push_back(id);
    }
    execute_bulk(session_,
        "UPDATE mail_outbox SET state = 'sending', attempts = attempts + 1, taken_by = ?, taken_until = NOW(6) + INTERVAL ? SECOND,"
        " tried_at = NULL WHERE id = ?",
        repeated(ids.size(), owner), repeated(ids.size(), std::int64_t{lease.count()}), ids);
    return mails;
}

int OutboxStore::tried_in_last_minute()
{
    const auto row = select_first<int>(session_, "SELECT COUNT(*) FROM mail_outbox WHERE tried_at > NOW(6) - INTERVAL 60 SECOND");
    return std::get<0>(row.value());
}

bool OutboxStore::begin(const TakenMail& mail, const std::string& owner, const std::string& address)
{
    return execute(session_,
               "UPDATE mail_outbox SET tried_at = NOW(6), sent_to = ? WHERE id = ? AND state = 'sending' AND taken_by = ? AND attempts = ?",
               address, mail.id, owner, mail.attempts)
        == 1;
}

void OutboxStore::finish(const TakenMail& mail, const std::string& owner, domain::MailState state, const std::string& error)
{
    execute(session_,
        "UPDATE mail_outbox SET state = ?, error = ?, finished_at = NOW(6), taken_by = NULL, taken_until = NULL"
        " WHERE id = ? AND state = 'sending' AND taken_by = ? AND attempts = ?",
        domain::to_text(state), short_error(error), mail.id, owner, mail.attempts);
}

void OutboxStore::again(
    const TakenMail& mail, const std::string& owner, std::chrono::seconds pause, const std::string& error, bool may_have_arrived)
{
    execute(session_,
        "UPDATE mail_outbox SET state = 'queued', next_at = NOW(6) + INTERVAL ? SECOND, error = ?, unknowns = unknowns + ?, taken_by = "
        "NULL,"
        " taken_until = NULL WHERE id = ? AND state = 'sending' AND taken_by = ? AND attempts = ?",
        std::int64_t{pause.count()}, short_error(error), may_have_arrived ? 1 : 0, mail.id, owner, mail.attempts);
}

void OutboxStore::hand_back(const std::vector<TakenMail>& mails, const std::string& owner, std::chrono::seconds pause)
{
    std::vector<std::int64_t> ids, attempts;
    for (const auto& mail : mails) {
        ids.push_back(mail.id);
        attempts.push_back(mail.attempts);
    }
    execute_bulk(session_,
        "UPDATE mail_outbox SET state = 'queued', next_at = NOW(6) + INTERVAL ? SECOND, attempts = attempts - 1, taken_by = NULL,"
        " taken_until = NULL WHERE id = ? AND state = 'sending' AND taken_by = ? AND attempts = ?",
        repeated(ids.size(), std::int64_t{pause.count()}), ids, repeated(ids.size(), owner), attempts);
}

void OutboxStore::release(const std::string& owner)
{
    execute(session_,
        "UPDATE mail_outbox SET state = 'queued', next_at = NOW(6), unknowns = unknowns + (tried_at IS NOT NULL), taken_by = NULL,"
        " taken_until = NULL WHERE state = 'sending' AND taken_by = ?",
        owner);
}

void OutboxStore::release_expired()
{
    execute(session_,
        "UPDATE mail_outbox SET state = 'queued', next_at = NOW(6), unknowns = unknowns + (tried_at IS NOT NULL), taken_by = NULL,"
        " taken_until = NULL WHERE state = 'sending' AND taken_until <= NOW(6)");
}

std::vector<MailRecord> OutboxStore::page(std::optional<domain::MailState> state, std::optional<std::int64_t> before, int limit)
{
    if (state)
        return records(session_, MAIL_COLUMNS "WHERE o.state = ? AND (? IS NULL OR o.id < ?) ORDER BY o.id DESC LIMIT ?",
            domain::to_text(*state), before, before, limit);
    return records(session_, MAIL_COLUMNS "WHERE ? IS NULL OR o.id < ? ORDER BY o.id DESC LIMIT ?", before, before, limit);
}

std::optional<MailRecord> OutboxStore::by_uuid(const domain::Uuid& uuid)
{
    auto found = records(session_, MAIL_COLUMNS "WHERE o.uuid = ?", uuid);
    return found.empty() ? std::nullopt : std::optional{std::move(found.front())};
}

std::uint64_t OutboxStore::drop_before(domain::Instant instant)
{
    return execute(session_,
        "UPDATE mail_outbox SET state = 'obsolete', error = 'set aside', finished_at = NOW(6) WHERE state = 'queued' AND queued_at < ?",
        to_sql(instant));
}

bool OutboxStore::retry(const domain::Uuid& uuid, domain::MailState from)
{
    return execute(session_,
               "UPDATE mail_outbox SET state = 'queued', attempts = 0, unknowns = 0, next_at = NOW(6), finished_at = NULL"
               " WHERE uuid = ? AND state = ?",
               uuid, domain::to_text(from))
        == 1;
}

} // namespace store

#undef MAIL_COLUMNS
