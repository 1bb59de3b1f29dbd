#include "domain/ledger.h"
#include "fake/fake_provisioner.h"
#include "fake/last_step.h"
#include "fake/program_folder.h"
#include "fake/shop.h"
#include "gateway/random_uuid.h"
#include "service/payments.h"
#include "store/provisioning_store.h"

#include <boost/test/unit_test.hpp>

#include <csignal>
#include <random>
#include <sys/wait.h>
#include <unistd.h>

namespace {

using domain::MachineState;
using domain::OrderStatus;
using domain::ProvisionStep;
using domain::StepState;
using domain::WantedState;
using fake::count;
using gateway::ProvisionAnswer;
using gateway::ProvisionPower;
using gateway::ProvisionVerb;
using service::JobOutcome;
using StorageVerb = fake::FakeStorage::Verb;

/// A shop whose machines are made by a program, and one machine that is about to be made.
struct ByProgram : fake::Shop {
    fake::FakeProvisioner* program{nullptr};
    domain::Order placed{};
    domain::Uuid vm{};

    explicit ByProgram(bool has_image = true)
    {
        auto made = std::make_unique<fake::FakeProvisioner>();
        program = made.get();
        provisioners.add("ipv6-only-vm", {std::move(made), has_image});
        order();
    }

    void order()
    {
        const auto membership = join(nico);
        if (membership.is_new) orders_work.start(membership.order.uuid);
        placed = place(fake::Shop::machine_of(nico)).order;
        orders_work.start(placed.uuid);
        vm = machine_of(placed).uuid;
    }

    service::JobReport create(bool last_try = false) { return machines_work.create(vm, last_try); }
    service::JobReport adjust(bool last_try = false) { return machines_work.adjust(vm, last_try); }
    domain::Machine machine() const { return machine_of(placed); }
    MachineState state() const { return machine().state; }

    static std::vector<domain::StepRecord> steps_of(const domain::Uuid& machine)
    {
        return fake::in_transaction([&](store::Session& session) { return store::ProvisioningStore{session}.steps_of(machine); });
    }

    /// "image done, create waiting provisioner_busy"
    std::string steps() const
    {
        std::string text;
        for (const auto& step : steps_of(vm)) {
            text += (text.empty() ? "" : ", ") + std::string{domain::to_text(step.step)} + ' ' + std::string{domain::to_text(step.state)};
            if (!step.error.empty()) text += ' ' + step.error;
        }
        return text;
    }

