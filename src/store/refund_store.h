#pragma once
#include "domain/member.h"
#include "domain/money.h"
#include "domain/payment.h"
#include "store/database.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace store {

enum class RefundStatus { requested, asked, pending, succeeded, failed };

std::string_view to_text(RefundStatus status);

/// Credit on its way back to where it came from.
struct RefundRecord {
    std::int64_t id{0};
    domain::Uuid uuid{};
    std::string reference{};
    domain::MemberId member{};
    std::int64_t payment{0};
    std::string payment_source{};
    domain::PaymentMeans means{};
    domain::Money amount{};
    std::string reason{};
    RefundStatus status{RefundStatus::requested};
    std::string gateway_id{}, intent{}, failure{};
    std::string payee_name{}, payee_iban{};
    domain::Instant requested_at{};
};

/// Rows of `refunds`.
class RefundStore {
public:
    explicit RefundStore(Session& session) : session_{session} {}

    /// Returns false if the reference was used before.
    bool add(const RefundRecord& refund, const std::string& actor);

    std::optional<RefundRecord> by_uuid(const domain::Uuid& uuid);
    std::optional<RefundRecord> lock(const domain::Uuid& uuid);
    std::optional<RefundRecord> by_reference(const std::string& reference);

    /// The refunds of a means in a state, oldest first.
    std::vector<RefundRecord> of_status(domain::PaymentMeans means, RefundStatus status, int limit);

    /// The newest first.
    std::vector<RefundRecord> newest(int limit);

    /// From now on the gateway, or the bank, may know of it. Returns false if it is not `requested` any more.
    bool begin(std::int64_t id);

    void record(std::int64_t id, RefundStatus status, const std::string& gateway_id, const std::string& failure, domain::Instant now);

private:
    Session& session_;
};

} // namespace store
