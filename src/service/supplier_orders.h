#pragma once
#include "gateway/clock.h"
#include "gateway/supplier.h"
#include "service/corrections.h"
#include "service/job_report.h"
#include "store/database.h"
#include "store/supply_store.h"

#include <chrono>
#include <optional>
#include <string>

namespace service {

struct SupplierRules {
    std::string name{}; ///< as plans name their supplier
    std::chrono::milliseconds first_pause{10'000};
    std::chrono::milliseconds longest_pause{600'000};
    int tolerance_permille{0};            ///< by which the supplier's price may exceed the cost that we reckoned with
    std::chrono::seconds longest_run{60}; ///< of one go, so that it stays within the lease of its job
};

/// Orders at a supplier what was ordered of us, once. Each step is written down and committed before the call that it announces, and
/// each may be repeated after a kill: what a call has left is found by reading. See domain/supply.h for what leads to what.
class SupplierOrders {
public:
    SupplierOrders(
        store::Database& database, gateway::Clock& clock, gateway::Supplier& supplier, Corrections& corrections, SupplierRules rules)
        : database_{database}, clock_{clock}, supplier_{supplier}, corrections_{corrections}, rules_{std::move(rules)}
    {
    }

    const std::string& name() const { return rules_.name; }

    /// Takes the supply as far as it goes now, and says when to look again.
    JobReport carry_out(const domain::Uuid& order);

private:
    struct Work {
        domain::Supply supply{};
        domain::OrderStatus order_status{};
        domain::ServerWish wish{};
    };
    using Next = std::optional<JobReport>; ///< nullopt: on to the next step

    std::optional<Work> read(const domain::Uuid& order);
    static bool is_held(const Work& work);
    Next step(Work& work);
    Next open_cart(Work& work);
    Next fill_cart(Work& work);
    Next check_price(Work& work);
    Next send_checkout(Work& work);
    Next resolve_checkout(Work& work);
    Next search_order(Work& work);
    Next follow(Work& work);
    Next look_for_name(Work& work);
    Next give_up_unbought(Work& work);

    Next take_order(Work& work, std::int64_t order);
    Next finish(Work& work, const std::string& server);
    Next cancelled_by_supplier(Work& work);

    Next go_on(Work& work, domain::SupplyStep step);
    Next wait(Work& work, const std::string& slug, const std::string& why);
    Next hold(Work& work, const std::string& reason);
    bool keep(Work& work);

    store::Database& database_;
    gateway::Clock& clock_;
    gateway::Supplier& supplier_;
    Corrections& corrections_;
    SupplierRules rules_;
};

} // namespace service
