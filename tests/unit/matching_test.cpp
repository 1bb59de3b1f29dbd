#include "bank/matching.h"
#include "fake/bank_ledger.h"

#include <boost/test/unit_test.hpp>

namespace {

using domain::BankOutcome;
using fake::BankLedger;

const domain::BankStatement statement{.id = "N-1", .iban = "CH7189999000000012345"};
const std::string reference = "202611000000000000000000012"; ///< CHF 5.00
const std::string euro_reference = "RF692026A0201";          ///< EUR 99.00

BankLedger ledger_of_two()
{
    BankLedger ledger;
    ledger.add(reference, "2026-0001", domain::Currency::chf, 500);
    ledger.add(euro_reference, "2026-0201", domain::Currency::eur, 9900);
    return ledger;
}

domain::BankDetail detail(const std::string& key, std::int64_t amount, std::vector<std::string> references = {reference})
{
    return {.servicer_reference = key, .amount = amount, .references = std::move(references)};
}

domain::BankEntry entry(const std::string& key, std::vector<domain::BankDetail> details, std::int64_t amount = 500)
{
    return {.position = 1, .servicer_reference = key, .amount = {amount}, .booked = true, .details = std::move(details)};
}

domain::BankEntry reversal(const std::string& key, std::vector<domain::BankDetail> details)
{
    auto result = entry(key, std::move(details));
    result.credit = false;
    result.reversal = true;
    for (auto& each : result.details) each.credit = false;
    return result;
}

/// The outcomes, in order, by name.
std::string outcomes(BankLedger& ledger, const domain::BankEntry& which)
{
    std::string text;
    for (const auto& result : ledger.take(statement, which)) text += (text.empty() ? "" : " ") + std::string{to_text(result.outcome)};
    return text;
}

std::string outcome_of(std::vector<std::string> references, std::int64_t amount = 500)
{
    auto ledger = ledger_of_two();
    return outcomes(ledger, entry("S", {detail("T", amount, std::move(references))}));
}

} // namespace

BOOST_AUTO_TEST_SUITE(matching)

BOOST_AUTO_TEST_CASE(the_amount_decides_how_an_invoice_is_paid)
{
    BOOST_TEST(outcome_of({reference}, 500) == "PAID");
    BOOST_TEST(outcome_of({reference}, 499) == "PARTIAL");
    BOOST_TEST(outcome_of({reference}, 501) == "OVERPAID");
}

BOOST_AUTO_TEST_CASE(what_is_paid_too_much_is_the_members_credit)
{
    auto ledger = ledger_of_two();
    BOOST_TEST(outcomes(ledger, entry("S", {detail("T", 700)})) == "OVERPAID");
    BOOST_TEST(ledger.bill(reference)->account.credit == 200);
    BOOST_TEST(ledger.bill(reference)->account.open() == 0);
}

// A customer who pays twice has paid twice: amount and date are no sign of a known booking.
BOOST_AUTO_TEST_CASE(an_invoice_paid_twice_is_a_duplicate_payment_and_all_of_it_credit)
{
    auto ledger = ledger_of_two();
    BOOST_TEST(outcomes(ledger, entry("S", {detail("T1", 500)})) == "PAID");
    BOOST_TEST(outcomes(ledger, entry("S2", {detail("T2", 500)})) == "DUPLICATE_PAYMENT");
    BOOST_TEST(ledger.bill(reference)->account.credit == 500);
}

BOOST_AUTO_TEST_CASE(two_parts_make_a_whole)
{
    auto ledger = ledger_of_two();
    BOOST_TEST(outcomes(ledger, entry("S", {detail("T1", 200), detail("T2", 300)})) == "PARTIAL PAID");
}