    /// As dunning and payments do it to all orders of the member.
    void set_suspended(bool suspended)
    {
        const auto who = std::vector{nico.member};
        fake::in_transaction([&](store::Session& session) {
            store::CollectionStore orders{session};
            if (suspended) orders.suspend(who, "not paid", clock.now());
            else orders.reinstate(who, "paid", clock.now());
            store::ProvisioningStore{session}.follow_orders(who);
        });
    }
    void end_order()
    {
        cancel(placed);
        orders_work.end(placed.uuid);
    }
    /// By bank, as nico pays.
    void pay_all()
    {
        const auto open =
            fake::count("SELECT SUM(open_minor) FROM receivables r JOIN invoices i ON i.id = r.invoice_id WHERE i.member_id = ?",
                fake::number(nico.member));
        const std::vector<domain::Payment> payments{{.uuid = gateway::random_uuid(),
            .member = nico.member,
            .means = domain::PaymentMeans::bank,
            .source = "booking:test:" + fake::new_name(),
            .account = domain::account::bank("CH7189999000000012345"),
            .amount = {open},
            .booked_on = clock.today(),
            .value_on = clock.today()}};
        fake::in_transaction([&](store::Session& session) { return service::Payments{clock}.book(session, payments); });
    }
    ProvisionPower power() const { return program->machine(vm).value().power; }
    static void expire_turns() { fake::change("UPDATE machines SET turn_until = NOW(6) WHERE turn_until IS NOT NULL"); }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(machines_by_a_program, ByProgram)

BOOST_AUTO_TEST_CASE(it_gets_its_image_first_and_then_the_program_makes_it)
{
    BOOST_TEST((create().outcome == JobOutcome::done));
    BOOST_TEST(steps() == "image done, create done");
    BOOST_TEST((state() == MachineState::active));
    BOOST_TEST((read(placed).status == OrderStatus::active));
    BOOST_TEST(storage.has_image(vm.text()));
    BOOST_TEST(machine().address == "2001:db8::1");
    BOOST_TEST(machine().name == "vm-" + vm.text().substr(0, 8));
    const auto asked = program->last_request();
    BOOST_TEST((asked.order == placed.uuid));
    BOOST_TEST(asked.member == nico.uid);
    BOOST_TEST(asked.product == "ipv6-only-vm");
    BOOST_TEST((asked.parameters == placed.parameters));
}

BOOST_AUTO_TEST_CASE(a_product_without_an_image_touches_no_storage)
{
    ByProgram hosting{false};
    BOOST_TEST((hosting.create().outcome == JobOutcome::done));
    BOOST_TEST(hosting.steps() == "create done");
    hosting.end_order();
    BOOST_TEST((hosting.adjust().outcome == JobOutcome::done));
    BOOST_TEST(hosting.steps() == "create done, terminate done");
    BOOST_TEST(hosting.storage.calls(StorageVerb::create_image) == 0);
    BOOST_TEST(hosting.storage.calls(StorageVerb::remove_image) == 0);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_asked_now_is_asked_again_and_told)
{
    for (const auto answer : {ProvisionAnswer::busy, ProvisionAnswer::unavailable, ProvisionAnswer::unknown})
        program->answer_next(ProvisionVerb::create, {.answer = answer, .message = "the host is full"});
    for (const std::string error : {"provisioner_busy", "provisioner_unavailable", "provisioner_outcome_unknown"}) {
        const auto report = create();
        BOOST_TEST((report.outcome == JobOutcome::again));
        BOOST_TEST(report.error == error);
        BOOST_TEST(steps() == "image done, create waiting " + error);
        BOOST_TEST(steps_of(vm).back().message == "the host is full");
        BOOST_TEST((read(placed).status == OrderStatus::provisioning));
    }
    BOOST_TEST((create().outcome == JobOutcome::done));
    BOOST_TEST(steps() == "image done, create done");
    BOOST_TEST(steps_of(vm).back().attempts == 4);
    BOOST_TEST(machine().message == "");
}

// UNKNOWN that did happen: the program is asked what is there, and told nothing twice.
BOOST_AUTO_TEST_CASE(an_unknown_creation_that_happened_ends_with_one_machine)
{
    program->answer_next(ProvisionVerb::create, {.answer = ProvisionAnswer::unknown}, true);
    BOOST_TEST((create().outcome == JobOutcome::again));
    BOOST_TEST(program->statuses() == 0);
    BOOST_TEST((create().outcome == JobOutcome::done));
    BOOST_TEST(program->statuses() == 1);
    BOOST_TEST(program->calls(ProvisionVerb::create) == 1);
    BOOST_TEST(program->machines() == 1u);
    BOOST_TEST(machine().address == "2001:db8::1"); // the status tells it, too
    BOOST_TEST((read(placed).status == OrderStatus::active));
}

BOOST_AUTO_TEST_CASE(an_unknown_creation_that_did_not_happen_is_asked_for_again)
{
    program->answer_next(ProvisionVerb::create, {.answer = ProvisionAnswer::unknown});
    create();
    BOOST_TEST((create().outcome == JobOutcome::done));
    BOOST_TEST(program->statuses() == 1);
    BOOST_TEST(program->calls(ProvisionVerb::create) == 2);
    BOOST_TEST(program->machines() == 1u);
}

// As long as nobody can tell what is there, nothing is asked for that might be done twice.
BOOST_AUTO_TEST_CASE(an_unknown_outcome_stays_unknown_until_it_can_be_asked_about)
{
    program->answer_next(ProvisionVerb::create, {.answer = ProvisionAnswer::unknown}, true);
    create();
    for (const auto answer : {ProvisionAnswer::unavailable, ProvisionAnswer::unknown, ProvisionAnswer::busy}) {
        program->status_answer = answer;
        const auto report = create();
        BOOST_TEST((report.outcome == JobOutcome::again));
        BOOST_TEST(report.error == "provisioner_outcome_unknown");
    }
    BOOST_TEST(program->calls(ProvisionVerb::create) == 1);
    program->status_answer = ProvisionAnswer::denied; // a program without `status`
    BOOST_TEST((create().outcome == JobOutcome::done));
    BOOST_TEST(program->calls(ProvisionVerb::create) == 2);
}

// The size of a machine is in no status: a resize of unknown outcome is always repeated.
BOOST_AUTO_TEST_CASE(an_unknown_resize_is_repeated)
{
    create();
    change(placed, {.cores = 8});
    program->answer_next(ProvisionVerb::resize, {.answer = ProvisionAnswer::unknown});
    BOOST_TEST((adjust().outcome == JobOutcome::again));
    BOOST_TEST((adjust().outcome == JobOutcome::done));
    BOOST_TEST(program->machine(vm)->parameters.cores.value() == 8);
}

BOOST_AUTO_TEST_CASE(what_the_program_does_not_find_waits_for_an_operator)
{
    create();
    set_suspended(true);
    program->answer_next(ProvisionVerb::suspend, {.answer = ProvisionAnswer::not_found});
    const auto report = adjust();
    BOOST_TEST((report.outcome == JobOutcome::dead));
    BOOST_TEST(report.error == "provisioner_not_found");
    BOOST_TEST(steps() == "image done, create done, suspend failed provisioner_not_found");
    BOOST_TEST((state() == MachineState::active));
}

BOOST_AUTO_TEST_CASE(a_refusal_is_final_and_its_reason_is_told_until_an_operator_tries_again)
{
    program->answer_next(ProvisionVerb::create, {.answer = ProvisionAnswer::denied, .message = "no such system"});
    const auto report = create();
    BOOST_TEST((report.outcome == JobOutcome::dead));
    BOOST_TEST(report.error == "provisioner_denied");
    BOOST_TEST((state() == MachineState::failed));
    BOOST_TEST(machine().message == "no such system");
    BOOST_TEST(ordering.read(nico.member, placed.uuid).events.back().reason == "could not be made: provisioner_denied; we look into it");
    program->answer_next(ProvisionVerb::create, {.answer = ProvisionAnswer::unavailable, .message = "not now"});
    create(true);                                             // uncloud job retry
    BOOST_TEST(machine().error == "provisioner_unavailable"); // the newest
    BOOST_TEST((create().outcome == JobOutcome::done));
    BOOST_TEST((state() == MachineState::active));
    BOOST_TEST(machine().error == "");
}

// T24: nobody's machine is made by another product's way because a line of the configuration is missing.
BOOST_AUTO_TEST_CASE(without_its_program_a_machine_waits)
{
    create();
    fake::Shop other;
    fake::in_transaction([&](store::Session& session) { store::ProvisioningStore{session}.want_gone(vm); });
    const auto report = other.machines_work.adjust(vm, false);
    BOOST_TEST((report.outcome == JobOutcome::postponed)); // no try is lost by it
    BOOST_TEST(report.error == "provisioner_not_configured");
    BOOST_TEST(program->machines() == 1u);
}

BOOST_AUTO_TEST_CASE(a_change_of_the_order_reaches_the_program)
{
    create();
    change(placed, {.cores = 8});
    BOOST_TEST(jobs("machine_resize", vm) == 1);
    BOOST_TEST((adjust().outcome == JobOutcome::done));
    BOOST_TEST(program->machine(vm)->parameters.cores.value() == 8);
    BOOST_TEST(program->calls(ProvisionVerb::resize) == 1);
    change(placed, {.cores = 4});
    program->answer_next(ProvisionVerb::resize, {.answer = ProvisionAnswer::unavailable});
    BOOST_TEST((adjust().outcome == JobOutcome::again));
    BOOST_TEST((adjust().outcome == JobOutcome::done));
    BOOST_TEST((adjust().outcome == JobOutcome::done));
    BOOST_TEST(program->machine(vm)->parameters.cores.value() == 4);
    BOOST_TEST(program->calls(ProvisionVerb::resize) == 3);
}

BOOST_AUTO_TEST_CASE(the_end_reaches_the_program_before_the_image_goes)
{
    create();
    end_order();
    program->answer_next(ProvisionVerb::terminate, {.answer = ProvisionAnswer::busy});
    BOOST_TEST((adjust().outcome == JobOutcome::again));
    BOOST_TEST(storage.has_image(vm.text()));
    BOOST_TEST((adjust().outcome == JobOutcome::done));
    BOOST_TEST(program->machines() == 0u);
    BOOST_TEST(!storage.has_image(vm.text()));
    BOOST_TEST((state() == MachineState::deleted));
    BOOST_TEST((adjust().outcome == JobOutcome::done));
    BOOST_TEST(program->calls(ProvisionVerb::terminate) == 2);
}

// Cancelled while the program was making it: the end waits for its turn, so that nothing is made after it.
BOOST_AUTO_TEST_CASE(a_machine_cancelled_while_it_is_made_is_gone_in_the_end)
{
    program->meanwhile(ProvisionVerb::create, [&] {
        end_order();
        BOOST_TEST((adjust().outcome == JobOutcome::postponed));
    });
    BOOST_TEST((create().outcome == JobOutcome::done));
    BOOST_TEST(program->machines() == 0u);
    BOOST_TEST(!storage.has_image(vm.text()));
    BOOST_TEST((state() == MachineState::deleted));
    BOOST_TEST((read(placed).status == OrderStatus::cancelled));
    BOOST_TEST(program->most_at_once() == 1);
}

BOOST_AUTO_TEST_CASE(a_creation_of_unknown_outcome_is_terminated_too)
{
    program->answer_next(ProvisionVerb::create, {.answer = ProvisionAnswer::unknown}, true);
    create(true);
    BOOST_TEST((state() == MachineState::failed));
    end_order();
    BOOST_TEST((adjust().outcome == JobOutcome::done));
    BOOST_TEST(program->machines() == 0u);
    BOOST_TEST((state() == MachineState::deleted));
}

// The turn is over by the clock: whoever answers now tells of a time in which another may have been at work.
BOOST_AUTO_TEST_CASE(an_answer_after_its_turn_counts_for_nothing)
{
    program->meanwhile(ProvisionVerb::create, [&] {
        expire_turns();
        BOOST_TEST((create().outcome == JobOutcome::done));
    });
    const auto late = create();
    BOOST_TEST((late.outcome == JobOutcome::again));
    BOOST_TEST(late.error == "provisioner_too_late");
    BOOST_TEST((create().outcome == JobOutcome::done));
    BOOST_TEST(program->machines() == 1u);
    BOOST_TEST(steps() == "image done, create done");
}

BOOST_AUTO_TEST_CASE(eight_workers_with_the_same_job_call_once)
{
    fake::at_once(8, [&](int) { create(); });
    BOOST_TEST((create().outcome == JobOutcome::done));
    BOOST_TEST(program->calls(ProvisionVerb::create) == 1);
    BOOST_TEST(program->most_at_once() == 1);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(suspending_machines, ByProgram)

BOOST_AUTO_TEST_CASE(a_suspended_order_stops_its_machine_and_a_paid_one_starts_it)
{
    create();
    set_suspended(true);
    BOOST_TEST((adjust().outcome == JobOutcome::done));
    BOOST_TEST((power() == ProvisionPower::suspended));
    BOOST_TEST((state() == MachineState::suspended));
    BOOST_TEST((adjust().outcome == JobOutcome::done));
    BOOST_TEST(program->calls(ProvisionVerb::suspend) == 1);

    set_suspended(false);
    BOOST_TEST((adjust().outcome == JobOutcome::done));
    BOOST_TEST((power() == ProvisionPower::running));
    BOOST_TEST((state() == MachineState::active));
    BOOST_TEST(steps() == "image done, create done, suspend done, resume done");
}

BOOST_AUTO_TEST_CASE(a_machine_that_is_its_image_alone_follows_without_being_touched)
{
    const fake::Shop plain;
    fake::Shop shop;
    const auto order = shop.active_machine();
    const auto machine = fake::Shop::machine_of(order).uuid;
    fake::in_transaction([&](store::Session& session) {
        store::CollectionStore{session}.suspend({shop.nico.member}, "not paid", shop.clock.now());
        store::ProvisioningStore{session}.follow_orders({shop.nico.member});
    });
    BOOST_TEST((shop.machines_work.adjust(machine, false).outcome == JobOutcome::done));
    BOOST_TEST((fake::Shop::machine_of(order).state == MachineState::suspended));
    BOOST_TEST(shop.storage.has_image(machine.text()));
    BOOST_TEST(steps_of(machine).size() == 1u);
}

// The resume comes while the suspend is still at work: what was wanted last is what it ends with.
BOOST_AUTO_TEST_CASE(a_resume_that_overtakes_a_suspend_leaves_it_running)
{
    create();
    set_suspended(true);
    program->meanwhile(ProvisionVerb::suspend, [&] {
        set_suspended(false);
        BOOST_TEST((adjust().outcome == JobOutcome::postponed)); // the resume's job
    });
    BOOST_TEST((adjust().outcome == JobOutcome::done)); // the suspend's
    BOOST_TEST((power() == ProvisionPower::running));
    BOOST_TEST((state() == MachineState::active));
    BOOST_TEST((adjust().outcome == JobOutcome::done)); // the resume's again
    BOOST_TEST(program->calls(ProvisionVerb::resume) == 1);
}

BOOST_AUTO_TEST_CASE(jobs_in_the_wrong_order_end_with_what_is_wanted)
{
    create();
    set_suspended(true);
    set_suspended(false);
    BOOST_TEST((adjust().outcome == JobOutcome::done));
    BOOST_TEST((adjust().outcome == JobOutcome::done));
    BOOST_TEST((power() == ProvisionPower::running));
    BOOST_TEST(program->calls(ProvisionVerb::suspend) == 0);
}

// A suspend of unknown outcome is not forgotten by the resume after it.
BOOST_AUTO_TEST_CASE(an_unknown_suspend_is_undone_by_a_resume)
{
    create();
    set_suspended(true);
    program->answer_next(ProvisionVerb::suspend, {.answer = ProvisionAnswer::unknown}, true);
    BOOST_TEST((adjust().outcome == JobOutcome::again));
    set_suspended(false);
    BOOST_TEST((adjust().outcome == JobOutcome::done));
    BOOST_TEST((power() == ProvisionPower::running));
}

BOOST_AUTO_TEST_CASE(dunning_and_payment_make_the_jobs)
{
    create();
    fake::change("INSERT INTO jobs (kind, dedupe_key, target, not_before, created_at) SELECT 'charge', CONCAT('x', UUID()), UUID(), NOW(6) "
                 "+ INTERVAL 1 YEAR, NOW(6)"); // others' jobs are none of ours
    const std::atomic<bool> stop{false};
    clock.set(fake::at("2026-05-30T10:00:00Z")); // nico pays on bill and did not
    for (int day = 0; day < 40; ++day) {
        collection.work(stop);
        clock.set(clock.now() + std::chrono::days{1});
    }
    BOOST_TEST_REQUIRE((read(placed).status == OrderStatus::suspended));
    BOOST_TEST(jobs("machine_suspend", vm) == 1);
    adjust();
    BOOST_TEST((power() == ProvisionPower::suspended));

    pay_all();
    collection.work(stop);
    BOOST_TEST((read(placed).status == OrderStatus::active));
    BOOST_TEST(jobs("machine_resume", vm) == 1);
    adjust();
    BOOST_TEST((power() == ProvisionPower::running));
}

// Storms: whatever comes in whatever order, on four workers, with a program that fails a third of the time.
BOOST_AUTO_TEST_CASE(storms_of_suspensions_end_with_what_was_wanted_last)
{
    const auto seed = std::random_device{}();
    BOOST_TEST_MESSAGE("seed " << seed);
    create();
    std::mutex mutex;
    std::mt19937 random{seed};
    const auto below = [&](int bound) {
        const std::lock_guard lock{mutex};
        return std::uniform_int_distribution{0, bound - 1}(random);
    };
    std::atomic<bool> last_wish{false};
    fake::at_once(5, [&](int thread) {
        for (int i = 0; i < 40; ++i) {
            if (thread == 0) {
                const bool suspended = below(2) == 1;
                set_suspended(suspended);
                last_wish = suspended;
            } else {
                if (below(3) == 0)
                    program->answer_next(below(2) ? ProvisionVerb::suspend : ProvisionVerb::resume,
                        {.answer = below(2) ? ProvisionAnswer::unknown : ProvisionAnswer::busy}, below(2) == 1);
                adjust();
            }
        }
    });
    bool settled = false;
    for (int i = 0; i < 400 && !settled; ++i) settled = adjust().outcome == JobOutcome::done;
    BOOST_TEST(settled, "seed " << seed);
    BOOST_TEST((power() == (last_wish ? ProvisionPower::suspended : ProvisionPower::running)), "seed " << seed);
    BOOST_TEST((state() == (last_wish ? MachineState::suspended : MachineState::active)), "seed " << seed);
    BOOST_TEST(program->most_at_once() == 1);
}

BOOST_AUTO_TEST_CASE(a_suspended_machine_can_be_ended)
{
    create();
    set_suspended(true);
    adjust();
    end_order();
    BOOST_TEST((adjust().outcome == JobOutcome::done));
    BOOST_TEST(program->machines() == 0u);
    BOOST_TEST((state() == MachineState::deleted));
    set_suspended(false); // too late
    BOOST_TEST((adjust().outcome == JobOutcome::done));
    BOOST_TEST((state() == MachineState::deleted));
}

BOOST_AUTO_TEST_SUITE_END()

namespace {

/// The same with the program that we deliver, so that what was done outlives a process.
struct ByExample : fake::ProgramFolder, fake::Shop {
    domain::Order placed{};
    domain::Uuid vm{};

    ByExample()
    {
        write_example();
        provisioners.add("ipv6-only-vm", {provisioner(std::chrono::seconds{20}), true});
        join(nico);
        placed = place(fake::Shop::machine_of(nico)).order;
        orders_work.start(placed.uuid);
        vm = machine_of(placed).uuid;
    }

    std::string on_disk() const
    {
        std::ifstream file{machines() / (vm.text() + ".json")};
        return {std::istreambuf_iterator<char>{file}, {}};
    }

    /// On a connection that no other process has.
    void create_alone()
    {
        store::Database own{fake::app().config.database, 2};
        service::MachineFulfilment{own, storage, provisioners, clock}.create(vm, false);
    }

    /// A process of its own does the job and dies at the step. Returns false if it came through.
    bool dies(int step)
    {
        const auto child = ::fork();
        if (child == 0)
            std::thread{[&] {
                fake::die_at(step);
                create_alone();
                fake::die_at(0);
                ::_exit(0);
            }}.join();
        int status = 0;
        if (::waitpid(child, &status, 0) != child) throw std::runtime_error{"waitpid"};
        return WIFSIGNALED(status);
    }

    /// kill -9 before and after every statement; the next worker goes on after each. Returns how often it was killed.
    int killed_at_every_step()
    {
        int kills = 0;
        for (int step = 1; dies(step); ++step, ++kills) ByProgram::expire_turns();
        return kills;
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(killed_provisioning, ByExample)

BOOST_AUTO_TEST_CASE(T24_a_creation_killed_at_every_step_makes_one_machine)
{
    const auto bills = invoices_of_nico();
    // Storage in memory dies with the process: what it made is made again under the same name.
    BOOST_TEST(killed_at_every_step() > 20);
    while (machines_work.create(vm, false).outcome == JobOutcome::postponed) ByProgram::expire_turns();
    BOOST_TEST((machine_of(placed).state == MachineState::active));
    BOOST_TEST((read(placed).status == OrderStatus::active));
    BOOST_TEST(provisioners.of("ipv6-only-vm")->provisioner->list().machines.size() == 1u);
    BOOST_TEST(count("SELECT COUNT(*) FROM order_events WHERE order_id = ? AND to_status = 'active' AND from_status = 'provisioning'",
                   fake::number(placed.id))
        == 1);
    BOOST_TEST(invoices_of_nico() == bills);
    for (const auto& step : ByProgram::steps_of(vm)) BOOST_TEST((step.state == StepState::done));
}

BOOST_AUTO_TEST_CASE(T24_suspending_and_ending_killed_at_every_step_leave_what_was_wanted)
{
    machines_work.create(vm, false);
    const auto follow = [&](bool suspended) {
        fake::in_transaction([&](store::Session& session) {
            store::CollectionStore orders{session};
            if (suspended) orders.suspend({nico.member}, "not paid", clock.now());
            else orders.reinstate({nico.member}, "paid", clock.now());
            store::ProvisioningStore{session}.follow_orders({nico.member});
        });
    };
    follow(true);
    BOOST_TEST(killed_at_every_step() > 10);
    BOOST_TEST(on_disk().find(R"("power": "suspended")") != std::string::npos, on_disk());
    BOOST_TEST((machine_of(placed).state == MachineState::suspended));
    follow(false);
    BOOST_TEST(killed_at_every_step() > 10);
    BOOST_TEST(on_disk().find(R"("power": "running")") != std::string::npos, on_disk());
    BOOST_TEST((machine_of(placed).state == MachineState::active));
    cancel(placed);
    orders_work.end(placed.uuid);
    killed_at_every_step();
    BOOST_TEST(on_disk().find(R"("power": "terminated")") != std::string::npos, on_disk());
    while (machines_work.create(vm, false).outcome != JobOutcome::done) ByProgram::expire_turns();
    BOOST_TEST((machine_of(placed).state == MachineState::deleted));
}

// The program itself is killed, or its worker, while it is at work. The turn keeps others away as long as it may still be.
BOOST_AUTO_TEST_CASE(workers_killed_while_the_program_is_at_work_leave_one_machine)
{
    const auto seed = std::random_device{}();
    BOOST_TEST_MESSAGE("seed " << seed);
    std::mt19937 random{seed};
    write_example("sleep 0.1; [ $(($(od -An -N1 -tu1 /dev/urandom) % 2)) = 1 ] || kill -9 $$");
    for (int i = 0; i < 20; ++i) {
        const auto child = ::fork();
        if (child == 0) std::thread{[&] { create_alone(), ::_exit(0); }}.join();
        std::this_thread::sleep_for(std::chrono::milliseconds{std::uniform_int_distribution{1, 400}(random)});
        ::kill(child, SIGKILL);
        ::waitpid(child, nullptr, 0);
        std::this_thread::sleep_for(std::chrono::milliseconds{300}); // the program ends
        ByProgram::expire_turns();
    }
    bool made = false;
    for (int i = 0; i < 60 && !made; ++i) made = machines_work.create(vm, false).outcome == JobOutcome::done;
    BOOST_TEST(made, "seed " << seed);
    BOOST_TEST((machine_of(placed).state == MachineState::active));
    write_example();
    BOOST_TEST(provisioners.of("ipv6-only-vm")->provisioner->list().machines.size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
