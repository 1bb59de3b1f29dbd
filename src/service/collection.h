#pragma once
#include "domain/collection.h"
#include "gateway/clock.h"
#include "service/charging.h"
#include "service/dunning_fees.h"
#include "store/database.h"

#include <atomic>

namespace service {

/// Looks after documents that are not paid: charges cards, reminds, suspends.
class Collection {
public:
    Collection(store::Database& database, gateway::Clock& clock, Charging& charging, domain::CollectionRules rules)
        : database_{database}, clock_{clock}, charging_{charging}, rules_{std::move(rules)}, fees_{clock, rules_.payment_days}
    {
    }

    /// Does what has become due, until nothing is or it shall stop. Returns the number of documents looked at.
    std::size_t work(const std::atomic<bool>& stop);

private:
    std::size_t attend_some(domain::Day today);
    void give_up_waiting();
    void reinstate_settled();

    store::Database& database_;
    gateway::Clock& clock_;
    Charging& charging_;
    domain::CollectionRules rules_;
    DunningFees fees_;
};

} // namespace service
