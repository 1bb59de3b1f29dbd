#include "service/bank_imports.h"

#include "fake/bank_desk.h"

#include <boost/test/unit_test.hpp>

using domain::BankOutcome;
using fake::BankEntry;

BOOST_FIXTURE_TEST_SUITE(bank_imports, fake::BankDesk)

BOOST_AUTO_TEST_CASE(a_payment_with_its_reference_settles_the_invoice)
{
    const auto invoice = invoice_over(3000);
    const auto imported = take({entry("TX1", "30.00", reference_of(invoice), "Nico Brunner")});
    BOOST_TEST((imported.outcomes == service::OutcomeCounts{{BankOutcome::paid, 1}}));
    BOOST_TEST(imported.file.new_bookings == 1);
    BOOST_TEST(standing(invoice) == "0/0/3000");
    BOOST_TEST(outcomes() == "PAID done 0");
    BOOST_TEST(balance() == 3000);
    BOOST_TEST(fake::text("SELECT CONCAT_WS(' ', means, source, booked_on, payer_name) FROM payments WHERE invoice_id = ?", invoice)
        == "bank booking:" + iban + ":D:TX1 2026-11-20 Nico Brunner");
    BOOST_TEST(bank_findings().empty());
}

BOOST_AUTO_TEST_CASE(the_same_file_again_changes_nothing)
{
    const auto invoice = invoice_over(3000);
    const std::vector entries{entry("TX1", "30.00", reference_of(invoice)), entry("TX2", "7.00", "")};
    take(entries);
    const auto again = take(entries);
    BOOST_TEST((again.outcomes == service::OutcomeCounts{{BankOutcome::already_seen, 2}}));
    BOOST_TEST(again.file.new_bookings == 0);
    BOOST_TEST(outcomes() == "PAID done 0; NO_REFERENCE open 700");
    BOOST_TEST(balance() == 3700);
    BOOST_TEST(bank_findings().empty());
}

BOOST_AUTO_TEST_CASE(who_pays_twice_gets_credit)
{
    const auto invoice = invoice_over(3000);
    take({entry("TX1", "30.00", reference_of(invoice)), entry("TX2", "30.00", reference_of(invoice))});
    BOOST_TEST(outcomes() == "PAID done 0; DUPLICATE_PAYMENT done 0");
    BOOST_TEST(credit() == 3000);
    BOOST_TEST(bank_findings().empty());
}

BOOST_AUTO_TEST_CASE(what_is_told_in_the_books_day_and_the_day_it_counts_from)
{
    const auto invoice = invoice_over(3000);
    auto document = notification({entry("TX1", "30.00", reference_of(invoice))});
    const std::string value_day = "<ValDt><Dt>2026-11-20</Dt></ValDt>";
    document.replace(document.find(value_day), value_day.size(), "<ValDt><Dt>2026-11-22</Dt></ValDt>");
    take(document);
    BOOST_TEST(
        fake::text("SELECT CONCAT_WS(' ', booked_on, value_on) FROM payments WHERE invoice_id = ?", invoice) == "2026-11-20 2026-11-22");
}

BOOST_AUTO_TEST_CASE(one_file_may_pay_take_back_and_pay_again)
{
    const auto invoice = invoice_over(3000);
    const auto reference = reference_of(invoice);
    take({entry("TX1", "30.00", reference),
        {.key = "R1",
            .amount = "30.00",
            .details = {{.key = "RX1", .amount = "30.00", .reference = reference}},
            .direction = "DBIT",
            .reversal = true},
        entry("TX2", "10.00", reference)});
    BOOST_TEST(outcomes() == "PAID done 0; REVERSED done 0; PARTIAL done 0");
    BOOST_TEST(standing(invoice) == "2000/0/1000");
    BOOST_TEST(balance() == 1000);
    BOOST_TEST(bank_findings().empty());
}

BOOST_AUTO_TEST_CASE(a_reversal_with_a_wrong_check_digit_takes_nothing_back)
{
    const auto invoice = invoice_over(3000);
    auto wrong = reference_of(invoice);
    take({entry("TX1", "30.00", wrong)});
    wrong.back() = wrong.back() == '9' ? '0' : static_cast<char>(wrong.back() + 1);
    take({{.key = "R1",
        .amount = "30.00",
        .details = {{.key = "RX1", .amount = "30.00", .reference = wrong}},
        .direction = "DBIT",
        .reversal = true}});
    BOOST_TEST(outcomes() == "PAID done 0; REVERSAL_UNMATCHED open -3000");
    BOOST_TEST(standing(invoice) == "0/0/3000");
    BOOST_TEST(balance() == 0);
    BOOST_TEST(bank_findings().empty());
}

BOOST_AUTO_TEST_CASE(details_resolve_their_entry_in_the_same_file_too)
{
    const auto invoice = invoice_over(3000);
    const BankEntry bare{.key = "E1", .amount = "30.00"};
    auto detailed = bare;
    detailed.details = {{.key = "T1", .amount = "30.00", .reference = reference_of(invoice)}};
    take({bare, detailed, bare});
    BOOST_TEST(outcomes() == "WAIT_DETAILS done 0; PAID done 0");
    BOOST_TEST(balance() == 3000);
    BOOST_TEST(bank_findings().empty());
}