BOOST_AUTO_TEST_CASE(a_reference_that_cannot_be_used_goes_to_the_work_list)
{
    BOOST_TEST(outcome_of({}) == "NO_REFERENCE");
    BOOST_TEST(outcome_of({reference, euro_reference}) == "MULTIPLE_REFERENCES");
    BOOST_TEST(outcome_of({"202611000000000000000000013"}) == "BAD_REFERENCE");
    BOOST_TEST(outcome_of({"RF702026A0201"}) == "BAD_REFERENCE");
    BOOST_TEST(outcome_of({"000000000000000000000000000"}) == "BAD_REFERENCE");
    BOOST_TEST(outcome_of({"2026-0001"}) == "BAD_REFERENCE"); // the number of an invoice is no reference
    BOOST_TEST(outcome_of({"202611000000000000000040005"}) == "UNKNOWN_REFERENCE");
    BOOST_TEST(outcome_of({euro_reference}, 9900) == "WRONG_CURRENCY");
}

BOOST_AUTO_TEST_CASE(a_wrong_currency_settles_nothing_and_names_the_invoice)
{
    auto ledger = ledger_of_two();
    const auto results = ledger.take(statement, entry("S", {detail("T", 9900, {euro_reference})}));
    BOOST_TEST((results.at(0).outcome == BankOutcome::wrong_currency));
    BOOST_TEST(results[0].invoice == "2026-0201");
    BOOST_TEST(ledger.bill(euro_reference)->account.open() == 9900);
}

BOOST_AUTO_TEST_CASE(only_booked_credits_and_reversals_of_them_count)
{
    auto ledger = ledger_of_two();
    auto pending = entry("S", {detail("T", 500)});
    pending.booked = false;
    BOOST_TEST(outcomes(ledger, pending) == "IGNORED_NOT_BOOKED");
    auto debit = entry("S", {detail("T", 500)});
    debit.credit = false;
    BOOST_TEST(outcomes(ledger, debit) == "IGNORED_DEBIT");
    auto reversed_debit = entry("S", {detail("T", 500)});
    reversed_debit.reversal = true;
    BOOST_TEST(outcomes(ledger, reversed_debit) == "IGNORED_REVERSED_DEBIT");
    BOOST_TEST(outcomes(ledger, entry("S", {detail("T", 500)})) == "PAID"); // none of them made it known
}

BOOST_AUTO_TEST_CASE(a_detail_of_the_other_direction_is_ignored)
{
    auto ledger = ledger_of_two();
    auto fee = detail("T2", 100);
    fee.credit = false;
    BOOST_TEST(outcomes(ledger, entry("S", {detail("T1", 600), fee})) == "OVERPAID IGNORED_OPPOSITE_DETAIL");
}

BOOST_AUTO_TEST_CASE(a_refund_that_came_back_is_no_payment)
{
    auto ledger = ledger_of_two();
    auto returned = detail("T", 500);
    returned.returned = true;
    BOOST_TEST(outcomes(ledger, entry("S", {returned})) == "RETURN_OF_OUTGOING");
    BOOST_TEST(ledger.bill(reference)->account.open() == 500);
}

BOOST_AUTO_TEST_CASE(a_booking_is_known_by_the_banks_reference_whatever_file_tells_it)
{
    auto ledger = ledger_of_two();
    BOOST_TEST(outcomes(ledger, entry("S", {detail("T", 500)})) == "PAID");
    BOOST_TEST(outcomes(ledger, entry("S", {detail("T", 500)})) == "ALREADY_SEEN");
    BOOST_TEST(outcomes(ledger, entry("S", {})) == "ALREADY_SEEN"); // the statement without details
}

BOOST_AUTO_TEST_CASE(a_batch_waits_for_its_details)
{
    auto ledger = ledger_of_two();
    BOOST_TEST(outcomes(ledger, entry("S", {})) == "WAIT_DETAILS");
    BOOST_TEST(outcomes(ledger, entry("S", {})) == "ALREADY_SEEN");
    BOOST_TEST(outcomes(ledger, entry("S", {detail("T", 500)})) == "PAID");
    BOOST_TEST(outcomes(ledger, entry("S", {})) == "ALREADY_SEEN");
}

