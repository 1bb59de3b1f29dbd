#pragma once
#include "domain/cart.h"
#include "domain/checkout_status.h"
#include "gateway/clock.h"
#include "store/checkout_reader.h"
#include "store/database.h"

#include <optional>
#include <string>
#include <vector>

namespace service {

/// A purchase with all that its member may know of it.
struct CheckoutView {
    store::PlacedCheckout checkout{};
    std::vector<store::CheckoutLine> lines{};
    domain::CartContent content{}; ///< what was bought
    std::vector<store::PlacedServer> servers{};
    std::vector<store::CheckoutDocument> documents{}; ///< the oldest first: with the first payment
    domain::CheckoutStatus status{};
    std::optional<domain::Instant> retraction_until{}; ///< nullopt: there is no right of withdrawal

    const store::CheckoutLine* line(std::int64_t id) const;

    /// The servers that a line is for, be it of the server or of one of its options.
    std::vector<store::PlacedServer> servers_of(const store::CheckoutLine& line) const;

    /// The names of what was delivered for a line, else a placeholder: "*001".
    std::string domain_of(const store::CheckoutLine& line) const;
};

/// What members read of the purchases they made through carts.
class CheckoutHistory {
public:
    explicit CheckoutHistory(store::Database& database) : database_{database} {}

    /// Numbers of the purchases placed from..to, both included.
    std::vector<std::int64_t> placed(
        domain::MemberId member, const std::optional<domain::Instant>& from, const std::optional<domain::Instant>& to);

    /// nullopt if the member made no such purchase.
    std::optional<CheckoutView> view(domain::MemberId member, std::int64_t checkout);

    /// The same inside a transaction of the caller's.
    static std::optional<CheckoutView> view(store::Session& session, domain::MemberId member, std::int64_t checkout);

    struct Progress {
        std::vector<store::CheckoutEvent> events{};
        std::vector<store::CheckoutCharge> charges{}; ///< for the first document
        std::optional<store::DocumentPayment> payment{};
    };

    /// What happened to a purchase of the member's.
    Progress progress(const CheckoutView& view);

    /// How its first document was paid; nullopt: no money came in for it.
    std::optional<store::DocumentPayment> payment(std::int64_t invoice);

private:
    store::Database& database_;
};

} // namespace service