BOOST_AUTO_TEST_CASE(more_than_a_batch_of_entries_is_booked_in_its_order)
{
    const auto invoice = invoice_over(3000);
    std::vector<BankEntry> entries;
    for (int i = 0; i < 2500; ++i) entries.push_back(entry("T" + std::to_string(i), "0.01", reference_of(invoice)));
    entries.push_back({.key = "R1",
        .amount = "0.01",
        .details = {{.key = "RX1", .amount = "0.01", .reference = reference_of(invoice)}},
        .direction = "DBIT",
        .reversal = true});
    const auto imported = take(entries);
    BOOST_TEST((imported.outcomes == service::OutcomeCounts{{BankOutcome::partial, 2500}, {BankOutcome::reversed, 1}}));
    BOOST_TEST(standing(invoice) == "501/0/2499");
    BOOST_TEST(
        fake::text("SELECT source FROM payments WHERE invoice_id = ? AND state = 'reversed'", invoice) == "booking:" + iban + ":D:T2499");
    BOOST_TEST(bank_findings().empty());
}

BOOST_AUTO_TEST_CASE(a_fault_at_the_end_of_the_file_leaves_nothing_of_it)
{
    const auto invoice = invoice_over(3000);
    std::vector<BankEntry> entries;
    for (int i = 0; i < 2500; ++i) entries.push_back(entry("T" + std::to_string(i), "0.01", reference_of(invoice)));
    entries.push_back({.key = "BAD", .amount = "2.00", .details = {{.key = "B1", .amount = "1.00"}, {.key = "B2", .amount = "0.99"}}});
    BOOST_CHECK_THROW(take(entries), service::BankFileRefused);
    BOOST_TEST(outcomes() == "");
    BOOST_TEST(standing(invoice) == "3000/0/0");
    BOOST_TEST(balance() == 0);
    entries.pop_back();
    BOOST_TEST(take(entries).file.new_bookings == 2500);
}

BOOST_AUTO_TEST_CASE(pending_entries_and_our_own_debits_are_seen_and_not_booked)
{
    take({{.key = "P1", .amount = "5.00", .details = {{.key = "PX1", .amount = "5.00"}}, .status = "PDNG"},
        {.key = "D1", .amount = "7.00", .direction = "DBIT"}});
    BOOST_TEST(outcomes() == "IGNORED_NOT_BOOKED done 0; IGNORED_DEBIT done 0");
    take({{.key = "P1", .amount = "5.00", .details = {{.key = "PX1", .amount = "5.00"}}},
        {.key = "D1", .amount = "7.00", .direction = "DBIT"}});
    BOOST_TEST(outcomes() == "IGNORED_NOT_BOOKED done 0; IGNORED_DEBIT done 0; NO_REFERENCE open 500");
    BOOST_TEST(balance() == 500);
}

// The bank's references may be of any characters; names may be of any length.
BOOST_AUTO_TEST_CASE(keys_and_names_of_any_kind_are_kept_apart)
{
    const auto invoice = invoice_over(3000);
    take({entry("Zürich 1", "1.00", reference_of(invoice)), entry("zürich 1", "2.00", reference_of(invoice)),
        entry("Zurich 1", "3.00", reference_of(invoice))});
    BOOST_TEST(standing(invoice) == "2400/0/600");
    const std::string document = notification({entry("N1", "1.00", "")});
    const service::BankFile file{.name = std::string(300, 'n') + "\xff\xfe", .open = [&] { return bank::bytes_of(document); }};
    BOOST_TEST(imports.import(file, "op", std::chrono::seconds{1}).file.name.size() == 255u);
    BOOST_TEST(bank_findings().empty());
}

BOOST_AUTO_TEST_CASE(an_amount_of_nothing_is_told_and_not_booked)
{
    const auto invoice = invoice_over(3000);
    take({entry("Z1", "0.00", reference_of(invoice)), entry("Z2", "0.00", "")});
    BOOST_TEST(fake::count("SELECT COUNT(*) FROM bank_bookings WHERE account = ? AND state = 'done' AND payment_id IS NULL", iban) == 2);
    BOOST_TEST(balance() == 0);
}

BOOST_AUTO_TEST_CASE(who_waits_for_the_money_goes_on)
{
    const auto order = join(nico).order; // by card, and the gateway does not answer
    fake::change("UPDATE orders SET status = 'awaiting_payment' WHERE uuid = ?", order.uuid);
    bill("2026-03-02");
    const auto invoice = newest();
    take({entry("TX1", "5.00", reference_of(invoice))});
    BOOST_TEST(fake::count("SELECT COUNT(*) FROM jobs WHERE kind = 'order_start' AND target = ? AND state = 'queued'", order.uuid) >= 1);
}

BOOST_AUTO_TEST_SUITE_END()
