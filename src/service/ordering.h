#pragma once
#include "domain/invoice_tax.h"
#include "domain/order.h"
#include "domain/provisioning.h"
#include "domain/snapshot.h"
#include "gateway/clock.h"
#include "store/database.h"
#include "store/order_store.h"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace service {

struct PlaceOrder {
    domain::Identity who{};
    std::optional<domain::Uuid> uuid{}; ///< the client's own choice, which makes the request repeatable
    std::string sku{};
    domain::Parameters parameters{};
};

struct PlacedOrder {
    domain::Order order{};
    bool is_new{true};
};

/// How many snapshots a machine may have, and how fast.
struct SnapshotRules {
    int per_machine{10};
    std::chrono::seconds between{60};
};

enum class CancelWhen { now, end_of_term };

/// The key under which a member's one running order of a product stands.
std::string running_key(domain::MemberId member, const std::string& sku);

/// Orders of all products. What takes a session works inside the caller's transaction.
class Ordering {
public:
    Ordering(store::Database& database, gateway::Clock& clock, SnapshotRules snapshots, domain::VatRegistration vat = {})
        : database_{database}, clock_{clock}, snapshots_{snapshots}, vat_{std::move(vat)}
    {
    }

    /// Places the order, or finds the one placed before under the same uuid with the same content. Price and parameters
    /// are frozen on it; the rest is the worker's.
    /// @throws domain::Refusal unknown_product, product_not_sold, membership_required, payment_method_required,
    /// uuid_in_use, order_differs, not_sold_there, and for snapshots not_found, vm_not_ready, snapshot_quota, snapshot_too_soon
    PlacedOrder place(store::Session& session, const PlaceOrder& command);

    /// A machine that has snapshots goes only together with them, as `with_snapshots` says: at once they begin to go now, else with the
    /// term.
    /// @throws domain::Refusal not_found, order_state, still_required, vm_has_snapshots (domain::SnapshotsInTheWay)
    domain::Order cancel(
        store::Session& session, const domain::Identity& who, const domain::Uuid& uuid, CancelWhen when, bool with_snapshots = false);

    /// Changes a machine's parameters from today on, at today's price.
    /// @throws domain::Refusal not_found, order_state, product_not_sold
    domain::Order change(store::Session& session, const domain::Identity& who, const domain::Uuid& uuid, const domain::Parameters& changes);

    std::vector<domain::Order> page(domain::MemberId member, std::optional<std::int64_t> before, int limit);

    struct OrderWithEvents {
        domain::Order order{};
        std::vector<store::OrderEvent> events{};
        std::vector<domain::StepRecord> steps{}; ///< of its machine
    };

    /// @throws domain::Refusal not_found
    OrderWithEvents read(domain::MemberId member, const domain::Uuid& uuid);

private:
    PlacedOrder insert(store::Session& session, const PlaceOrder& command, domain::Order order, const domain::Product& product);
    void request_snapshot(store::Session& session, const domain::Order& order);
    void delete_snapshots(store::Session& session, const domain::Machine& machine);
    void check_snapshot_rules(store::Session& session, domain::Order& order);

    store::Database& database_;
    gateway::Clock& clock_;
    SnapshotRules snapshots_;
    domain::VatRegistration vat_;
};

} // namespace service
