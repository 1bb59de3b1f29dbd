#include "fake/bank_counter.h"

#include <boost/test/unit_test.hpp>

using domain::Reason;
using fake::refusal_of;

namespace {

const std::string payee = "CH9300762011623852957";

struct Payouts : fake::BankCounter {
    ~Payouts() { BOOST_TEST(bank_findings().empty()); }
    static domain::Uuid transfer_of(const domain::Uuid& booking)
    {
        return domain::Uuid::parse(fake::text("SELECT t.uuid FROM bank_transfers t JOIN bank_bookings b ON b.id = t.booking_id WHERE "
                                              "b.uuid = ? ORDER BY t.id DESC LIMIT 1",
                                       booking))
            .value();
    }
    static std::int64_t transfers_of(const domain::Uuid& refund)
    {
        return fake::count("SELECT COUNT(*) FROM bank_transfers WHERE uuid = ? AND payout_id IS NOT NULL", refund);
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(bank_payouts, Payouts)

BOOST_AUTO_TEST_CASE(a_refund_goes_out_is_debited_and_done)
{
    const auto refund = refund_of(3500, payee);
    const auto files = pay_out();
    BOOST_TEST_REQUIRE(files.size() == 1u);
    BOOST_TEST(files[0].amount.minor == 3500);
    BOOST_TEST(files[0].document.find("<EndToEndId>" + domain::end_to_end_id(refund) + "</EndToEndId>") != std::string::npos);
    BOOST_TEST(files[0].document.find("<IBAN>" + payee + "</IBAN>") != std::string::npos);
    BOOST_TEST(state_of_refund(refund) == "asked");
    BOOST_TEST(balance() == 3500);
    take(debited("35.00", refund));
    BOOST_TEST(state_of_refund(refund) == "succeeded");
    BOOST_TEST(balance() == 0);
    take(debited("35.00", refund));
    BOOST_TEST(balance() == 0);
}

BOOST_AUTO_TEST_CASE(nothing_goes_out_twice_and_the_file_can_be_had_again)
{
    refund_of(3500, payee);
    const auto files = pay_out();
    BOOST_TEST_REQUIRE(files.size() == 1u);
    BOOST_TEST((refusal_of([&] { pay_out(); }) == Reason::nothing_to_pay_out));
    BOOST_TEST(payouts.read(files[0].uuid).document == files[0].document);
    BOOST_TEST((refusal_of([&] { payouts.read(gateway::random_uuid()); }) == Reason::not_found));
}

BOOST_AUTO_TEST_CASE(two_payouts_at_once_pay_each_refund_once)
{
    std::vector<domain::Uuid> all;
    for (int i = 0; i < 10; ++i) all.push_back(refund_of(100 + i, payee));
    std::atomic<std::int64_t> paid{0};
    fake::at_once(4, [&](int) {
        try {
            for (const auto& file : pay_out()) paid += file.amount.minor;
        } catch (const domain::Refusal&) {
        }
    });
    BOOST_TEST(paid == 1045);
    for (const auto& refund : all) BOOST_TEST(transfers_of(refund) == 1);
}

BOOST_AUTO_TEST_CASE(a_refund_that_comes_back_is_credit_again)
{
    const auto refund = refund_of(3500, payee);
    pay_out();
    take(debited("35.00", refund));
    BOOST_TEST(credit() == 0);
    const auto back = take(returned("35.00", refund));
    BOOST_TEST((back.outcomes == service::OutcomeCounts{{domain::BankOutcome::return_of_outgoing, 1}}));
    BOOST_TEST(state_of_refund(refund) == "failed AC04");
    BOOST_TEST(credit() == 3500);
    BOOST_TEST(suspense() == 0);
    BOOST_TEST(balance() == 3500);
    take(returned("35.00", refund));
    BOOST_TEST(credit() == 3500);
}

// The bank books payout files in one sum, and its details may come late or never.
BOOST_AUTO_TEST_CASE(a_refund_comes_back_before_anybody_has_told_of_its_debit)
{
    const auto refund = refund_of(3500, payee);
    pay_out();
    take(returned("35.00", refund));
    BOOST_TEST(state_of_refund(refund) == "failed AC04");
    BOOST_TEST(credit() == 3500);
    BOOST_TEST(balance() == 3500);
    take(debited("35.00", refund));
    BOOST_TEST(balance() == 3500);
}

BOOST_AUTO_TEST_CASE(a_return_of_another_amount_is_for_a_person)
{
    const auto refund = refund_of(3500, payee);
    pay_out();
    take(debited("35.00", refund));
    take(returned("30.00", refund));
    BOOST_TEST(state_of_refund(refund) == "succeeded");
    BOOST_TEST(suspense() == 3000);
    BOOST_TEST(balance() == 3000);
}

BOOST_AUTO_TEST_CASE(a_debit_that_the_bank_takes_back_fails_the_refund)
{
    const auto refund = refund_of(3500, payee);
    pay_out();
    take(debited("35.00", refund));
    auto taken_back = debited("35.00", refund);
    taken_back[0].direction = "CRDT";
    taken_back[0].reversal = true;
    take(taken_back);
    BOOST_TEST(state_of_refund(refund) == "failed debit_reversed");
    BOOST_TEST(credit() == 3500);
    BOOST_TEST(balance() == 3500);
}

BOOST_AUTO_TEST_CASE(unplaced_money_goes_back_to_its_payer)
{
    const auto booking = unplaced("26.00", {.payer = "Vreni Muster", .payer_iban = payee});
    send_back(booking);
    BOOST_TEST(state_of(booking) == "NO_REFERENCE refunded 0");
    const auto files = pay_out();
    BOOST_TEST_REQUIRE(files.size() == 1u);
    BOOST_TEST(files[0].document.find("<Nm>Vreni Muster</Nm>") != std::string::npos);
    take(debited("26.00", transfer_of(booking)));
    BOOST_TEST(balance() == 0);
    BOOST_TEST(suspense() == 0);
}

BOOST_AUTO_TEST_CASE(unplaced_money_that_comes_back_is_to_be_decided_again)
{
    const auto booking = unplaced("26.00", {.payer = "Vreni Muster", .payer_iban = payee});
    send_back(booking);
    pay_out();
    take(returned("26.00", transfer_of(booking)));
    BOOST_TEST(state_of(booking) == "NO_REFERENCE open 2600");
    BOOST_TEST(balance() == 2600);
    send_back(booking, {"Vreni Muster", "DE89370400440532013000"});
    const auto files = pay_out();
    BOOST_TEST_REQUIRE(files.size() == 1u);
    BOOST_TEST(files[0].document.find("<IBAN>DE89370400440532013000</IBAN>") != std::string::npos);
    take(debited("26.00", transfer_of(booking)));
    BOOST_TEST(balance() == 0);
}

BOOST_AUTO_TEST_CASE(a_refund_needs_an_account_that_can_be_paid_to)
{
    auto payment = money(500);
    payment.payer_name = "Nico";
    payment.payer_iban = qr_iban;
    book({payment});
    BOOST_TEST((refusal_of([&] {
        fake::in_transaction([&](store::Session& session) {
            refunds.request(session, {.payment = payment.uuid, .amount = {500}, .reference = fake::new_name(), .reason = "test"}, "op");
        });
    }) == Reason::nothing_to_refund));
    BOOST_TEST(credit() == 500);
}

BOOST_AUTO_TEST_SUITE_END()
