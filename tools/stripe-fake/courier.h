#pragma once
#include "deliveries.h"
#include "gateway/clock.h"
#include "store/database.h"

#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

namespace stripe_fake {

/// Delivers events to the registered endpoints, signed as Stripe does, by threads of its own. Several programs may do so
/// on one database: each delivery is claimed before it is made. Several are under way at once, so as with Stripe the
/// order is none to rely on.
class Courier {
public:
    Courier(store::Database& database, const gateway::Clock& clock);
    ~Courier(); ///< waits for the deliveries under way
    Courier(const Courier&) = delete;
    Courier& operator=(const Courier&) = delete;

    /// There may be something to deliver now.
    void wake();

private:
    void work(bool watches);
    bool deliver_one();
    int send(const Delivery& delivery);
    void rest(bool watches);

    store::Database& database_;
    const gateway::Clock& clock_;
    std::mutex mutex_{};
    std::condition_variable woken_{};
    std::uint64_t calls_{0}; ///< of wake()
    bool stopping_{false};
    std::vector<std::jthread> threads_{};
};

} // namespace stripe_fake
