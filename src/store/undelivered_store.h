#pragma once
#include "domain/calendar.h"
#include "domain/member.h"
#include "domain/money.h"
#include "domain/uuid.h"
#include "store/database.h"

#include <vector>

namespace store {

/// An order that could not be delivered since then, and its place in the row of those. The default comes before all.
struct UndeliveredOrder {
    domain::Uuid order{};
    domain::Instant since{};
    std::int64_t id{0};
};

/// A payment by card for an order, and what of it was credited since.
struct CreditedPayment {
    domain::Uuid payment{};
    std::int64_t number{0};
    domain::MemberId member{};
    domain::Money credited{}; ///< not more than can still be paid back
};

/// What is read of orders that cannot be delivered.
class UndeliveredStore {
public:
    explicit UndeliveredStore(Session& session) : session_{session} {}

    /// Orders that are being made and whose making failed before then, the first first; those that come after `after`.
    std::vector<UndeliveredOrder> failed_since(domain::Instant then, const UndeliveredOrder& after, int limit);

    /// As failed_since(), of those that wait for a prefix.
    std::vector<UndeliveredOrder> waiting_since(domain::Instant then, const UndeliveredOrder& after, int limit);

    /// The payments by card that settled documents on which something of the order was credited.
    std::vector<CreditedPayment> card_payments_of(const domain::Uuid& order);

private:
    Session& session_;
};

} // namespace store
