#include "fake/last_step.h"
#include "fake/paying.h"
#include "fake/till.h"
#include "service/verification.h"

#include <boost/test/unit_test.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <functional>

// Money moves once, wherever a process dies and whatever the gateway does. Real processes, the real database and the test gateway:
// each step at which something leaves the process is a place to die, before it and right after it.
namespace {

using domain::AttemptState;
using gateway::IntentState;

constexpr std::int64_t price = 3000;

/// nico owes an invoice and has a card at the gateway.
struct Scene : fake::Till {
    explicit Scene(const std::string& alias)
    {
        const auto card = paying.methods.attach(nico.member, alias, fake::new_name());
        fake::in_transaction([&](store::Session& session) {
            const auto method = paying.methods.register_card(session, nico.member, card).method;
            store::PaymentMethodStore{session}.make_default(nico.member, method.uuid);
        });
        customer = fake::text("SELECT gateway_id FROM gateway_customers WHERE member_id = ?", fake::number(nico.member));
        invoice = invoice_over(price);
        number = fake::text("SELECT number FROM invoices WHERE id = ?", invoice);
    }

    domain::Uuid planned()
    {
        return fake::in_transaction([&](store::Session& session) { return paying.charging.plan(session, {invoice}).front(); });
    }
    domain::Uuid latest() const
    {
        return domain::Uuid::parse(fake::text("SELECT uuid FROM charges WHERE invoice_id = ? ORDER BY attempt DESC LIMIT 1", invoice))
            .value();
    }
    void pay_it()
    {
        planned();
        recover();
    }
    domain::Uuid refund_asked()
    {
        pay_it();
        return fake::in_transaction([&](store::Session& session) {
            corrections.issue_credit_note(session, {.invoice = number, .reason = "outage"}, "op");
            const auto payment = domain::Uuid::parse(fake::text("SELECT uuid FROM payments WHERE invoice_id = ?", invoice)).value();
            return paying.refunds
                .request(session, {.payment = payment, .amount = {price}, .reference = fake::new_name(), .reason = "outage"}, "op")
                .uuid;
        });
    }

    /// What a worker does when it comes up again, until nothing is left to do.
    void recover()
    {
        for (int round = 0; round < 60 && do_jobs() > 0; ++round) std::this_thread::sleep_for(std::chrono::milliseconds{10});
    }
    std::size_t do_jobs()
    {
        const auto due = fake::database().read([&](store::Session& session) {
            return store::select<std::int64_t, std::string, std::string>(session,
                "SELECT j.id, j.kind, j.target FROM jobs j WHERE j.state = 'queued' AND j.kind IN ('charge', 'charge_cancel', 'refund')"
                " AND (j.target IN (SELECT uuid FROM charges WHERE member_id = ?)"
                "  OR j.target IN (SELECT uuid FROM refunds WHERE member_id = ?))",
                fake::number(nico.member), fake::number(nico.member));
        });
        for (const auto& [id, kind, target] : due) {
            const auto uuid = domain::Uuid::parse(target).value();
            const auto report = kind == "charge" ? paying.charging.carry_out(uuid)
                : kind == "refund"               ? paying.refunds.carry_out(uuid)
                                                 : paying.charging.give_up(uuid);
            if (report.outcome == service::JobOutcome::done) fake::change("UPDATE jobs SET state = 'done' WHERE id = ?", id);
        }
        return due.size();
    }

    /// "1 of 3000 at the gateway, 1 of 3000 in the books, 0 open": what was taken for the invoice, here and there.
    std::string taken()
    {
        const auto intents = paying.gateway->find_intents(customer, domain::Instant{}).value;
        std::int64_t count = 0, sum = 0, open = 0;
        for (const auto& intent : intents) {
            if (intent.owner.invoice != number) continue;
            count += intent.state == IntentState::succeeded;
            sum += intent.received_minor;
            open += intent.state == IntentState::requires_action || intent.state == IntentState::processing;
        }
        return std::to_string(count) + " of " + std::to_string(sum) + " at the gateway, "
            + fake::text("SELECT CONCAT(COUNT(*), ' of ', COALESCE(SUM(amount_minor), 0)) FROM payments WHERE invoice_id = ?", invoice)
            + " in the books, " + std::to_string(open) + " open";
    }
    std::string refunded()
    {
        const auto intent = fake::text("SELECT intent_id FROM charges WHERE invoice_id = ? AND state = 'succeeded'", invoice);
        std::int64_t sum = 0;
        const auto given_back = paying.gateway->list_refunds(intent).value;
        for (const auto& refund : given_back) sum += refund.amount_minor;
        return std::to_string(given_back.size()) + " of " + std::to_string(sum) + " at the gateway, "
            + fake::text("SELECT CONCAT(COUNT(*), ' of ', COALESCE(SUM(amount_minor), 0)) FROM refunds WHERE member_id = ? AND state = "
                         "'succeeded'",
                fake::number(nico.member))
            + " in the books";
    }

