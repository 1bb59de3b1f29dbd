#pragma once
#include "domain/calendar.h"
#include "domain/order.h"
#include "store/database.h"

#include <optional>
#include <string>
#include <vector>

namespace store {

/// A server of our own stock, as operators see it.
struct ServerRecord {
    std::string name{};
    std::string plan{};
    std::string datacenter{};
    std::string state{}; ///< free, in_use, to_wipe, retired
    std::optional<std::string> order{};
    std::optional<std::string> username{};
};

/// Rows of `servers`. Whose a server is is decided by the UNIQUE key on its order.
class ServerStore {
public:
    explicit ServerStore(Session& session) : session_{session} {}

    /// Adds a free server. Returns false if the name is taken.
    bool add(const std::string& name, const std::string& plan, const std::string& datacenter, domain::Instant now);

    /// The same under a name that is made up: for a sandbox.
    std::string rack(const std::string& plan, const std::string& datacenter, domain::Instant now);

    /// Gives the order a free server of the plan, the one that was added first; `datacenter` empty: wherever it stands.
    /// Returns the name of the server that the order has, be it from before; nullopt if none is free.
    std::optional<std::string> take(domain::OrderId order, const std::string& plan, const std::string& datacenter, domain::Instant now);

    /// The order's server is to be wiped, and nobody's any more.
    void give_back(domain::OrderId order, domain::Instant now);

    /// Makes what is to be wiped free. Returns false if there is no such server that is.
    bool wiped(const std::string& name, domain::Instant now);

    /// The same for all of a plan.
    void wipe_all(const std::string& plan, domain::Instant now);

    /// Takes a server that nobody has out of the stock. Returns false if there is none of the name that nobody has.
    bool retire(const std::string& name, domain::Instant now);

    /// By plan and name; `state` empty: all but the retired ones.
    std::vector<ServerRecord> list(const std::string& state);

private:
    std::optional<std::string> of(domain::OrderId order);

    Session& session_;
};

} // namespace store
