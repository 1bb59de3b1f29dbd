#pragma once
#include "domain/call_fault.h"
#include "domain/uuid.h"
#include "store/database.h"

#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <vector>

namespace service {

/// What befalls the delivery of an order.
struct DeliveryWhims {
    std::chrono::seconds delay{0};
    bool cancels{false};
};

/// The faults of a sandbox. They stand in the database, so that all programs of a stack have the same. Which of the calls they strike
/// is decided by their seed and the number of the call, as each program counts them.
class CallFaults {
public:
    explicit CallFaults(store::Database& database) : database_{database} {}

    std::vector<domain::CallFault> all();
    void add(const domain::CallFault& fault);
    void clear();

    /// The fault that strikes a call; `path` as the API tells it, "/order/cart". Another program's change is known after a moment.
    std::optional<domain::CallFault> of_call(const std::string& method, const std::string& path);

    DeliveryWhims of_delivery(const domain::Uuid& order);

private:
    std::vector<domain::CallFault> known();
    std::uint64_t count_call(std::int64_t fault);

    store::Database& database_;
    std::mutex mutex_{};
    std::vector<domain::CallFault> known_{};
    std::chrono::steady_clock::time_point known_until_{};
    std::map<std::int64_t, std::uint64_t> met_{}; ///< how many calls of this program met a fault
};

} // namespace service