    fake::Paying paying{clock};
    std::int64_t invoice{0};
    std::string number{}, customer{};
};

/// One way in which money moves: what has happened before, what a process does, how the story ends, and what must be true then.
struct Flow {
    const char* name{};
    const char* card{"pm_card_visa"};
    std::function<domain::Uuid(Scene&)> prepare{};
    std::function<void(fake::Paying&, const Scene&, const domain::Uuid&)> act{};
    std::function<void(Scene&)> finish{[](Scene&) {}};
    std::function<std::string(Scene&)> outcome{[](Scene& scene) { return scene.taken(); }};
    std::string expected{"1 of 3000 at the gateway, 1 of 3000 in the books, 0 open"};
};

void member_pays(fake::Paying& paying, const Scene& scene, const domain::Uuid&)
{
    paying.member_payments.pay(scene.nico.member, scene.number, {}, "http://localhost/paid");
}

void worker_charges(fake::Paying& paying, const Scene&, const domain::Uuid& attempt) { paying.charging.carry_out(attempt); }

/// The member tries until it is told how the payment stands.
std::string pay_again(Scene& scene)
{
    for (int tries = 0; tries < 20; ++tries) {
        try {
            return scene.paying.member_payments.pay(scene.nico.member, scene.number, {}, "http://localhost/paid").next_action_url;
        } catch (const domain::Unavailable&) {
            std::this_thread::sleep_for(std::chrono::milliseconds{100});
        }
    }
    throw std::runtime_error{"the member is not told how the payment stands"};
}

/// The member confirms on the bank's page, and comes back to ours or not; the gateway's event tells it anyway.
void confirm_at_the_bank(Scene& scene)
{
    if (const auto page = pay_again(scene); !page.empty())
        gateway::exchange({.method = "POST",
            .url = page,
            .headers = {{"Content-Type", "application/x-www-form-urlencoded"}},
            .body = "outcome=succeeded"});
    scene.paying.charging.look_at(scene.latest());
}

/// The member confirms, and neither comes back to us nor is heard of otherwise yet.
void confirm_without_us(Scene& scene)
{
    const auto page = pay_again(scene);
    BOOST_TEST_REQUIRE(!page.empty());
    gateway::exchange(
        {.method = "POST", .url = page, .headers = {{"Content-Type", "application/x-www-form-urlencoded"}}, .body = "outcome=succeeded"});
}

/// What is `processing` at the gateway ends there after five seconds; it is asked until then.
void settle_processing(Scene& scene)
{
    for (int looks = 0; looks < 100; ++looks) {
        if (fake::count("SELECT COUNT(*) FROM charges WHERE invoice_id = ? AND state = 'processing'", scene.invoice) == 0) return;
        std::this_thread::sleep_for(std::chrono::milliseconds{100});
        scene.paying.charging.look_at(scene.latest());
    }
}

std::vector<Flow> flows()
{
    const auto planned = [](Scene& scene) { return scene.planned(); };
    const auto nothing = [](Scene&) { return domain::Uuid{}; };
    const auto waiting = [](Scene& scene) {
        const auto attempt = scene.planned();
        scene.recover();
        return attempt;
    };
    return {
        {.name = "worker charges", .prepare = planned, .act = worker_charges},
        {.name = "worker charges, declined",
            .card = "pm_card_chargeCustomerFail",
            .prepare = planned,
            .act = worker_charges,
            .expected = "0 of 0 at the gateway, 0 of 0 in the books, 0 open"},
        {.name = "member pays", .prepare = nothing, .act = member_pays, .finish = [](Scene& scene) { pay_again(scene); }},
        {.name = "member pays, 3-D Secure",
            .card = "pm_card_authenticationRequired",
            .prepare = waiting,
            .act = member_pays,
            .finish = confirm_at_the_bank},
        {.name = "worker hears of a payment",
            .prepare =
                [](Scene& scene) {
                    const auto attempt = scene.planned();
                    fake::Paying lost{scene.clock}; // charged, and its process died before it could write
                    fake::change(
                        "UPDATE charges SET state = 'asked', asked_at = ? WHERE uuid = ?", std::string{"2026-03-02 10:00:00"}, attempt);
                    const auto row = fake::database().read(
                        [&](store::Session& session) { return store::ChargeStore{session}.by_uuid(attempt).value(); });
                    lost.gateway->charge({.customer = row.customer,
                        .payment_method = row.card,
                        .amount = row.amount,
                        .invoice = row.invoice_number,
                        .attempt = attempt.text(),
                        .description = row.description,
                        .idempotency_key = row.key()});
                    return attempt;
                },
            .act =
                [](fake::Paying& paying, const Scene& scene, const domain::Uuid&) {
                    for (const auto& intent : paying.gateway->find_intents(scene.customer, domain::Instant{}).value)
                        paying.charging.look_at(intent.id);
                }},
        {.name = "worker gives a try up",
            .card = "pm_card_authenticationRequired",
            .prepare = waiting,
            .act = [](fake::Paying& paying, const Scene&, const domain::Uuid& attempt) { paying.charging.give_up(attempt); },
            .finish =
                [](Scene& scene) {
                    while (scene.paying.charging.give_up(scene.latest()).outcome == service::JobOutcome::postponed) {}
                },
            .expected = "0 of 0 at the gateway, 0 of 0 in the books, 0 open"},
        {.name = "worker refunds",
            .prepare = [](Scene& scene) { return scene.refund_asked(); },
            .act = [](fake::Paying& paying, const Scene&, const domain::Uuid& refund) { paying.refunds.carry_out(refund); },
            .outcome = [](Scene& scene) { return scene.refunded(); },
            .expected = "1 of 3000 at the gateway, 1 of 3000 in the books"},
    };
}

int act(const Flow& flow, Scene& scene, const domain::Uuid& target, int step)
{
    try {
        fake::Paying paying{scene.clock};
        paying.database.read([](store::Session& session) { store::select<std::int64_t>(session, "SELECT 1"); });
        fake::die_at(step);
        flow.act(paying, scene, target);
        fake::die_at(0);
        return 0;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s, step %d: %s\n", flow.name, step, error.what());
        return 3;
    }
}

/// A process of its own does the flow's work and dies at the step. Returns false if it came through.
bool dies(const Flow& flow, Scene& scene, const domain::Uuid& target, int step)
{
    const auto child = ::fork();
    if (child == 0) {
        std::thread{[&] { ::_exit(act(flow, scene, target, step)); }}.join(); // a thread shares no connection with the parent
    }
    int status = 0;
    if (::waitpid(child, &status, 0) != child) throw std::runtime_error{"waitpid"};
    if (WIFSIGNALED(status)) return WTERMSIG(status) == SIGKILL;
    BOOST_TEST(WEXITSTATUS(status) == 0);
    return false;
}

std::size_t findings()
{
    const auto found = service::Verification{fake::database()}.verify().findings;
    for (const auto& finding : found) BOOST_TEST_MESSAGE(finding);
    return static_cast<std::size_t>(std::ranges::count_if(
        found, [](const std::string& finding) { return finding.starts_with("payment:") || finding.starts_with("ledger:"); }));
}

/// Something goes wrong at the gateway with the next calls, as often as that; it is well again when the guard ends.
class GatewayFault {
public:
    GatewayFault(gateway::StripeTransport& stripe, const std::string& kind, int times) : stripe_{stripe}
    {
        gateway::StripeForm form;
        form.add("kind", kind).add("times", times).add("delay_ms", 2000);
        if (stripe.post("fault", "/v1/test_helpers/faults", form, fake::new_name()).status() != 200)
            throw std::runtime_error{"the gateway takes no faults"};
    }
    ~GatewayFault() { stripe_.remove("fault", "/v1/test_helpers/faults"); }
    GatewayFault(const GatewayFault&) = delete;
    GatewayFault& operator=(const GatewayFault&) = delete;

private:
    gateway::StripeTransport& stripe_;
};

/// The flow's work while the gateway is faulty. Whoever is told "try again" has been told the truth.
void act_in_trouble(const Flow& flow, Scene& scene, const domain::Uuid& target, const std::string& kind, int times)
{
    const GatewayFault fault{scene.paying.stripe, kind, times};
    try {
        flow.act(scene.paying, scene, target);
    } catch (const domain::Unavailable&) {
    }
}

/// All that the gateway has to tell of an intent.
std::vector<domain::GatewayEvent> events_about(Scene& scene, const std::string& intent)
{
    std::vector<domain::GatewayEvent> found;
    std::string after;
    do {
        const auto page = scene.paying.gateway->events(fake::app().clock->now() - std::chrono::minutes{10}, after).value;
        std::ranges::copy_if(page.events, std::back_inserter(found), [&](const auto& event) { return event.object_id == intent; });
        after = page.after;
    } while (!after.empty());
    return found;
}

} // namespace

