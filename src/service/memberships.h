#pragma once
#include "domain/order.h"
#include "service/ordering.h"
#include "store/database.h"

#include <optional>

namespace service {

/// The membership is an order of the product "membership", at most one running per member.
class Memberships {
public:
    Memberships(store::Database& database, Ordering& ordering) : database_{database}, ordering_{ordering} {}

    /// @throws domain::Refusal not_found if the member has none
    domain::Order read(domain::MemberId member);

    /// Joins, or finds that the member has. @throws domain::Refusal payment_method_required
    PlacedOrder join(store::Session& session, const domain::Identity& who);

private:
    store::Database& database_;
    Ordering& ordering_;
};

} // namespace service
