#include "domain/checkout_status.h"

#include <boost/test/unit_test.hpp>

#include <optional>

namespace {

using domain::AttemptState;
using domain::CheckoutStanding;
using domain::CustomerKind;
using domain::OrderStatus;
using enum domain::OrderStatus;

struct Case {
    const char* expected{};
    CheckoutStanding standing{};
};

const domain::Instant placed_at = domain::instant_from("2026-03-02T10:00:00Z").value();

} // namespace

BOOST_AUTO_TEST_SUITE(checkout_status)

BOOST_AUTO_TEST_CASE(the_status_follows_from_the_orders_and_the_payment)
{
    const std::vector<Case> cases{
        {"cancelled", {.orders = {cancelled}}}, {"cancelled", {.orders = {cancelled, cancelled}, .waits_for_member = true}},
        {"checking", {.orders = {placed}}}, // the worker did not come to it yet
        {"checking", {.orders = {awaiting_payment}}}, {"notPaid", {.orders = {placed}, .waits_for_member = true}},
        {"notPaid", {.orders = {awaiting_payment, cancelled}, .waits_for_member = true}},
        {"checking", {.orders = {awaiting_payment}, .waits_for_member = true, .last_try = AttemptState::asked}},
        {"checking", {.orders = {awaiting_payment}, .waits_for_member = true, .is_settled = true}}, // by bank transfer
        {"checking", {.orders = {awaiting_payment}, .last_try = AttemptState::planned}},
        {"checking", {.orders = {awaiting_payment}, .last_try = AttemptState::processing}},
        {"notPaid", {.orders = {awaiting_payment}, .last_try = AttemptState::waiting}}, // the buyer has to confirm
        {"notPaid", {.orders = {awaiting_payment}, .last_try = AttemptState::failed}},
        {"notPaid", {.orders = {awaiting_payment}, .last_try = AttemptState::canceled}},
        {"checking", {.orders = {awaiting_payment}, .is_settled = true, .last_try = AttemptState::failed}},
        {"delivering", {.orders = {provisioning}}}, {"delivering", {.orders = {active, provisioning, cancelled}}},
        {"delivered", {.orders = {active}}}, {"delivered", {.orders = {active, cancelled}}},
        {"delivered", {.orders = {suspended, ended}, .last_try = AttemptState::failed}}, // of a later period: not the purchase's
    };
    for (std::size_t i = 0; i < cases.size(); ++i)
        BOOST_TEST(domain::to_text(domain::status_of(cases[i].standing)) == cases[i].expected, "case " << i);
}

BOOST_AUTO_TEST_CASE(consumers_in_the_eu_may_withdraw_for_fourteen_days)
{
    const auto until = domain::instant_from("2026-03-16T10:00:00Z");
    for (const auto* country : {"DE", "FR", "GR", "MC"})
        BOOST_TEST((domain::retraction_until(CustomerKind::consumer, country, placed_at, false) == until), country);
}

BOOST_AUTO_TEST_CASE(nobody_else_may_nor_who_waived_it)
{
    for (const auto* country : {"CH", "US", "GB", ""})
        BOOST_TEST(!domain::retraction_until(CustomerKind::consumer, country, placed_at, false), country);
    BOOST_TEST(!domain::retraction_until(CustomerKind::business, "DE", placed_at, false));
    BOOST_TEST(!domain::retraction_until(CustomerKind::consumer, "DE", placed_at, true));
}

BOOST_AUTO_TEST_SUITE_END()
