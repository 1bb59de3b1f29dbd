#pragma once
#include "domain/bank_proposal.h"
#include "store/bank_work_store.h"
#include "store/database.h"

#include <vector>

namespace service {

/// A booking with what it may be about.
struct ProposedBooking {
    store::BankBooking booking{};
    domain::BankProposal proposal{}; ///< empty if it is decided, or nothing points to anybody
};

/// Looks for what undecided bookings may be about: numbers in their text, who paid from the account before, names, amounts.
std::vector<ProposedBooking> with_proposals(store::Session& session, std::vector<store::BankBooking> bookings);

} // namespace service
