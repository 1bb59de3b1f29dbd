#pragma once
#include "domain/invoice_tax.h"
#include "domain/plan.h"
#include "domain/vat_rates.h"
#include "gateway/clock.h"
#include "store/database.h"

#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace service {

/// What can be ordered in a currency on a day.
struct PlanListing {
    domain::Date day{};
    domain::Currency currency{};
    std::vector<domain::Plan> servers{}; ///< in the order in which they were entered
    std::vector<domain::Plan> options{}; ///< likewise
    std::map<std::string, const domain::Plan*, std::less<>> by_code{};
    std::map<std::pair<std::string, std::string>, int> free{}; ///< servers of our stock, by plan and datacenter
    bool racks_by_itself{false};                               ///< what is wanted is set up; a sandbox's
    domain::VatRates rates{};
    bool in_oss{false}; ///< we are registered in the EU's One-Stop-Shop

    /// nullptr if it is not offered.
    const domain::Plan* server(std::string_view code) const;
    const domain::Plan* option(std::string_view code) const;

    enum class Stock { unknown, none, few, many, to_be_racked };

    /// What is left of a server in a datacenter; of a supplier's that is not known.
    Stock stock(const domain::Plan& server, const std::string& datacenter) const;

    /// The day as a number, 20261129: what names a catalogue.
    int number() const;

    /// The tax that a consumer of the country pays on top.
    domain::VatRate consumer_rate(std::string_view country) const;
};

/// The plans of servers and options, as catalogues show them. Carts read them for themselves.
class Plans {
public:
    Plans(store::Database& database, gateway::Clock& clock, domain::VatRegistration vat = {}, bool racks_by_itself = false)
        : database_{database}, clock_{clock}, vat_{std::move(vat)}, racks_by_itself_{racks_by_itself}
    {
    }

    /// Read from the database at most once a second: what changes is seen in catalogues within that time.
    std::shared_ptr<const PlanListing> offered(domain::Currency currency);

private:
    using SteadyClock = std::chrono::steady_clock;
    struct Kept {
        std::shared_ptr<const PlanListing> listing{};
        SteadyClock::time_point read_at{};
    };

    store::Database& database_;
    gateway::Clock& clock_;
    domain::VatRegistration vat_;
    bool racks_by_itself_;
    std::mutex mutex_;
    Kept kept_[domain::currency_count]; // by currency
};

} // namespace service
