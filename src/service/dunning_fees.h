#pragma once
#include "gateway/clock.h"
#include "store/collection_store.h"
#include "store/database.h"

#include <vector>

namespace service {

/// Bills the fees of reminders, each on a document of its own that names what was not paid. No tax: it is damages, not a supply.
class DunningFees {
public:
    /// `payment_days`: how many days the fee gives.
    DunningFees(gateway::Clock& clock, int payment_days) : clock_{clock}, payment_days_{payment_days} {}

    /// Issues a document for each reminder that has a fee, and notes it on the reminder. To be the last that a transaction does, as
    /// it takes numbers. @throws store::Conflict if somebody else bills a fee of the same orders: the transaction is repeated
    void issue(store::Session& session, std::vector<store::Notice>& notices);

private:
    gateway::Clock& clock_;
    int payment_days_{30};
};

} // namespace service
