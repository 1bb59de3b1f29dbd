#pragma once
#include "domain/order.h"
#include "store/database.h"

#include <optional>
#include <string>
#include <vector>

namespace store {

struct OrderEvent {
    domain::Instant at{};
    std::string actor{};
    std::optional<std::string> from_status{}; ///< none: the order was placed
    std::string to_status{};
    std::string reason{};
};

/// An order that waits for its first payment, and its place in the row of those. The default comes before all.
struct UnpaidOrder {
    domain::Uuid uuid{};
    domain::Instant placed_at{};
    std::int64_t id{0};
};

/// Rows of `orders` and of their history. A member's orders are found by the member and the uuid together, so another
/// one's are not there at all.
class OrderStore {
public:
    explicit OrderStore(Session& session) : session_{session} {}

    /// Adds the order with its first event, "placed". `running_key` is set for a product of which a member holds at most
    /// one. Returns nullopt if the uuid is taken, or the member has a running order of such a product.
    std::optional<domain::OrderId> add(const domain::Order& order, const std::optional<std::string>& running_key, const std::string& actor);

    /// Adds orders of servers, in bulk, each with its first event; they are due for billing at once. Their parameters are the plan alone.
    /// @throws DatabaseError if a uuid is taken
    void add(const std::vector<domain::Order>& orders, const std::string& actor);

    std::optional<domain::Order> by_uuid(domain::MemberId member, const domain::Uuid& uuid);

    /// For the worker, whose orders are everybody's.
    std::optional<domain::Order> by_uuid(const domain::Uuid& uuid);

    /// As by_uuid, and nobody else can change the order until the transaction ends.
    std::optional<domain::Order> lock(domain::MemberId member, const domain::Uuid& uuid);

    /// For the worker and operators, whose orders are everybody's.
    std::optional<domain::Order> lock(const domain::Uuid& uuid);

    /// The newest commit's running order under the key, also one that this transaction began too early to see.
    std::optional<domain::Order> running(const std::string& running_key);

    /// A member's orders, newest first.
    std::vector<domain::Order> page(domain::MemberId member, std::optional<std::int64_t> before, int limit);

    /// True if the member has an active order of a product with the tag.
    bool has_active_tag(domain::MemberId member, const std::string& tag);

    bool has_running(domain::MemberId member);

    /// True if the member has a running order of a product that requires a membership and does not end by that day.
    bool needs_membership(domain::MemberId member, domain::Date until);

    /// Compare-and-set with its event. Returns false if the order was no longer in `from`.
    bool change_status(
        const domain::Order& order, domain::OrderStatus to, const std::string& actor, const std::string& reason, domain::Instant now);

    /// Sets the first day no longer supplied, with an event that leaves the status as it is. The order is due for billing
    /// from `today` on, when this becomes known.
    void set_end(const domain::Order& order, domain::Date ends_on, domain::Date today, const std::string& actor, const std::string& reason,
        domain::Instant now);

    /// Keeps what `before` was, valid until `on`, and writes what `after` is. The order is due for billing from `on` on.
    void change(const domain::Order& before, const domain::Order& after, domain::Date on, const std::string& actor, domain::Instant now);

    /// Writes down for what size and at what price an order is supplied that was never billed yet.
    void fit(const domain::Order& order);

    std::vector<OrderEvent> events_of(domain::OrderId order);

    /// Writes an event that leaves the status as it is, unless the newest one says the same.
    void note(const domain::Order& order, const std::string& actor, const std::string& reason, domain::Instant now);

    /// The member's orders that are not supplied yet, but for snapshots, which follow their own way.
    std::vector<domain::Uuid> waiting_of(domain::MemberId member);

    /// Orders that have waited for their first payment since before then, the oldest first; those that come after `after`.
    std::vector<UnpaidOrder> unpaid_since(domain::Instant then, const UnpaidOrder& after, int limit);

    /// The numbers of the documents on which something of what the order was charged is left to credit.
    std::vector<std::string> charged_on(domain::OrderId order);

    /// Documents with lines of the order of which something is open.
    std::vector<std::int64_t> open_documents(domain::OrderId order);

    /// Orders that end on or before the day and still run.
    std::vector<domain::Uuid> ending_by(domain::Date day, int limit);

private:
    void add_event(domain::OrderId order, const std::string& actor, const std::optional<std::string>& from, std::string_view to,
        const std::string& reason, domain::Instant now);

    Session& session_;
};

} // namespace store
