#pragma once
#include "domain/refusal.h"
#include "fake/fake_card_payments.h"
#include "fake/fake_cards.h"
#include "fake/fake_guest.h"
#include "fake/fake_storage.h"
#include "fake/fake_wireguard.h"
#include "fake/fixed_clock.h"
#include "fake/test_database.h"
#include "service/billing_runs.h"
#include "service/collection.h"
#include "service/machine_fulfilment.h"
#include "service/member_payments.h"
#include "service/memberships.h"
#include "service/order_fulfilment.h"
#include "service/ordering.h"
#include "service/payment_methods.h"
#include "service/refunds.h"
#include "service/snapshot_fulfilment.h"
#include "service/snapshots.h"
#include "service/vpn_fulfilment.h"
#include "service/vpns.h"
#include "service/worker.h"
#include "store/machine_store.h"
#include "store/payment_method_store.h"
#include "store/snapshot_store.h"

#include <functional>
#include <optional>
#include <string>
#include <thread>

namespace fake {

/// The services on the real database, with a clock that stands on a Monday morning, and storage and cards in memory; and
/// nico, who may order anything. The worker's work is done only where a case says so.
struct Shop {
    FixedClock clock{monday};
    FakeStorage storage{};
    FakeGuest guests{};
    FakeWireguard wireguard{};
    FakeCards cards{};
    FakeCardPayments gateway{};

    static inline const domain::VatRegistration one_stop_shop{true, "EU372012345"};

    service::Ordering ordering{database(), clock, {.per_machine = 10, .between = std::chrono::seconds{0}}, one_stop_shop};
    service::Memberships memberships{database(), ordering};
    service::Snapshots snapshots{database(), clock};
    service::PaymentMethods methods{database(), cards, clock};
    service::Billing billing{database(), clock, {.vat = one_stop_shop}};
    service::Books books{database(), clock};
    service::BillingRuns runs{database(), clock, billing, books, true};
    service::Charging charging{database(), gateway, clock};
    service::MemberPayments member_payments{database(), gateway, charging};
    service::Collection collection{
        database(), clock, charging, {{{"reminder", 10}, {"second_reminder", 20}, {"suspended", 30}}, "suspended"}};
    service::Refunds refunds{database(), gateway, clock};
    service::OrderFulfilment orders_work{database(), clock, billing, charging};
    gateway::ProvisionerSet provisioners{};
    service::MachineFulfilment machines_work{database(), storage, provisioners, clock};
    service::SnapshotFulfilment snapshots_work{database(), storage, guests, clock};
    service::SnapshotRecovery snapshot_recovery{database(), guests};
    service::Vpns vpns{database()};
    service::VpnFulfilment vpns_work{database(), wireguard, clock, std::chrono::days{30}};

    const domain::Identity nico = new_paying_member();

    static domain::Identity new_paying_member()
    {
        const auto member = new_member();
        const domain::PaymentMethod method{.uuid = gateway::random_uuid(),
            .type = domain::PaymentMethodType::invoice,
            .status = domain::PaymentMethodStatus::active,
            .created_at = monday};
        in_transaction([&](store::Session& session) { store::PaymentMethodStore{session}.add(member.member, method); });
        return member;
    }

    static service::PlaceOrder order_of(const domain::Identity& who, const std::string& sku, const domain::Parameters& parameters = {})
    {
        return {.who = who, .uuid = gateway::random_uuid(), .sku = sku, .parameters = parameters};
    }
    static service::PlaceOrder machine_of(const domain::Identity& who)
    {
        return order_of(who, "ipv6-only-vm", {.cores = 2, .ram_mb = 4096, .os_disk_gb = 20, .os = "debian-12"});
    }

    service::PlacedOrder place(const service::PlaceOrder& command)
    {
        return in_transaction([&](store::Session& session) { return ordering.place(session, command); });
    }
    service::PlacedOrder join(const domain::Identity& who)
    {
        return in_transaction([&](store::Session& session) { return memberships.join(session, who); });
    }
    domain::Order cancel(const domain::Order& order, service::CancelWhen when = service::CancelWhen::now, bool with_snapshots = false)
    {
        return in_transaction([&](store::Session& session) { return ordering.cancel(session, nico, order.uuid, when, with_snapshots); });
    }
    domain::Order change(const domain::Order& order, const domain::Parameters& changes)
    {
        return in_transaction([&](store::Session& session) { return ordering.change(session, nico, order.uuid, changes); });
    }

