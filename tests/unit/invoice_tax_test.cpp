#include "domain/billing.h"
#include "domain/invoice.h"
#include "domain/ledger.h"

#include <boost/test/unit_test.hpp>

namespace {

using domain::CustomerKind;
using domain::LineKind;
using domain::LineRef;
using domain::VatIdState;
using domain::VatTreatment;

domain::Day day(const char* text) { return domain::date_from(text).value(); }

domain::InvoiceTax tax_of(CustomerKind kind, const char* country, VatIdState state = VatIdState::none)
{
    return domain::decide_tax({{kind, country, "", state}, "DE123456788", "WAPI1"}, {true, "EU372012345"});
}

domain::DraftLine line(int regime, LineKind kind, std::optional<LineRef> credits = {})
{
    return {.kind = kind, .credits = credits, .regime = regime};
}

/// What a subscription of one price is billed: advance, month by month.
struct Billed {
    domain::Item item{.sku = "vm", .interval = domain::Interval{}};
    domain::BillingAccount account{};

    explicit Billed(domain::VatHistory vat, bool includes_vat, std::int64_t unit, std::int64_t alike)
    {
        item.vat = std::move(vat);
        item.prices_include_vat = includes_vat;
        domain::Subscription order{.start = day("2026-01-01"), .trial_end = day("2026-01-01")};
        order.versions.push_back(
            {.from = day("2026-01-01"), .item = &item, .anchor = day("2026-01-01"), .unit_minor = unit, .alike_minor = alike});
        account.add(order);
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(invoice_tax)

BOOST_AUTO_TEST_CASE(a_document_says_by_whose_id_no_tax_is_charged_or_under_which_number_it_is_declared)
{
    const auto reverse = tax_of(CustomerKind::business, "DE", VatIdState::valid);
    BOOST_TEST(reverse.vat_id == "DE123456788");
    BOOST_TEST(reverse.consultation == "WAPI1");
    BOOST_TEST(reverse.oss_id == "");
    const auto oss = tax_of(CustomerKind::business, "DE", VatIdState::invalid);
    BOOST_TEST(oss.vat_id == "");
    BOOST_TEST(oss.consultation == "");
    BOOST_TEST(oss.oss_id == "EU372012345");
}

BOOST_AUTO_TEST_CASE(what_says_the_same_may_stand_together)
{
    auto later = tax_of(CustomerKind::business, "DE", VatIdState::valid);
    later.consultation = "WAPI2";
    BOOST_TEST(same_regime(later, tax_of(CustomerKind::business, "DE", VatIdState::valid)));
    BOOST_TEST(!same_regime(tax_of(CustomerKind::consumer, "DE"), tax_of(CustomerKind::consumer, "FR")));
    BOOST_TEST(!same_regime(tax_of(CustomerKind::consumer, "DE"), later));
    BOOST_TEST(same_regime(domain::InvoiceTax{}, tax_of(CustomerKind::consumer, "LI"))); // of before it was written down
}

// The chain of documents that were issued before must still be whole.
BOOST_AUTO_TEST_CASE(a_document_without_a_decision_has_the_text_that_it_had)
{
    domain::Invoice invoice{.reason = "r"};
    const auto before = canonical_text(invoice);
    BOOST_TEST(before.find("vat_treatment") == std::string::npos);
    invoice.tax = tax_of(CustomerKind::business, "DE", VatIdState::valid);
    const auto after = canonical_text(invoice);
    for (const char* item : {"\nvat_treatment EU_REVERSE_CHARGE\n", "\nvat_country DE\n", "\nvat_note eu_reverse_charge\n",
             "\nvat_id_used DE123456788\n", "\nvat_consultation WAPI1\n", "\noss_id \n"})
        BOOST_TEST(after.find(item) != std::string::npos, item);
    auto without = after;
    const auto begin = without.find("vat_treatment");
    without.erase(begin, without.find("net 0") - begin);
    BOOST_TEST(without == before);
}

BOOST_AUTO_TEST_CASE(another_states_tax_has_its_own_account)
{
    BOOST_TEST(domain::account::vat_payable({810}) == "vat_payable:8.1");
    BOOST_TEST(domain::account::vat_payable({1900}, "DE") == "vat_payable:DE:19");
    const domain::InvoiceLine sold{.kind = LineKind::recurring, .sku = "vm", .net = {1000}, .rate = {1900}, .vat = {190}, .gross = {1190}};
    const auto entries = domain::document_entries({sold}, {}, {}, "DE");
    BOOST_REQUIRE(entries.size() == 2u);
    BOOST_TEST(entries[1].credit == "vat_payable:DE:19");
    BOOST_TEST(entries[1].amount.minor == 190);
}

BOOST_AUTO_TEST_CASE(documents_of_several_regimes_are_taken_apart_and_credits_still_find_their_charges)
{
    std::vector<domain::Draft> drafts;
    drafts.push_back(
        {10, day("2026-01-01"), {line(1, LineKind::credit, LineRef{3, 7}), line(0, LineKind::recurring), line(0, LineKind::recurring)}});
    drafts.push_back({11, day("2026-01-02"), {line(0, LineKind::credit, LineRef{10, 3})}});
    const auto apart = domain::apart_by_regime(drafts, 10);
    BOOST_REQUIRE(apart.size() == 3u);
    BOOST_TEST(apart[0].lines.size() == 2u); // what holds now comes first
    BOOST_TEST(apart[1].lines.size() == 1u);
    BOOST_TEST(apart[1].document == 11);
    BOOST_TEST((apart[1].lines[0].credits == LineRef{3, 7})); // an older document's number stays
    BOOST_TEST(apart[2].document == 12);
    BOOST_TEST((apart[2].lines[0].credits == LineRef{10, 2}));
}

BOOST_AUTO_TEST_CASE(documents_of_one_regime_stay_as_they_are)
{
    std::vector<domain::Draft> drafts;
    drafts.push_back({5, day("2026-01-01"), {line(0, LineKind::recurring)}});
    drafts.push_back({6, day("2026-02-01"), {line(0, LineKind::credit, LineRef{5, 1})}});
    const auto apart = domain::apart_by_regime(drafts, 5);
    BOOST_REQUIRE(apart.size() == 2u);
    BOOST_TEST(apart[1].document == 6);
    BOOST_TEST((apart[1].lines[0].credits == LineRef{5, 1}));
}

// A customer that moves abroad in the middle of what it has paid is not credited and charged anew for it.
BOOST_AUTO_TEST_CASE(the_same_price_reckoned_otherwise_is_not_billed_again)
{
    const domain::VatHistory swiss{{{day("2024-01-01"), {810}}}};
    const domain::VatHistory german{{{day("2021-01-01"), {1900}}}};
    Billed before{swiss, true, 1300, 1203};
    BOOST_REQUIRE(bill(before.account, day("2026-01-01"), 1).size() == 1u);

    Billed after{german, false, 1203, 1300};
    after.account.charges = before.account.charges;
    BOOST_TEST(bill(after.account, day("2026-01-15"), 2).empty());
    const auto next = bill(after.account, day("2026-02-01"), 3);
    BOOST_REQUIRE(next.size() == 1u);
    BOOST_TEST(next[0].net == 1203);
    BOOST_TEST(next[0].vat == 229);
    BOOST_TEST(!next[0].includes_vat);
}

BOOST_AUTO_TEST_CASE(another_price_is_billed_anew_wherever_the_customer_lives)
{
    const domain::VatHistory swiss{{{day("2024-01-01"), {810}}}};
    Billed before{swiss, true, 1300, 1203};
    BOOST_REQUIRE(bill(before.account, day("2026-01-01"), 1).size() == 1u);
    Billed after{{}, false, 1300, 1405}; // 13.00 without tax is not 13.00 with tax
    after.account.charges = before.account.charges;
    const auto lines = bill(after.account, day("2026-01-15"), 2);
    BOOST_TEST(lines.size() == 2u);
}

BOOST_AUTO_TEST_SUITE_END()
