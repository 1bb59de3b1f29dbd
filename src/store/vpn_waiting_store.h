#pragma once
#include "domain/calendar.h"
#include "domain/order.h"
#include "domain/uuid.h"
#include "store/database.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace store {

/// How many wait, and since when the first of them.
struct VpnQueue {
    std::int64_t orders{0};
    std::optional<domain::Instant> since{};
};

/// Rows of `vpn_waiting`: orders that are to have a prefix when one is free, in the order in which they came. Nobody who comes later may
/// take one while somebody waits.
class VpnWaitingStore {
public:
    explicit VpnWaitingStore(Session& session) : session_{session} {}

    bool is_anybody_waiting();

    /// True if the order waits; it is not served before the transaction ends.
    bool lock(domain::OrderId order);

    /// Puts the order behind all others. The caller has the order's lock, and knows that it does not wait and has no prefix.
    void add(domain::OrderId order, domain::Instant now);

    /// The order is over. When this returns it waits no more: either nobody has served it, or its prefix can be seen.
    void remove(domain::OrderId order);

    /// Gives the prefixes that are free to those who came first. @returns their orders, at most `limit`
    std::vector<domain::Uuid> serve(domain::Instant now, int limit);

    VpnQueue queue();

private:
    Session& session_;
};

} // namespace store
