#include "domain/vat_treatment.h"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <numeric>
#include <random>

namespace {

namespace bdata = boost::unit_test::data;
using domain::CustomerKind;
using domain::decide_vat;
using domain::VatCustomer;
using domain::VatFlag;
using domain::VatIdState;
using domain::VatNote;
using domain::VatTreatment;

domain::Day day(const char* text) { return domain::date_from(text).value(); }

VatCustomer consumer(const char* country, const char* postcode = "")
{
    return {.kind = CustomerKind::consumer, .country = country, .postcode = postcode};
}

VatCustomer business(const char* country, VatIdState state)
{
    return {.kind = CustomerKind::business, .country = country, .vat_id = state};
}

const VatIdState states[] = {
    VatIdState::none, VatIdState::pending, VatIdState::unknown, VatIdState::given_up, VatIdState::invalid, VatIdState::valid};

struct Place {
    const char* country;
    const char* postcode;
    friend std::ostream& operator<<(std::ostream& out, const Place& place) { return out << place.country << '-' << place.postcode; }
};

const Place outside[] = {{"DE", "27498"}, {"DE", "D-27498"}, {"IT", "23041"}, {"IT", "22061"}, {"ES", "35001"}, {"ES", "38 001"},
    {"ES", "51001"}, {"ES", "52999"}, {"FI", "22100"}, {"FI", "FI-22100"}, {"FR", "97100"}, {"FR", "97690"}, {"GR", "63086"},
    {"EL", "630 86"}};

const Place inside[] = {{"DE", "27499"}, {"DE", "10115"}, {"DE", "274980"}, {"IT", "23042"}, {"ES", "08001"}, {"ES", "3500"},
    {"FI", "00100"}, {"FI", "21000"}, {"FR", "97000"}, {"FR", "97700"}, {"FR", "75001"}, {"GR", "10552"}, {"AT", "27498"}, {"DE", ""}};

} // namespace

BOOST_AUTO_TEST_SUITE(vat_treatment)

BOOST_AUTO_TEST_CASE(the_swiss_vat_area_is_domestic_for_everybody)
{
    for (const auto state : states) {
        const auto decision = decide_vat(business(state == VatIdState::valid ? "LI" : "CH", state), false);
        BOOST_TEST((decision.treatment == VatTreatment::ch_domestic));
        BOOST_TEST((decision.note == VatNote::ch_vat));
        BOOST_TEST(decision.country == "CH");
        BOOST_TEST(decision.is_taxed());
    }
    BOOST_TEST((decide_vat(consumer("DE", "78266"), false).treatment == VatTreatment::ch_domestic)); // Büsingen
    BOOST_TEST((decide_vat(consumer("DE", "D-78266"), false).treatment == VatTreatment::ch_domestic));
    BOOST_TEST((decide_vat(consumer("FR", "78266"), false).treatment == VatTreatment::block_no_oss));
}

BOOST_DATA_TEST_CASE(territories_outside_eu_vat_are_abroad, bdata::make(outside), place)
{
    const auto decision = decide_vat(consumer(place.country, place.postcode), true);
    BOOST_TEST((decision.treatment == VatTreatment::abroad_no_vat));
    BOOST_TEST((decision.flag == VatFlag::territory_check));
    BOOST_TEST((decision.note == VatNote::abroad));
}

BOOST_DATA_TEST_CASE(other_postcodes_are_in_the_eu, bdata::make(inside), place)
{
    BOOST_TEST((decide_vat(consumer(place.country, place.postcode), true).treatment == VatTreatment::eu_oss));
}

BOOST_AUTO_TEST_CASE(a_business_with_a_valid_id_accounts_for_the_tax_itself)
{
    const auto decision = decide_vat(business("DE", VatIdState::valid), false);
    BOOST_TEST((decision.treatment == VatTreatment::eu_reverse_charge));
    BOOST_TEST((decision.note == VatNote::eu_reverse_charge));
    BOOST_TEST(!decision.is_taxed());
    BOOST_TEST(!decision.is_held());
}

// T23: "VIES is down" was read as "valid" elsewhere, or kept everybody from ordering.
BOOST_AUTO_TEST_CASE(t23_no_answer_is_neither_valid_nor_invalid)
{
    for (const auto state : {VatIdState::pending, VatIdState::unknown}) {
        const auto decision = decide_vat(business("DE", state), true);
        BOOST_TEST((decision.treatment == VatTreatment::hold_vat_check));
        BOOST_TEST((decision.note == VatNote::none));
        BOOST_TEST(decision.is_held());
    }
}

BOOST_AUTO_TEST_CASE(without_a_valid_id_a_business_is_taxed_like_a_consumer)
{
    for (const auto state : {VatIdState::none, VatIdState::invalid, VatIdState::given_up}) {
        const auto decision = decide_vat(business("DE", state), true);
        BOOST_TEST((decision.treatment == VatTreatment::eu_oss));
        BOOST_TEST(decision.country == "DE");
        BOOST_TEST((decide_vat(business("DE", state), false).treatment == VatTreatment::block_no_oss));
    }
}

