#pragma once
#include "domain/job.h"
#include "service/billing_runs.h"
#include "service/carts.h"
#include "service/collection.h"
#include "service/gateway_news.h"
#include "service/job_report.h"
#include "service/machine_fulfilment.h"
#include "service/mailing.h"
#include "service/order_fulfilment.h"
#include "service/payment_methods.h"
#include "service/refunds.h"
#include "service/server_fulfilment.h"
#include "service/snapshot_fulfilment.h"
#include "service/snapshot_recovery.h"
#include "service/snapshot_sweep.h"
#include "service/supplier_bills.h"
#include "service/undelivered_orders.h"
#include "service/unpaid_orders.h"
#include "service/vat_checks.h"
#include "service/vpn_fulfilment.h"
#include "store/database.h"

#include <atomic>
#include <string>

namespace service {

/// Takes jobs from the database and does them, until stopped. Any number of workers may run, each under a name of its
/// own; what one leaves behind when it is killed becomes due again when it comes back, or when the lease runs out.
class Worker {
public:
    struct Parts {
        OrderFulfilment& orders;
        MachineFulfilment& machines;
        SnapshotFulfilment& snapshots;
        PaymentMethods& methods;
        BillingRuns& billing;
        Charging& charging;
        Collection& collection;
        Refunds& refunds;
        ServerFulfilment* servers{nullptr};      ///< servers are not delivered without it
        SupplierBills* supplier_bills{nullptr};  ///< what suppliers bill is not booked without it
        UndeliveredOrders* undelivered{nullptr}; ///< what cannot be delivered waits for ever without it
        UnpaidOrders* unpaid{nullptr};           ///< orders wait for their first payment for ever without it
        GatewayNews* news{nullptr};              ///< nobody listens to the gateway without it
        std::chrono::seconds bill_every{60};
        Mailing* mailing{nullptr};      ///< mails stay in the outbox without it
        VatChecks* vat_checks{nullptr}; ///< nobody asks VIES without it
        std::chrono::seconds check_every{10};
        VpnFulfilment* vpns{nullptr};                 ///< orders of VPNs wait without it
        SnapshotRecovery* snapshot_recovery{nullptr}; ///< what a killed worker left behind waits for its job without it
        SnapshotSweep* snapshot_sweep{nullptr};       ///< nobody holds storage against our rows without it
        Carts* carts{nullptr};                        ///< expired carts are kept for ever without it
        gateway::Clock* clock{nullptr};               ///< with it, what a new day brings begins when the day does
    };

    Worker(store::Database& database, Parts parts, std::string name) : database_{database}, parts_{parts}, name_{std::move(name)} {}

    /// Works with that many threads; returns after stop(), when the jobs under way are finished.
    void run(int threads);

    /// May be called from another thread.
    void stop() { stopping_ = true; }

private:
    void take_back_leases();
    void take_jobs();
    void keep_house();
    void bill();
    void collect();
    void hear();
    void write_mails();
    void check_vat_ids();
    void read_supplier_bills();
    void recover_snapshots();
    void sweep_snapshots();
    bool do_one();
    JobReport carry_out(const domain::Job& job);
    JobReport carry_out_vpn(const domain::Job& job);
    void report(const domain::Job& job, const JobReport& report);
    void sleep(std::chrono::milliseconds duration) const;
    void sleep_until_due() const;

    store::Database& database_;
    Parts parts_;
    std::string name_;
    std::atomic<bool> stopping_{false};
};

} // namespace service
