#include "store/dispute_store.h"

#include "store/sql.h"
#include "store/statement.h"

namespace store {

std::optional<DisputeRecord> DisputeStore::lock(const std::string& gateway_id)
{
    const auto row =
        select_first<std::int64_t, std::string, std::int64_t, std::string, std::string, std::string, bool, std::int64_t>(session_,
            "SELECT payment_id, currency, amount_minor, reason, state, outcome, withdrawn, fee_minor FROM disputes WHERE gateway_id = ? "
            "FOR UPDATE",
            gateway_id);
    if (!row) return std::nullopt;
    const auto& [payment, currency, amount, reason, state, outcome, withdrawn, fees] = *row;
    return DisputeRecord{gateway_id, payment, money_of(amount, currency), reason, state, outcome, withdrawn, fees};
}

bool DisputeStore::holds(std::int64_t payment)
{
    return select_first<std::string>(session_,
        "SELECT gateway_id FROM disputes WHERE payment_id = ? AND withdrawn AND outcome IN ('open', 'lost') LIMIT 1 LOCK IN SHARE MODE",
        payment)
        .has_value();
}

void DisputeStore::add(const DisputeRecord& dispute, domain::Instant now)
{
    const bool added = unless_duplicate([&] {
        execute(session_,
            "INSERT INTO disputes (gateway_id, payment_id, currency, amount_minor, reason, state, outcome, withdrawn, opened_at, "
            "changed_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            dispute.gateway_id, dispute.payment, domain::to_text(dispute.amount.currency), dispute.amount.minor, dispute.reason,
            dispute.state, dispute.outcome, dispute.withdrawn ? 1 : 0, to_sql(now), to_sql(now));
    });
    if (!added) throw Conflict{"the dispute was written down meanwhile"};
}

void DisputeStore::change(const DisputeRecord& dispute, domain::Instant now)
{
    execute(session_, "UPDATE disputes SET state = ?, outcome = ?, withdrawn = ?, fee_minor = ?, changed_at = ? WHERE gateway_id = ?",
        dispute.state, dispute.outcome, dispute.withdrawn ? 1 : 0, dispute.fees, to_sql(now), dispute.gateway_id);
}

} // namespace store
