#pragma once
#include "domain/order.h"
#include "gateway/clock.h"
#include "service/job_report.h"
#include "service/supplier_orders.h"
#include "store/database.h"
#include "store/supply_store.h"

#include <chrono>

namespace service {

/// How our own stock delivers.
struct StockRules {
    bool racks_by_itself{false}; ///< a sandbox's: servers appear when they are wanted, and are wiped at once
    std::chrono::seconds delivery{0};
    std::chrono::seconds look_again{60}; ///< while no server is free
};

class CallFaults;

/// The worker's side of servers: gives an order one of our own, or lets the supplier of its plan deliver it.
class ServerFulfilment {
public:
    /// Without `supplier` what others deliver waits; `faults` only in a sandbox.
    ServerFulfilment(store::Database& database, gateway::Clock& clock, Corrections& corrections, StockRules rules, SupplierOrders* supplier,
        CallFaults* faults = nullptr)
        : database_{database}, clock_{clock}, corrections_{corrections}, rules_{rules}, supplier_{supplier}, faults_{faults}
    {
    }

    /// provisioning → active, once the server is there.
    JobReport supply(const domain::Uuid& order);

private:
    JobReport from_stock(const domain::Uuid& order, const store::ServerToSupply& server);
    JobReport take_server(store::Session& session, const domain::Order& order, const store::ServerToSupply& server);

    store::Database& database_;
    gateway::Clock& clock_;
    Corrections& corrections_;
    StockRules rules_;
    SupplierOrders* supplier_;
    CallFaults* faults_;
};

} // namespace service