BOOST_AUTO_TEST_SUITE(crash_matrix)

// T12, P9, P12: events come in any order, twice, and before we know what they are about. (The first case here: those after it leave
// the gateway with thousands of events to look through.)
BOOST_AUTO_TEST_CASE(T12_events_in_any_order_and_twice_end_the_same)
{
    fake::FixedClock clock{fake::monday};
    fake::Paying listener{clock};
    const std::atomic<bool> go_on{false};
    listener.news.work(go_on); // has looked for what it missed, and does not do so again for an hour
    std::vector<std::size_t> order{0, 1, 2, 3};
    int orders = 0;
    do {
        Scene scene{"pm_card_authenticationRequired"};
        scene.planned();
        scene.recover();
        confirm_without_us(scene);
        const auto intent = fake::text("SELECT intent_id FROM charges WHERE invoice_id = ?", scene.invoice);
        const auto events = events_about(scene, intent);
        BOOST_TEST_REQUIRE(events.size() >= order.size());
        for (int twice = 0; twice < 2; ++twice)
            for (const auto place : order) {
                listener.events.keep(events[place]);
                listener.news.work(go_on);
            }
        const auto outcome = scene.taken();
        BOOST_TEST(outcome == "1 of 3000 at the gateway, 1 of 3000 in the books, 0 open", outcome);
        ++orders;
    } while (std::ranges::next_permutation(order).found);
    std::printf("events of a payment with 3-D Secure, each twice, in %d orders: paid once in each\n", orders);
    BOOST_TEST(findings() == 0u);
}

