#pragma once
#include "domain/member.h"
#include "domain/vat_treatment.h"
#include "store/database.h"

#include <optional>

namespace store {

/// What decides whether a member may order.
struct Standing {
    domain::Currency currency{};
    bool has_payment_method{false};
    bool pays_by_card{false}; ///< its default way to pay is a card
    bool has_membership{false};
    domain::VatCustomer customer{};
};

/// Reads a member's standing in one statement.
class StandingStore {
public:
    explicit StandingStore(Session& session) : session_{session} {}

    /// nullopt if there is no such member.
    std::optional<Standing> of(domain::MemberId member);

private:
    Session& session_;
};

} // namespace store
