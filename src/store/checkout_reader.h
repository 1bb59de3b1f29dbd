#pragma once
#include "domain/calendar.h"
#include "domain/member.h"
#include "domain/money.h"
#include "domain/order.h"
#include "domain/payment.h"
#include "store/database.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace store {

/// A purchase as its member reads it.
struct PlacedCheckout {
    std::int64_t id{0};
    std::int64_t cart{0};
    domain::Instant placed_at{};
    domain::Money net{}, vat{}, gross{}; ///< of the first payment
    bool waives_retraction{false};
    bool waits_for_member{false};
};

struct CheckoutLine {
    std::int64_t id{0};
    std::int64_t item{0};
    std::string detail_type{};
    std::string description{};
    int quantity{0};
    domain::Money unit{}, total{};
};

/// One server that was bought, and its order.
struct PlacedServer {
    domain::Uuid order{};
    std::int64_t item{0};
    int unit{0};
    domain::OrderStatus status{};
    std::optional<std::string> name{}; ///< once delivered
};

/// A document on which something of a purchase was charged.
struct CheckoutDocument {
    std::int64_t invoice{0};
    std::string number{};
    domain::Instant issued_at{};
    domain::Money open{};
};

/// A change of one of a purchase's orders.
struct CheckoutEvent {
    domain::Instant at{};
    domain::OrderStatus to{};
    bool changes_status{false};
    std::string reason{};
};

/// A try to charge a card for a document.
struct CheckoutCharge {
    domain::Instant planned_at{};
    std::optional<domain::Instant> finished_at{};
    std::string state{};
};

/// How a document was paid: the piece of money that settled the last of it.
struct DocumentPayment {
    domain::Uuid uuid{};
    domain::PaymentMeans means{};
    domain::Instant received_at{};
};

/// What members read of what they bought. Another one's purchases are not there at all.
class CheckoutReader {
public:
    explicit CheckoutReader(Session& session) : session_{session} {}

    /// Numbers of the member's purchases placed from..to (both included), by number.
    std::vector<std::int64_t> placed(
        domain::MemberId member, const std::optional<domain::Instant>& from, const std::optional<domain::Instant>& to);

    std::optional<PlacedCheckout> read(domain::MemberId member, std::int64_t checkout);

    /// As they stand on the purchase.
    std::vector<CheckoutLine> lines_of(std::int64_t checkout, domain::Currency currency);

    /// By item and unit.
    std::vector<PlacedServer> servers_of(std::int64_t checkout);

    /// Those that the document has lines for, of whatever purchases.
    std::vector<PlacedServer> servers_on(std::int64_t invoice);

    /// The oldest first: that is the one with the first payment.
    std::vector<CheckoutDocument> documents_of(std::int64_t checkout);

    /// Of all its orders, the oldest first.
    std::vector<CheckoutEvent> events_of(std::int64_t checkout);

    /// The oldest first.
    std::vector<CheckoutCharge> charges_of(std::int64_t invoice);

    /// nullopt if no money came in for it.
    std::optional<DocumentPayment> payment_of(std::int64_t invoice);

    /// The member waives the right of withdrawal.
    void waive_retraction(std::int64_t checkout);

private:
    Session& session_;
};

} // namespace store
