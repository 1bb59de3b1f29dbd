#include "service/undelivered_orders.h"

#include "fake/card_desk.h"
#include "fake/fake_provisioner.h"
#include "fake/last_step.h"
#include "fake/vpn_desk.h"

#include <boost/test/unit_test.hpp>

#include <sys/wait.h>
#include <unistd.h>

namespace {

using domain::MachineState;
using domain::OrderStatus;
using domain::Reason;
using fake::count;
using gateway::ProvisionAnswer;
using gateway::ProvisionVerb;

/// nico has paid for a Django hosting that its program refuses to make.
struct Undelivered : fake::CardDesk {
    fake::FakeProvisioner* program{nullptr};
    service::UndeliveredOrders undelivered{fake::database(), clock, corrections, refunds, std::chrono::days{7}};
    domain::Order order{};
    domain::Uuid vm{};

    Undelivered()
    {
        auto made = std::make_unique<fake::FakeProvisioner>();
        program = made.get();
        provisioners.add("django-hosting", {std::move(made), false});
        join(nico);
    }

    void order_and_pay()
    {
        order = place(order_of(nico, "django-hosting", {.cores = 2, .ram_mb = 4096, .os_disk_gb = 20, .os = "debian-12"})).order;
        orders_work.start(order.uuid);
        work_today();
        orders_work.start(order.uuid); // the payment's
        BOOST_TEST_REQUIRE((read(order).status == OrderStatus::provisioning));
        vm = machine_of(order).uuid;
    }
    void refuse(ProvisionAnswer answer = ProvisionAnswer::denied, bool happens = false)
    {
        program->answer_next(ProvisionVerb::create, {.answer = answer, .message = "no"}, happens);
        machines_work.create(vm, true);
    }
    void give_up() const
    {
        fake::in_transaction(
            [&](store::Session& session) { service::UndeliveredOrders{undelivered}.give_up(session, order.uuid, "cli:test"); });
    }
    std::int64_t paid() const
    {
        return count("SELECT COALESCE(SUM(amount_minor), 0) FROM payments WHERE member_id = ?", fake::number(nico.member));
    }
    std::int64_t charged_for_order() const
    {
        return count("SELECT COALESCE(SUM(gross_minor), 0) FROM invoice_lines WHERE order_id = ? AND credited_invoice_id IS NULL",
            fake::number(order.id));
    }
    std::int64_t left_of_order() const
    {
        return count("SELECT COALESCE(SUM(gross_minor), 0) FROM invoice_lines WHERE order_id = ?", fake::number(order.id));
    }
    std::int64_t refunded() const
    {
        return count(
            "SELECT COALESCE(SUM(amount_minor), 0) FROM refunds WHERE member_id = ? AND state = 'succeeded'", fake::number(nico.member));
    }
    std::int64_t notes() const
    {
        return count("SELECT COUNT(*) FROM invoices WHERE member_id = ? AND kind = 'credit_note'", fake::number(nico.member));
    }
    void require_paid_back() const
    {
        BOOST_TEST((read(order).status == OrderStatus::cancelled));
        BOOST_TEST(left_of_order() == 0);
        BOOST_TEST(refunded() == charged_for_order());
        BOOST_TEST(credit() == 0);
        BOOST_TEST(findings().empty());
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(undelivered_orders, Undelivered)

BOOST_AUTO_TEST_CASE(T24_what_cannot_be_delivered_is_credited_and_goes_back_to_the_card)
{
    order_and_pay();
    BOOST_TEST(charged_for_order() > 0);
    BOOST_TEST(paid() >= charged_for_order());
    refuse();
    give_up();
    BOOST_TEST(notes() == 1);
    BOOST_TEST(jobs("order_refund", order.uuid) == 1);
    undelivered.pay_back(order.uuid);
    work_today();
    require_paid_back();
    BOOST_TEST(
        count("SELECT COUNT(*) FROM mail_outbox o JOIN invoices i ON i.id = o.invoice_id WHERE i.member_id = ? AND o.kind = 'credit_note'",
            fake::number(nico.member))
        == 1);
    orders_work.end(order.uuid);
    machines_work.adjust(vm, false);
    BOOST_TEST((machine_of(order).state == MachineState::deleted));
    BOOST_TEST(program->calls(ProvisionVerb::terminate) == 1); // also what nobody knows of
    BOOST_TEST(ordering.read(nico.member, order.uuid).events.back().reason == "could not be delivered");
    BOOST_TEST(count("SELECT COUNT(*) FROM audit_log WHERE action = 'order.give_up' AND subject = ?", order.uuid.text()) == 1);
}

BOOST_AUTO_TEST_CASE(twice_at_once_and_later_gives_back_once)
{
    order_and_pay();
    refuse();
    fake::at_once(4, [&](int) { give_up(); });
    give_up();
    fake::at_once(4, [&](int) { undelivered.pay_back(order.uuid); });
    work_today();
    undelivered.pay_back(order.uuid);
    work_today();
    BOOST_TEST(notes() == 1);
    require_paid_back();
}

// The rest of the month is not billed again, nor credited twice, by any later run.
BOOST_AUTO_TEST_CASE(no_later_run_bills_or_credits_it_again)
{
    order_and_pay();
    refuse();
    give_up();
    undelivered.pay_back(order.uuid);
    work_today();
    for (const auto* day : {"2026-03-03", "2026-04-02", "2026-05-02"}) bill(day);
    BOOST_TEST(left_of_order() == 0);
    BOOST_TEST(refunded() == charged_for_order());
}

BOOST_AUTO_TEST_CASE(what_was_paid_by_bank_stays_credit)
{
    fake::change("UPDATE payment_methods SET default_of = NULL WHERE member_id = ?", fake::number(nico.member));
    fake::in_transaction([&](store::Session& session) {
        const domain::PaymentMethod method{.uuid = gateway::random_uuid(),
            .type = domain::PaymentMethodType::invoice,
            .status = domain::PaymentMethodStatus::active,
            .created_at = fake::monday};
        store::PaymentMethodStore methods_of{session};
        methods_of.add(nico.member, method);
        methods_of.make_default(nico.member, method.uuid);
    });
    order = place(order_of(nico, "django-hosting", {.cores = 2, .ram_mb = 4096, .os_disk_gb = 20, .os = "debian-12"})).order;
    orders_work.start(order.uuid);
    vm = machine_of(order).uuid;
    pay(charged_for_order(), newest());
    refuse();
    give_up();
    undelivered.pay_back(order.uuid);
    BOOST_TEST(count("SELECT COUNT(*) FROM refunds WHERE member_id = ?", fake::number(nico.member)) == 0);
    BOOST_TEST(left_of_order() == 0);
    BOOST_TEST(credit() > 0);
    BOOST_TEST(findings().empty());
}

BOOST_AUTO_TEST_CASE(an_order_that_is_delivered_is_not_given_up)
{
    order_and_pay();
    machines_work.create(vm, false);
    BOOST_TEST((fake::refusal_of([&] { give_up(); }) == Reason::order_state));
    BOOST_TEST((read(order).status == OrderStatus::active));
    order.uuid = gateway::random_uuid();
    BOOST_TEST((fake::refusal_of([&] { give_up(); }) == Reason::not_found));
}

// Whoever is first wins: it is delivered, or it is given up; never both.
BOOST_AUTO_TEST_CASE(given_up_while_it_is_made_it_is_taken_away_again)
{
    order_and_pay();
    program->meanwhile(ProvisionVerb::create, [&] { give_up(); });
    machines_work.create(vm, false);
    BOOST_TEST((read(order).status == OrderStatus::cancelled));
    orders_work.end(order.uuid);
    machines_work.adjust(vm, false);
    BOOST_TEST(program->machines() == 0u);
    undelivered.pay_back(order.uuid);
    work_today();
    require_paid_back();
}

BOOST_AUTO_TEST_CASE(one_that_nobody_cares_for_is_given_up_after_its_days)
{
    order_and_pay();
    refuse(ProvisionAnswer::unavailable);
    clock.set(clock.now() + std::chrono::days{7});
    undelivered.give_up_due();
    BOOST_TEST((read(order).status == OrderStatus::provisioning)); // to the microsecond
    clock.set(clock.now() + std::chrono::microseconds{1});
    undelivered.give_up_due();
    BOOST_TEST((read(order).status == OrderStatus::cancelled));
    undelivered.pay_back(order.uuid);
    work_today();
    require_paid_back();

    service::UndeliveredOrders patient{fake::database(), clock, corrections, refunds, std::chrono::days{0}};
    order_and_pay();
    refuse();
    clock.set(clock.now() + std::chrono::days{400});
    patient.give_up_due();
    BOOST_TEST((read(order).status == OrderStatus::provisioning));
}

BOOST_AUTO_TEST_CASE(T24_a_refund_killed_at_every_step_is_made_once)
{
    order_and_pay();
    refuse();
    give_up();
    const auto dies = [&](int step) {
        const auto child = ::fork();
        if (child == 0)
            std::thread{[&] {
                store::Database own{fake::app().config.database, 2}; // a connection that no other process has
                service::Refunds its_refunds{own, gateway, clock};
                service::UndeliveredOrders its_work{own, clock, corrections, its_refunds, std::chrono::days{7}};
                fake::die_at(step);
                its_work.pay_back(order.uuid);
                fake::die_at(0);
                ::_exit(0);
            }}.join();
        int status = 0;
        if (::waitpid(child, &status, 0) != child) throw std::runtime_error{"waitpid"};
        return WIFSIGNALED(status);
    };
    int kills = 0;
    for (int step = 1; dies(step); ++step) ++kills;
    BOOST_TEST(kills > 10);
    work_today();
    BOOST_TEST(count("SELECT COUNT(*) FROM refunds WHERE member_id = ?", fake::number(nico.member)) == 1);
    require_paid_back();
}

BOOST_AUTO_TEST_SUITE_END()

namespace {

/// nico has paid for a VPN, and no prefix is free.
struct WaitingForPrefix : Undelivered {
    fake::OwnPool pool{"2001:db8::/45"};

    WaitingForPrefix()
    {
        fake::change("UPDATE vpn_prefixes SET quarantined_until = '2998-01-01' WHERE quarantined_until = '2000-01-01'");
        order = place(order_of(nico, "ipv6-vpn")).order;
        orders_work.start(order.uuid);
        work_today();
        orders_work.start(order.uuid); // the payment's
        vpns_work.create(order.uuid);
        BOOST_TEST_REQUIRE((read(order).status == OrderStatus::provisioning));
        BOOST_TEST_REQUIRE(charged_for_order() > 0);
    }
    std::int64_t in_queue() const { return count("SELECT COUNT(*) FROM vpn_waiting WHERE order_id = ?", fake::number(order.id)); }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(undelivered_vpns, WaitingForPrefix)

BOOST_AUTO_TEST_CASE(one_that_waits_for_a_prefix_is_given_up_after_the_same_days)
{
    clock.set(clock.now() + std::chrono::days{7});
    undelivered.give_up_due();
    BOOST_TEST((read(order).status == OrderStatus::provisioning));
    clock.set(clock.now() + std::chrono::microseconds{1});
    undelivered.give_up_due();
    undelivered.pay_back(order.uuid);
    work_today();
    require_paid_back();
    orders_work.end(order.uuid);
    vpns_work.remove(order.uuid);
    BOOST_TEST(in_queue() == 0);
}

BOOST_AUTO_TEST_CASE(one_that_is_served_just_now_is_delivered)
{
    clock.set(clock.now() + std::chrono::days{8});
    fake::change(
        "UPDATE vpn_prefixes v JOIN vpn_pools p ON p.id = v.pool_id SET v.quarantined_until = '2000-01-01' WHERE p.name = ?", pool.name);
    BOOST_TEST(vpns_work.serve_waiting() == 1u); // its job comes later
    undelivered.give_up_due();
    vpns_work.create(order.uuid);
    BOOST_TEST((read(order).status == OrderStatus::active));
}

BOOST_AUTO_TEST_SUITE_END()
