#pragma once
#include "domain/machine.h"
#include "store/database.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace store {

/// A machine and its place in lists.
struct ListedMachine {
    std::int64_t position{0};
    domain::Machine machine{};
};

/// Rows of `machines`, with the parameters of their orders.
class MachineStore {
public:
    explicit MachineStore(Session& session) : session_{session} {}

    /// Adds the machine of an order. Returns false if the order has one.
    bool add(const domain::Machine& machine, domain::Instant now);

    /// Machines of the member that are not deleted, newest first.
    std::vector<ListedMachine> page(domain::MemberId member, std::optional<std::int64_t> before, int limit);

    std::optional<domain::Machine> by_uuid(domain::MemberId member, const domain::Uuid& uuid);

    /// As by_uuid; competitors wait.
    std::optional<domain::Machine> lock(domain::MemberId member, const domain::Uuid& uuid);

    /// For the worker, whose machines are everybody's.
    std::optional<domain::Machine> by_uuid(const domain::Uuid& uuid);
    std::optional<domain::Machine> lock(const domain::Uuid& uuid);
    std::optional<domain::Machine> of_order(domain::OrderId order);

    bool is_running(const domain::Uuid& uuid);

private:
    Session& session_;
};

} // namespace store
