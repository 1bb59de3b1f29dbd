#include "fake/deadlocks.h"
#include "fake/shop.h"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <set>

namespace {

using domain::PaymentMethod;
using domain::PaymentMethodStatus;
using domain::Reason;
using fake::refusal_of;
using gateway::CardState;
using service::RegisteredMethod;
using store::Session;

struct Wallet : fake::Shop {
    Wallet() { forget_jobs(); }

    domain::Identity annie = fake::new_member(); // has no way to pay yet

    RegisteredMethod write_down(const service::AttachedCard& attached)
    {
        return fake::in_transaction([&](Session& session) { return methods.register_card(session, annie.member, attached); });
    }
    RegisteredMethod add_card(const std::string& token, const std::string& attempt = fake::new_name())
    {
        return write_down(methods.attach(annie.member, token, attempt));
    }
    RegisteredMethod apply()
    {
        return fake::in_transaction([&](Session& session) { return methods.apply_for_invoice(session, annie.member); });
    }
    void remove(const PaymentMethod& method)
    {
        fake::in_transaction([&](Session& session) { methods.remove(session, annie.member, method.uuid); });
    }
    PaymentMethod make_default(const PaymentMethod& method)
    {
        return fake::in_transaction([&](Session& session) { return methods.make_default(session, annie.member, method.uuid); });
    }
    std::vector<PaymentMethod> list() { return methods.list(annie.member); }
    std::size_t defaults()
    {
        const auto all = list();
        return static_cast<std::size_t>(std::ranges::count(all, true, &PaymentMethod::is_default));
    }