    static domain::Order read(const domain::Order& order)
    {
        return in_transaction(
            [&](store::Session& session) { return store::OrderStore{session}.by_uuid(order.member, order.uuid).value(); });
    }
    static domain::Machine machine_of(const domain::Order& order)
    {
        return in_transaction([&](store::Session& session) { return store::MachineStore{session}.of_order(order.id).value(); });
    }
    static domain::Snapshot read(const domain::Snapshot& snapshot)
    {
        return in_transaction([&](store::Session& session) { return store::SnapshotStore{session}.by_uuid(snapshot.uuid).value(); });
    }

    /// An order that the worker has fulfilled.
    domain::Order active(const service::PlaceOrder& command)
    {
        const auto order = place(command).order;
        orders_work.start(order.uuid);
        if (order.parameters.cores) machines_work.create(machine_of(order).uuid, false);
        if (order.sku == domain::vpn_sku) vpns_work.create(order.uuid);
        return read(order);
    }

    /// nico's membership and a machine of it.
    domain::Order active_machine()
    {
        const auto membership = join(nico);
        if (membership.is_new) orders_work.start(membership.order.uuid);
        return active(machine_of(nico));
    }

    domain::Snapshot requested_snapshot(const domain::Order& machine)
    {
        const auto order = place(order_of(nico, "vm-snapshot", {.vm = machine_of(machine).uuid})).order;
        return in_transaction([&](store::Session& session) { return snapshots.of_order(session, order.id); });
    }
    domain::Snapshot ready_snapshot(const domain::Order& machine)
    {
        const auto snapshot = requested_snapshot(machine);
        snapshots_work.create(snapshot.uuid, false);
        return read(snapshot);
    }
    domain::Snapshot request_deletion(const domain::Snapshot& snapshot)
    {
        return in_transaction([&](store::Session& session) { return snapshots.request_deletion(session, nico.member, snapshot.uuid); });
    }
    domain::Snapshot request_restore(const domain::Snapshot& snapshot)
    {
        return in_transaction([&](store::Session& session) { return snapshots.request_restore(session, nico.member, snapshot.uuid); });
    }

    static void forget_jobs() { fake::change("DELETE FROM jobs"); }

    /// Lets a worker do what is due until the condition holds; looks every 25 ms, that often at most.
    bool work_until(const std::function<bool()>& condition, const std::string& name = "test", int looks = 2400)
    {
        service::Worker worker{fake::database(),
            {.orders = orders_work,
                .machines = machines_work,
                .snapshots = snapshots_work,
                .methods = methods,
                .billing = runs,
                .charging = charging,
                .collection = collection,
                .refunds = refunds,
                .vpns = &vpns_work,
                .snapshot_recovery = &snapshot_recovery},
            name};
        const std::jthread running{[&] { worker.run(4); }};
        bool holds = false;
        for (int look = 0; look < looks && !holds; ++look) {
            std::this_thread::sleep_for(std::chrono::milliseconds{25});
            holds = condition();
        }
        worker.stop();
        return holds;
    }

    /// How many jobs of the kind there are for the target, in whatever state.
    static std::int64_t jobs(const std::string& kind, const domain::Uuid& target)
    {
        return count("SELECT COUNT(*) FROM jobs WHERE kind = ? AND target = ?", kind, target);
    }
    std::int64_t orders_of_nico() const { return count("SELECT COUNT(*) FROM orders WHERE member_id = ?", number(nico.member)); }
    std::int64_t invoices_of_nico() const { return count("SELECT COUNT(*) FROM invoices WHERE member_id = ?", number(nico.member)); }
};

/// Why the business said no; nullopt if it did not.
template <class Work> std::optional<domain::Reason> refusal_of(const Work& work)
{
    try {
        work();
    } catch (const domain::Refusal& refusal) {
        return refusal.reason();
    }
    return std::nullopt;
}

} // namespace fake