// Art. 18(2) of Regulation 282/2011: who gave no VAT id may be treated as a consumer whatever else is known.
BOOST_AUTO_TEST_CASE(a_consumer_is_one_whatever_vies_says)
{
    for (const auto state : states) {
        auto customer = consumer("DE");
        customer.vat_id = state;
        BOOST_TEST((decide_vat(customer, true).treatment == VatTreatment::eu_oss));
    }
}

BOOST_AUTO_TEST_CASE(nobody_in_the_eu_is_sold_to_without_the_one_stop_shop)
{
    const auto decision = decide_vat(consumer("DE"), false);
    BOOST_TEST((decision.treatment == VatTreatment::block_no_oss));
    BOOST_TEST(decision.is_held());
}

BOOST_AUTO_TEST_CASE(elsewhere_no_tax_is_due_here_and_consumers_are_flagged)
{
    for (const char* country : {"US", "GB", "NO", "JP"}) {
        const auto firm = decide_vat(business(country, VatIdState::none), false);
        BOOST_TEST((firm.treatment == VatTreatment::abroad_no_vat));
        BOOST_TEST((firm.flag == VatFlag::none));
        const auto person = decide_vat(consumer(country), false);
        BOOST_TEST((person.treatment == VatTreatment::abroad_no_vat));
        BOOST_TEST((person.flag == VatFlag::local_tax_check));
    }
}

BOOST_AUTO_TEST_CASE(some_countries_count_as_others)
{
    BOOST_TEST(decide_vat(consumer("GR"), true).country == "EL");
    BOOST_TEST(decide_vat(consumer("MC"), true).country == "FR");
    BOOST_TEST(decide_vat(consumer("IM"), true).country == "GB");
    BOOST_TEST(decide_vat(consumer("XI"), true).country == "GB");
    BOOST_TEST((decide_vat(business("MC", VatIdState::valid), true).treatment == VatTreatment::eu_reverse_charge));
    BOOST_TEST((decide_vat(business("XI", VatIdState::valid), true).treatment == VatTreatment::abroad_no_vat));
}

BOOST_AUTO_TEST_CASE(names_are_read_back)
{
    using enum VatTreatment;
    for (const auto treatment : {ch_domestic, eu_reverse_charge, hold_vat_check, eu_oss, block_no_oss, abroad_no_vat})
        BOOST_TEST((domain::vat_treatment_from(to_text(treatment)) == treatment));
    for (const auto note : {VatNote::none, VatNote::ch_vat, VatNote::eu_reverse_charge, VatNote::eu_oss, VatNote::abroad})
        BOOST_TEST((domain::vat_note_from(to_text(note)) == note));
    BOOST_CHECK_THROW(domain::vat_treatment_from("EU"), std::domain_error);
    BOOST_CHECK_THROW(domain::vat_note_from("-"), std::domain_error);
}

// T29: the rate changes within a period, and both rates are shown apart.
BOOST_AUTO_TEST_CASE(t29_a_period_over_a_change_has_a_part_for_each_rate)
{
    const domain::VatHistory swiss{{{day("2018-01-01"), {770}}, {day("2024-01-01"), {810}}}};
    const auto parts = split_by_rate(swiss, {day("2023-12-16"), day("2024-01-16")}, 3500);
    BOOST_REQUIRE(parts.size() == 2u);
    BOOST_TEST(parts[0].net == 1806);
    BOOST_TEST(parts[0].tax == 139);
    BOOST_TEST((parts[0].days == domain::Period{day("2023-12-16"), day("2024-01-01")}));
    BOOST_TEST(parts[1].net == 1694);
    BOOST_TEST(parts[1].tax == 137);
    BOOST_TEST((parts[1].days == domain::Period{day("2024-01-01"), day("2024-01-16")}));
}

BOOST_AUTO_TEST_CASE(the_parts_of_any_period_tile_it_and_add_up)
{
    const unsigned seed = std::random_device{}();
    std::mt19937 random{seed};
    for (int i = 0; i < 1000; ++i) {
        std::vector<domain::VatHistory::Entry> entries;
        auto from = day("2020-01-01");
        for (int k = 0; k < 5; ++k, from += std::chrono::days{1 + random() % 40})
            entries.push_back({from, {static_cast<int>(random() % 3000)}});
        const auto start = day("2019-12-20") + std::chrono::days{random() % 60};
        const domain::Period days{start, start + std::chrono::days{1 + random() % 90}};
        const auto net = static_cast<std::int64_t>(random() % 1'000'000) - 500'000;
        const auto parts = split_by_rate(domain::VatHistory{entries}, days, net);
        const auto sum =
            std::accumulate(parts.begin(), parts.end(), std::int64_t{0}, [](auto total, const auto& part) { return total + part.net; });
        BOOST_TEST(sum == net, "seed " << seed);
        BOOST_TEST((parts.front().days.start == days.start && parts.back().days.end == days.end), "seed " << seed);
        for (std::size_t k = 1; k < parts.size(); ++k) {
            BOOST_TEST((parts[k].days.start == parts[k - 1].days.end), "seed " << seed);
            BOOST_TEST((parts[k].rate != parts[k - 1].rate), "seed " << seed);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