    static std::string state_of_job(const PaymentMethod& method)
    {
        return fake::text("SELECT COALESCE(MAX(state), 'none') FROM jobs WHERE kind = 'card_detach' AND target = ?", method.uuid);
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(payment_methods, Wallet)

BOOST_AUTO_TEST_CASE(the_first_card_is_the_default)
{
    const auto first = add_card("a");
    BOOST_TEST(first.is_new);
    BOOST_TEST(first.method.is_default);
    BOOST_TEST((first.method.status == PaymentMethodStatus::active));
    BOOST_TEST(first.method.card->last4 == "4242");
    BOOST_TEST(!add_card("b").method.is_default);
    BOOST_TEST(list().size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_member_has_one_customer_at_the_gateway)
{
    add_card("a");
    add_card("b");
    methods.customer_of(annie.member);
    BOOST_TEST(cards.customers_asked == 1);
    BOOST_TEST(std::set(cards.customers.begin(), cards.customers.end()).size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_refused_card_is_a_refusal_and_no_answer_is_a_failure)
{
    cards.state = CardState::refused;
    BOOST_TEST((refusal_of([&] { methods.attach(annie.member, "a", "1"); }) == Reason::card_refused));
    BOOST_TEST((refusal_of([&] { methods.tokenize({}); }) == Reason::card_refused));
    cards.state = CardState::unknown;
    BOOST_CHECK_THROW(methods.attach(annie.member, "a", "1"), domain::Unavailable);
    BOOST_CHECK_THROW(methods.tokenize({}), domain::Unavailable);
    BOOST_TEST(list().empty());
}

BOOST_AUTO_TEST_CASE(who_never_signed_in_registers_nothing)
{
    BOOST_TEST((refusal_of([&] { methods.attach(domain::MemberId{INT64_MAX}, "a", "1"); }) == Reason::not_a_member));
}

BOOST_AUTO_TEST_CASE(the_same_attempt_again_is_the_same_card_and_nothing_to_untie)
{
    const auto first = add_card("a", "attempt");
    const auto second = add_card("a", "attempt");
    BOOST_TEST(!second.is_new);
    BOOST_TEST((second.method.uuid == first.method.uuid));
    BOOST_TEST(fake::count("SELECT COUNT(*) FROM payment_methods WHERE member_id = ?", fake::number(annie.member)) == 1);
}

// The gateway makes a new one of each token, so the second must not stay there unknown to us.
BOOST_AUTO_TEST_CASE(the_same_card_again_is_not_registered_and_untied_at_the_gateway)
{
    const auto first = add_card("a");
    const auto attached = methods.attach(annie.member, "a", "another attempt");
    const auto second = write_down(attached);
    BOOST_TEST(!second.is_new);
    BOOST_TEST((second.method.uuid == first.method.uuid));
    BOOST_TEST(list().size() == 1u);
    BOOST_TEST(work_until([] { return fake::count("SELECT COUNT(*) FROM jobs WHERE kind = 'card_detach' AND state = 'done'") == 1; }));
    BOOST_TEST(cards.detached == std::vector{attached.card.gateway_id}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(sixteen_registrations_of_one_card_at_once_are_one)
{
    const auto attached = methods.attach(annie.member, "a", "attempt");
    std::atomic<int> new_ones{0};
    const auto deadlocks = fake::deadlocks();
    fake::at_once(16, [&](int) { new_ones += write_down(attached).is_new ? 1 : 0; });
    BOOST_TEST(fake::deadlocks() == deadlocks);
    BOOST_TEST(new_ones == 1);
    BOOST_TEST(list().size() == 1u);
    BOOST_TEST(defaults() == 1u);
}

BOOST_AUTO_TEST_CASE(applying_twice_is_one_application)
{
    const auto first = apply();
    const auto second = apply();
    BOOST_TEST(first.is_new);
    BOOST_TEST(!second.is_new);
    BOOST_TEST((second.method.uuid == first.method.uuid));
    BOOST_TEST((first.method.status == PaymentMethodStatus::requested));

    std::set<std::string> uuids;
    std::mutex mutex;
    fake::at_once(16, [&](int) {
        const auto uuid = apply().method.uuid.text();
        const std::lock_guard lock{mutex};
        uuids.insert(uuid);
    });
    BOOST_TEST(uuids.size() == 1u);
}

BOOST_AUTO_TEST_CASE(only_an_active_method_of_ones_own_becomes_the_default)
{
    const auto first = add_card("a").method;
    const auto second = add_card("b").method;
    BOOST_TEST(make_default(second).is_default);
    BOOST_TEST(defaults() == 1u);
    BOOST_TEST((refusal_of([&] { make_default(apply().method); }) == Reason::payment_method_in_use));
    BOOST_TEST((refusal_of([&] { fake::in_transaction([&](Session& session) { methods.make_default(session, nico.member, first.uuid); }); })
        == Reason::not_found));
    remove(first);
    BOOST_TEST((refusal_of([&] { make_default(first); }) == Reason::not_found));
}

BOOST_AUTO_TEST_CASE(many_who_choose_a_default_at_once_leave_one)
{
    std::vector<PaymentMethod> all;
    for (int i = 0; i < 4; ++i) all.push_back(add_card(std::to_string(i)).method);
    fake::at_once(16, [&](int i) { make_default(all[static_cast<std::size_t>(i) % all.size()]); });
    BOOST_TEST(defaults() == 1u);
}

BOOST_AUTO_TEST_CASE(a_default_chosen_while_it_is_removed_leaves_one_that_can_pay)
{
    for (int round = 0; round < 10; ++round) {
        const auto name = std::to_string(round);
        const auto kept = add_card("kept " + name).method;
        const auto removed = add_card("removed " + name).method;
        fake::at_once(2, [&](int i) {
            if (i == 0) remove(removed);
            else refusal_of([&] { make_default(removed); });
        });
        BOOST_TEST(defaults() == 1u);
        BOOST_TEST(
            fake::count("SELECT COUNT(*) FROM payment_methods WHERE default_of = ? AND status <> 'active'", fake::number(annie.member))
            == 0);
        remove(kept);
    }
}

BOOST_AUTO_TEST_CASE(the_last_way_to_pay_stays_while_an_order_runs)
{
    const auto card = add_card("a").method;
    const auto hosting = place(order_of(annie, "django-hosting", {.cores = 1, .ram_mb = 512, .os_disk_gb = 10})).order;
    BOOST_TEST((refusal_of([&] { remove(card); }) == Reason::payment_method_in_use));
    const auto other = add_card("b").method;
    remove(card);
    BOOST_TEST((refusal_of([&] { remove(other); }) == Reason::payment_method_in_use));
    fake::in_transaction([&](Session& session) { ordering.cancel(session, annie, hosting.uuid, service::CancelWhen::now); });
    remove(other);
    BOOST_TEST(list().empty());
}

BOOST_AUTO_TEST_CASE(of_two_ways_to_pay_removed_at_once_one_stays_while_an_order_runs)
{
    const std::vector both{add_card("a").method, add_card("b").method};
    place(order_of(annie, "django-hosting", {.cores = 1, .ram_mb = 512, .os_disk_gb = 10}));
    std::atomic<int> removed{0};
    fake::at_once(2, [&](int i) { removed += refusal_of([&] { remove(both[static_cast<std::size_t>(i)]); }) ? 0 : 1; });
    BOOST_TEST(removed == 1);
    BOOST_TEST(list().size() == 1u);
    BOOST_TEST(defaults() == 1u);
}

BOOST_AUTO_TEST_CASE(a_removed_card_is_untied_by_the_worker)
{
    const auto card = add_card("a").method;
    remove(card);
    BOOST_TEST(list().empty());
    BOOST_TEST(cards.detached.empty()); // not within the request
    BOOST_TEST(work_until([&] { return state_of_job(card) == "done"; }));
    BOOST_TEST(cards.detached == std::vector{card.card->gateway_id}, boost::test_tools::per_element());
    BOOST_TEST((refusal_of([&] { remove(card); }) == Reason::not_found));
}

BOOST_AUTO_TEST_CASE(a_gateway_that_does_not_answer_is_asked_again)
{
    const auto card = add_card("a").method;
    remove(card);
    cards.state = CardState::unknown;
    BOOST_TEST(!methods.detach_removed(card.uuid));
    cards.state = CardState::accepted;
    BOOST_TEST(methods.detach_removed(card.uuid));
    BOOST_TEST(methods.detach_removed(card.uuid)); // again: it is gone already
    BOOST_TEST(cards.detached.size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_card_in_use_is_never_untied)
{
    const auto card = add_card("a").method;
    BOOST_TEST(methods.detach_removed(card.uuid));
    BOOST_TEST(methods.detach_removed(gateway::random_uuid()));
    BOOST_TEST(cards.detached.empty());
}

BOOST_AUTO_TEST_CASE(a_withdrawn_application_asks_nothing_of_the_gateway)
{
    const auto applied = apply().method;
    remove(applied);
    BOOST_TEST(state_of_job(applied) == "none");
    BOOST_TEST(apply().is_new);
}

BOOST_AUTO_TEST_CASE(another_members_method_is_not_there)
{
    const auto card = add_card("a").method;
    BOOST_TEST((refusal_of([&] { fake::in_transaction([&](Session& session) { methods.remove(session, nico.member, card.uuid); }); })
        == Reason::not_found));
    BOOST_TEST(list().size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
