#pragma once
#include "gateway/clock.h"
#include "store/database.h"

#include <functional>
#include <string>
#include <thread>

namespace stripe_fake {

/// Brings about the late outcomes that become due, by a thread of its own. Several programs may do so on one database.
class BankReports {
public:
    /// `told` is called whenever there may be something to deliver.
    BankReports(store::Database& database, const gateway::Clock& clock, std::string secret, std::function<void()> told);

private:
    void work(const std::stop_token& stop);
    bool bring_about_one();

    store::Database& database_;
    const gateway::Clock& clock_;
    std::string secret_;
    std::function<void()> told_;
    std::jthread thread_;
};

} // namespace stripe_fake