BOOST_AUTO_TEST_CASE(details_without_a_telling_reference_are_known_by_their_place)
{
    const auto keys = [](std::vector<std::string> references) {
        std::vector<domain::BankDetail> details;
        for (auto& each : references) details.push_back({.servicer_reference = std::move(each)});
        std::string text;
        for (const auto& key : bank::booking_keys(statement, entry("S", std::move(details)))) text += key + ' ';
        return text;
    };
    BOOST_TEST(keys({"A", "B"}) == "A B ");
    BOOST_TEST(keys({"", "B"}) == "S#1 B ");
    BOOST_TEST(keys({"S"}) == "S#1 ");
    BOOST_TEST(keys({"A", "A", "B"}) == "S#1 S#2 B ");
}

BOOST_AUTO_TEST_CASE(without_any_reference_of_the_bank_the_place_in_the_statement_counts)
{
    auto nameless = entry("", {detail("", 500)});
    nameless.position = 3;
    BOOST_TEST(bank::entry_key(statement, nameless) == "N-1#3/CRDT");
    BOOST_TEST(bank::booking_keys(statement, nameless).at(0) == "N-1#3#1");
}

BOOST_AUTO_TEST_CASE(a_reversal_takes_the_latest_payment_of_that_amount_back)
{
    auto ledger = ledger_of_two();
    BOOST_TEST(outcomes(ledger, entry("S1", {detail("T1", 500)})) == "PAID");
    BOOST_TEST(outcomes(ledger, entry("S2", {detail("T2", 500)})) == "DUPLICATE_PAYMENT");
    BOOST_TEST(outcomes(ledger, entry("S3", {detail("T3", 300)})) == "DUPLICATE_PAYMENT");
    BOOST_TEST(outcomes(ledger, reversal("S4", {detail("T4", 500)})) == "REVERSED"); // the duplicate
    BOOST_TEST(ledger.bill(reference)->account.credit == 300);
    BOOST_TEST(ledger.bill(reference)->account.open() == 0);
    BOOST_TEST(outcomes(ledger, reversal("S5", {detail("T5", 500)})) == "REVERSED");
    BOOST_TEST(ledger.bill(reference)->account.open() == 500); // open again
    BOOST_TEST(outcomes(ledger, reversal("S6", {detail("T6", 500)})) == "REVERSAL_UNMATCHED");
    BOOST_TEST(ledger.bill(reference)->account.credit == 300);
}

BOOST_AUTO_TEST_CASE(a_reversal_needs_reference_and_amount)
{
    auto ledger = ledger_of_two();
    BOOST_TEST(outcomes(ledger, entry("S1", {detail("T1", 500)})) == "PAID");
    BOOST_TEST(outcomes(ledger, reversal("S2", {detail("T2", 499)})) == "REVERSAL_UNMATCHED");
    BOOST_TEST(outcomes(ledger, reversal("S3", {detail("T3", 500, {})})) == "REVERSAL_UNMATCHED");
    BOOST_TEST(outcomes(ledger, reversal("S4", {})) == "REVERSAL_UNMATCHED");
    BOOST_TEST(outcomes(ledger, reversal("S4", {detail("T4", 500)})) == "REVERSED"); // its details came later
}

BOOST_AUTO_TEST_CASE(details_of_an_entry_that_waited_are_told_apart)
{
    bank::Known known;
    BOOST_TEST(!bank::judge(statement, entry("S", {}), known).was_waiting);
    BOOST_TEST(bank::judge(statement, entry("S", {detail("T", 500)}), known).was_waiting);
    BOOST_TEST(!bank::judge(statement, entry("S", {detail("T", 500)}), known).was_waiting);
}

BOOST_AUTO_TEST_CASE(every_outcome_has_a_name)
{
    for (int i = 0; i <= static_cast<int>(BankOutcome::reversal_unmatched); ++i) {
        const auto outcome = static_cast<BankOutcome>(i);
        BOOST_TEST((domain::bank_outcome_from(domain::to_text(outcome)) == outcome));
    }
    BOOST_TEST(!domain::bank_outcome_from("NO_SUCH"));
}

BOOST_AUTO_TEST_SUITE_END()
