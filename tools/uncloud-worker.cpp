#include "app/app.h"
#include "gateway/card_gateway.h"
#include "gateway/storage_set.h"
#include "gateway/stripe_payments.h"
#include "gateway/stripe_transport.h"
#include "service/call_faults.h"
#include "service/vat_checks.h"
#include "service/worker.h"

#include <csignal>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <thread>

/// Does what must not hang a request: provisioning, snapshots, billing. SIGTERM: finishes the jobs under way.
int main()
try {
    sigset_t stop;
    sigemptyset(&stop);
    sigaddset(&stop, SIGTERM);
    sigaddset(&stop, SIGINT);
    pthread_sigmask(SIG_BLOCK, &stop, nullptr); // all threads inherit this
    std::signal(SIGPIPE, SIG_IGN);

    app::App app{"worker"};
    app.keep_issuer();
    const auto storages = gateway::make_storage_set(app.config.storage_directory);
    gateway::StripeTransport stripe{app.config.stripe};
    const auto cards = gateway::make_stripe_cards(stripe);
    const auto gateway = gateway::make_stripe_payments(stripe);
    service::PaymentMethods methods{app.database, *cards, *app.clock};
    service::Billing billing{app.database, *app.clock, app.billing_rules()};
    service::Books books{app.database, *app.clock};
    service::BillingRuns runs{app.database, *app.clock, billing, books, app.test_clock() != nullptr};
    service::Charging charging{app.database, *gateway, *app.clock};
    service::Collection collection{app.database, *app.clock, charging, app.collection_rules()};
    service::Refunds refunds{app.database, *gateway, *app.clock};
    service::Corrections corrections{*app.clock, app.billing_rules()};
    service::UnpaidOrders unpaid{app.database, *app.clock, corrections, std::chrono::days{app.config.billing.give_up_days}};
    service::UndeliveredOrders undelivered{
        app.database, *app.clock, corrections, refunds, std::chrono::days{app.config.provisioning.give_up_days}};
    service::OrderFulfilment orders{app.database, *app.clock, billing, charging};
    const auto supplier = app.config.supplier.is_set() ? app.config.supplier.make() : nullptr;
    std::optional<service::SupplierOrders> supplier_orders;
    std::optional<service::SupplierBills> supplier_bills;
    if (supplier) {
        supplier_orders.emplace(app.database, *app.clock, *supplier, corrections, app.config.supplier.orders);
        supplier_bills.emplace(app.database, *app.clock, *supplier, app.config.supplier.bills);
    }
    service::CallFaults faults{app.database};
    service::ServerFulfilment servers{app.database, *app.clock, corrections, app.config.servers,
        supplier_orders ? &*supplier_orders : nullptr, app.config.mode == app::Mode::sandbox ? &faults : nullptr};
    const auto provisioners = app.provisioners();
    service::MachineFulfilment machines{app.database, *storages, provisioners, *app.clock};
    const auto guests = gateway::make_guest_set();
    service::SnapshotFulfilment snapshots{app.database, *storages, *guests, *app.clock};
    service::SnapshotRecovery snapshot_recovery{app.database, *guests};
    service::SnapshotSweep snapshot_sweep{app.database, *storages, *guests, *app.clock};
    const auto wireguard = app.wireguard();
    service::VpnFulfilment vpns{app.database, *wireguard, *app.clock, app.config.vpn.quarantine};
    service::Disputes disputes{app.database, *gateway, *app.clock};
    service::GatewayEvents events{app.database, app.gateway_identity(), {}};
    service::CardSetups setups{app.database, methods, *gateway, *app.clock};
    service::GatewayNews news{app.database, *app.clock, {*gateway, events, charging, refunds, disputes, methods, setups}};
    service::InvoicePrinter printer{app.database};
    const auto mail = app.mail_gateway();
    std::optional<service::Mailing> mailing;
    if (mail) mailing.emplace(app.database, *app.clock, *mail, printer, app.mail_rules());
    const auto vat_register = app.vat_register();
    service::VatChecks vat_checks{app.database, *vat_register, *app.clock, app.config.vat.rules, app.config.worker_name};
    service::Carts carts{app.database, *app.clock};
    service::Worker worker{app.database,
        {.orders = orders,
            .machines = machines,
            .snapshots = snapshots,
            .methods = methods,
            .billing = runs,
            .charging = charging,
            .collection = collection,
            .refunds = refunds,
            .servers = &servers,
            .supplier_bills = supplier_bills ? &*supplier_bills : nullptr,
            .undelivered = &undelivered,
            .unpaid = &unpaid,
            .news = &news,
            .bill_every = app.config.billing.every,
            .mailing = mailing ? &*mailing : nullptr,
            .vat_checks = &vat_checks,
            .check_every = app.config.vat.every,
            .vpns = &vpns,
            .snapshot_recovery = &snapshot_recovery,
            .snapshot_sweep = &snapshot_sweep,
            .carts = &carts,
            .clock = app.clock.get()},
        app.config.worker_name};

    std::jthread work{[&] { worker.run(app.config.worker_threads); }};
    int signal = 0;
    sigwait(&stop, &signal);
    worker.stop();
    return EXIT_SUCCESS;
} catch (const std::exception& error) {
    std::cerr << "uncloud-worker: cannot start: " << error.what() << '\n';
    return EXIT_FAILURE;
}
