#pragma once
#include "domain/supply.h"
#include "store/database.h"

#include <optional>
#include <string>
#include <vector>

namespace store {

/// What the delivery of an ordered server needs to know of it.
struct ServerToSupply {
    domain::OrderId order{};
    std::string plan{};
    std::string supplier{};   ///< who delivers the plan; empty: our own stock
    std::string datacenter{}; ///< empty: wherever
    std::optional<std::string> server_name{};
    domain::Instant wanted_since{}; ///< when the delivery was begun
};

/// A supply as operators see it.
struct SupplyRecord {
    domain::Supply supply{};
    std::string username{};
    std::string plan{};
    std::string order_status{};
};

/// Rows of `supplies`, and what server_orders and plans tell about them.
class SupplyStore {
public:
    explicit SupplyStore(Session& session) : session_{session} {}

    /// nullopt if the order is not for a server.
    std::optional<ServerToSupply> server(domain::OrderId order);

    void name_server(domain::OrderId order, const std::string& name);

    /// Opens the journal of an order, once.
    void add(domain::OrderId order, const std::string& supplier, domain::Instant now);

    std::optional<domain::Supply> of(const domain::Uuid& order);

    /// Writes the journal as it shall be. Returns false if it is not as it was read any more, or if the supplier's order is
    /// another supply's: then nothing was written.
    bool save(domain::Supply& supply, domain::Instant now);

    /// What is to be ordered, in the supplier's words.
    domain::ServerWish wish(domain::OrderId order);

    /// What we reckoned that the supplier takes first, setup and first period without tax, in the prices of the order's day;
    /// nullopt if that is not known of each part.
    std::optional<domain::Money> cost(domain::OrderId order);

    /// Those of the supplier's orders that belong to a supply.
    std::vector<std::int64_t> claimed(const std::string& supplier, const std::vector<std::int64_t>& orders);

    /// Supplies that look for an order of the same plan, options and configuration, this one included.
    std::size_t unresolved_alike(const domain::Supply& supply);

    /// The newest first; `step` empty: all; `held`: only those that wait for a person.
    std::vector<SupplyRecord> list(const std::string& step, bool held, int limit);

private:
    Session& session_;
};

} // namespace store