// T9, P3, P40: the process is killed at every step.
BOOST_AUTO_TEST_CASE(T9_money_moves_once_wherever_a_process_dies)
{
    std::printf("%-28s %6s %6s   %s\n", "killed at every step of", "kills", "wrong", "every story ends with");
    for (const auto& flow : flows()) {
        int kills = 0, wrong = 0;
        for (int step = 1;; ++step) {
            Scene scene{flow.card};
            const auto target = flow.prepare(scene);
            const bool died = dies(flow, scene, target, step);
            kills += died;
            scene.recover();
            flow.finish(scene);
            const auto outcome = flow.outcome(scene);
            BOOST_TEST(outcome == flow.expected, flow.name << ", step " << step << ": " << outcome);
            wrong += outcome != flow.expected;
            if (!died) break;
        }
        BOOST_TEST(kills > 10);
        std::printf("%-28s %6d %6d   %s\n", flow.name, kills, wrong, flow.expected.c_str());
        std::fflush(stdout);
    }
    BOOST_TEST(findings() == 0u);
}

// T9, T13, P3, P8: the gateway cuts, fails, refuses and dawdles; once, and for as long as it is asked.
BOOST_AUTO_TEST_CASE(T9_money_moves_once_whatever_the_gateway_does)
{
    const std::vector<std::string> kinds{
        "drop_before", "drop_after", "error_after_commit", "delay", "rate_limit", "lock_timeout", "processing", "duplicate_webhook"};
    std::printf("%-28s", "the gateway is faulty in");
    for (const auto& kind : kinds) std::printf(" %s", kind.c_str());
    std::printf("\n");
    for (const auto& flow : flows()) {
        std::printf("%-28s", flow.name);
        for (const auto& kind : kinds) {
            bool right = true;
            for (const int times : kind == "processing" ? std::vector{1} : std::vector{1, 2, 1000}) {
                Scene scene{flow.card};
                const auto target = flow.prepare(scene);
                act_in_trouble(flow, scene, target, kind, times);
                scene.recover();
                flow.finish(scene);
                settle_processing(scene);
                const auto outcome = flow.outcome(scene);
                BOOST_TEST(outcome == flow.expected, flow.name << ", " << kind << " x " << times << ": " << outcome);
                right = right && outcome == flow.expected;
            }
            std::printf(" %*s", static_cast<int>(kind.size()), right ? "once" : "WRONG");
        }
        std::printf("\n");
    }
    BOOST_TEST(findings() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
