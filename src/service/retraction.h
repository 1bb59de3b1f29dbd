#pragma once
#include "domain/member.h"
#include "gateway/clock.h"
#include "service/corrections.h"
#include "service/ordering.h"
#include "store/database.h"

#include <cstdint>
#include <string>

namespace service {

/// The right of withdrawal from purchases made through carts.
class Retraction {
public:
    Retraction(store::Database& database, gateway::Clock& clock, Ordering& ordering, Corrections& corrections)
        : database_{database}, clock_{clock}, ordering_{ordering}, corrections_{corrections}
    {
    }

    /// The member withdraws: all orders end now. What was never delivered is credited in whole; of a delivered server the days that are
    /// left are, as its buyer wanted it at once (Directive 2011/83/EU, Art. 14(3)). Asked for twice it is done once. `why` is kept with the
    /// orders.
    /// @throws domain::Refusal not_found; order_state: there is no such right, or not any more, or a payment is under way
    void withdraw(const domain::Identity& who, std::int64_t checkout, const std::string& why);

    /// The member gives the right up. @throws domain::Refusal not_found
    void waive(domain::MemberId member, std::int64_t checkout);

private:
    store::Database& database_;
    gateway::Clock& clock_;
    Ordering& ordering_;
    Corrections& corrections_;
};

} // namespace service
