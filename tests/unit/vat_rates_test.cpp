#include "domain/vat_rates.h"

#include <boost/test/unit_test.hpp>

namespace {

using domain::CustomerKind;
using domain::VatIdState;
using domain::VatRate;
using domain::VatRates;

domain::Day day(const char* text) { return domain::date_from(text).value(); }

const VatRates rates{{{"FI", "standard", day("2024-09-01"), {2550}}, {"CH", "reduced", day("2024-01-01"), {260}},
    {"CH", "standard", day("2024-01-01"), {810}}, {"FI", "standard", day("2013-01-01"), {2400}},
    {"CH", "standard", day("2018-01-01"), {770}}}};

domain::VatDecision decision(CustomerKind kind, const char* country, VatIdState state = VatIdState::none)
{
    return domain::decide_vat({.kind = kind, .country = country, .vat_id = state}, true);
}

} // namespace

BOOST_AUTO_TEST_SUITE(vat_rates)

BOOST_AUTO_TEST_CASE(facts_may_come_in_any_order)
{
    BOOST_TEST((rates.of("CH", "standard").rate_on(day("2023-12-31")) == VatRate{770}));
    BOOST_TEST((rates.of("CH", "standard").rate_on(day("2024-01-01")) == VatRate{810}));
    BOOST_TEST((rates.of("FI", "standard").rate_on(day("2024-08-31")) == VatRate{2400}));
    BOOST_TEST((rates.of("FI", "standard").next_change(day("2020-01-01")) == day("2024-09-01")));
}

// A state of which nobody knows the rate must not be taxed with nothing.
BOOST_AUTO_TEST_CASE(an_unknown_rate_is_no_rate_of_zero)
{
    BOOST_CHECK_THROW(rates.of("DE", "standard"), std::domain_error);
    BOOST_CHECK_THROW(rates.under(decision(CustomerKind::consumer, "DE"), "standard"), std::domain_error);
    BOOST_CHECK_THROW(rates.under(decision(CustomerKind::consumer, "CH"), "lodging"), std::domain_error);
}

BOOST_AUTO_TEST_CASE(the_class_of_a_product_counts_in_switzerland_alone)
{
    const auto on = day("2026-01-01");
    BOOST_TEST((rates.under(decision(CustomerKind::consumer, "CH"), "reduced").rate_on(on) == VatRate{260}));
    BOOST_TEST((rates.under(decision(CustomerKind::consumer, "FI"), "reduced").rate_on(on) == VatRate{2550}));
}

BOOST_AUTO_TEST_CASE(nothing_is_due_abroad_nor_on_what_is_outside_vat)
{
    const auto on = day("2026-01-01");
    BOOST_TEST((rates.under(decision(CustomerKind::business, "FI", VatIdState::valid), "standard").rate_on(on) == VatRate{}));
    BOOST_TEST((rates.under(decision(CustomerKind::consumer, "US"), "standard").rate_on(on) == VatRate{}));
    BOOST_TEST((rates.under(decision(CustomerKind::consumer, "FI"), "").rate_on(on) == VatRate{}));
    BOOST_TEST((rates.under(decision(CustomerKind::consumer, "CH"), "").rate_on(on) == VatRate{}));
}

BOOST_AUTO_TEST_CASE(what_is_held_has_no_lines_and_what_is_untaxed_has_one)
{
    const domain::Period days{day("2024-08-15"), day("2024-09-15")};
    BOOST_TEST(vat_parts(decision(CustomerKind::business, "FI", VatIdState::unknown), rates, "standard", days, 3100).empty());
    BOOST_TEST(vat_parts(decision(CustomerKind::business, "FI", VatIdState::valid), rates, "standard", days, 3100).size() == 1u);
    const auto parts = vat_parts(decision(CustomerKind::consumer, "FI"), rates, "standard", days, 3100);
    BOOST_REQUIRE(parts.size() == 2u);
    BOOST_TEST(parts[0].net == 1700);
    BOOST_TEST(parts[0].tax == 408);
    BOOST_TEST(parts[1].net == 1400);
    BOOST_TEST(parts[1].tax == 357);
}

BOOST_AUTO_TEST_SUITE_END()
