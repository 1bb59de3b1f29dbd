#include "store/refund_store.h"

#include "store/sql.h"
#include "store/statement.h"

#include <stdexcept>

#define REFUND_COLUMNS                                                                                                                     \
    "SELECT r.id, r.uuid, r.reference, r.member_id, r.payment_id, p.source, r.means, r.currency, r.amount_minor, r.reason, r.state,"       \
    " r.gateway_id, (SELECT c.intent_id FROM charges c WHERE c.invoice_id = p.invoice_id AND CONCAT('charge:', c.charge_id) = p.source"    \
    " LIMIT 1), r.failure, r.payee_name, r.payee_iban, CAST(r.requested_at AS CHAR)"                                                       \
    " FROM refunds r JOIN payments p ON p.id = r.payment_id "

namespace store {
namespace {

using Text = std::optional<std::string>;

RefundStatus status_from(const std::string& text)
{
    using enum RefundStatus;
    for (const auto status : {requested, asked, pending, succeeded, failed})
        if (to_text(status) == text) return status;
    throw std::domain_error{"no such status of a refund"};
}

template <class... Args> std::vector<RefundRecord> refunds(Session& session, const char* sql, const Args&... args)
{
    std::vector<RefundRecord> found;
    const auto rows = select<std::int64_t, std::string, std::string, std::int64_t, std::int64_t, std::string, std::string, std::string,
        std::int64_t, std::string, std::string, Text, Text, std::string, std::string, std::string, std::string>(session, sql, args...);
    for (const auto& [id, uuid, reference, member, payment, source, means, currency, amount, reason, status, gateway_id, intent, failure,
             name, iban, requested_at] : rows)
        found.push_back({.id = id,
            .uuid = uuid_of(uuid),
            .reference = reference,
            .member = domain::MemberId{member},
            .payment = payment,
            .payment_source = source,
            .means = domain::payment_means_from(means),
            .amount = money_of(amount, currency),
            .reason = reason,
            .status = status_from(status),
            .gateway_id = gateway_id.value_or(""),
            .intent = intent.value_or(""),
            .failure = failure,
            .payee_name = name,
            .payee_iban = iban,
            .requested_at = instant_of(requested_at)});
    return found;
}

std::optional<RefundRecord> first(std::vector<RefundRecord> found)
{
    return found.empty() ? std::nullopt : std::optional{std::move(found.front())};
}

} // namespace

std::string_view to_text(RefundStatus status)
{
    switch (status) {
    case RefundStatus::requested: return "requested";
    case RefundStatus::asked: return "asked";
    case RefundStatus::pending: return "pending";
    case RefundStatus::succeeded: return "succeeded";
    case RefundStatus::failed: return "failed";
    }
    throw std::domain_error{"no such status of a refund"};
}

bool RefundStore::add(const RefundRecord& refund, const std::string& actor)
{
    return unless_duplicate([&] {
        execute(session_,
            "INSERT INTO refunds (uuid, reference, member_id, payment_id, means, currency, amount_minor, reason, payee_name, payee_iban,"
            " requested_at, requested_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            refund.uuid, refund.reference, static_cast<std::int64_t>(refund.member), refund.payment, domain::to_text(refund.means),
            domain::to_text(refund.amount.currency), refund.amount.minor, refund.reason, refund.payee_name, refund.payee_iban,
            to_sql(refund.requested_at), actor);
    });
}

std::optional<RefundRecord> RefundStore::by_uuid(const domain::Uuid& uuid)
{
    return first(refunds(session_, REFUND_COLUMNS "WHERE r.uuid = ?", uuid));
}

std::optional<RefundRecord> RefundStore::lock(const domain::Uuid& uuid)
{
    select_first<std::int64_t>(session_, "SELECT id FROM refunds WHERE uuid = ? FOR UPDATE", uuid);
    return by_uuid(uuid);
}

std::optional<RefundRecord> RefundStore::by_reference(const std::string& reference)
{
    return first(refunds(session_, REFUND_COLUMNS "WHERE r.reference = ?", reference));
}

std::vector<RefundRecord> RefundStore::of_status(domain::PaymentMeans means, RefundStatus status, int limit)
{
    return refunds(
        session_, REFUND_COLUMNS "WHERE r.means = ? AND r.state = ? ORDER BY r.id LIMIT ?", domain::to_text(means), to_text(status), limit);
}

std::vector<RefundRecord> RefundStore::newest(int limit) { return refunds(session_, REFUND_COLUMNS "ORDER BY r.id DESC LIMIT ?", limit); }

bool RefundStore::begin(std::int64_t id)
{
    return execute(session_, "UPDATE refunds SET state = 'asked' WHERE id = ? AND state = 'requested'", id) == 1;
}

void RefundStore::record(
    std::int64_t id, RefundStatus status, const std::string& gateway_id, const std::string& failure, domain::Instant now)
{
    execute(session_,
        "UPDATE refunds SET state = ?, gateway_id = IF(? = '', gateway_id, ?), failure = ?,"
        " finished_at = IF(? IN ('succeeded', 'failed'), ?, NULL) WHERE id = ?",
        to_text(status), gateway_id, gateway_id, failure, to_text(status), to_sql(now), id);
}

} // namespace store

#undef REFUND_COLUMNS
