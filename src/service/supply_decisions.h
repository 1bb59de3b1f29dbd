#pragma once
#include "domain/supply.h"
#include "gateway/clock.h"
#include "service/corrections.h"
#include "store/database.h"

#include <cstdint>
#include <string>

namespace service {

/// What a person decides about supplies that are held. Each decision leaves a row in the audit log.
class SupplyDecisions {
public:
    SupplyDecisions(store::Database& database, gateway::Clock& clock, Corrections& corrections)
        : database_{database}, clock_{clock}, corrections_{corrections}
    {
    }

    /// Lets it go on from where it stands. @throws domain::Refusal not_found, order_state if it is not held
    void retry(const domain::Uuid& order, bool accept_price, const std::string& actor);

    /// The cart was bought as the supplier's order of that number. @throws domain::Refusal not_found, order_state, reference_in_use if
    /// the order is another supply's
    void settle(const domain::Uuid& order, std::int64_t supplier_order, const std::string& actor);

    /// Nothing was bought, or it was cancelled at the supplier: the member's order is cancelled and credited.
    /// @throws domain::Refusal not_found, order_state
    void give_up(const domain::Uuid& order, const std::string& actor);

private:
    domain::Supply held(store::Session& session, const domain::Uuid& order);
    void write(store::Session& session, domain::Supply& supply, const std::string& action, const std::string& actor);

    store::Database& database_;
    gateway::Clock& clock_;
    Corrections& corrections_;
};

} // namespace service
