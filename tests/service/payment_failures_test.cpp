#include "fake/card_desk.h"
#include "service/disputes.h"
#include "service/gateway_events.h"
#include "store/collection_store.h"

#include <boost/test/unit_test.hpp>

#include <atomic>

// What broke elsewhere and has no other place here, by its name.
namespace {

using domain::AttemptState;
using Trouble = fake::FakeCardPayments::Trouble;

const domain::Decline no_funds{.code = "card_declined", .decline_code = "insufficient_funds"};

struct Failures : fake::CardDesk {
    std::int64_t refunds_of_nico() const
    {
        return fake::count("SELECT COUNT(*) FROM refunds WHERE member_id = ?", fake::number(nico.member));
    }
    std::string intent_of(std::int64_t invoice) { return gateway.intents_of(number_of(invoice)).front().id; }
    void attend_today()
    {
        fake::in_transaction([&](store::Session& session) { store::CollectionStore{session}.attend_member(nico.member, clock.today()); });
    }
    /// The ledger's transactions of a kind for nico's payments, each with what it moved.
    std::string moved(const std::string& kind) const
    {
        return fake::text(
            "SELECT COALESCE(GROUP_CONCAT(CONCAT_WS(' ', e.debit, e.credit, e.amount_minor) ORDER BY t.id SEPARATOR '; '), '')"
            " FROM ledger_transactions t JOIN ledger_entries e ON e.transaction_id = t.id JOIN payments p ON p.uuid = t.reference"
            " WHERE t.kind = ? AND p.member_id = ?",
            kind, fake::number(nico.member));
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(payment_failures, Failures)

// Renewal has one key, whoever comes by; and news of money, of 0 too, begin nothing.
BOOST_AUTO_TEST_CASE(T8_P48_news_and_runs_at_once_renew_once)
{
    running("2026-03-02", 3000);
    bill("2026-03-02");
    work_today();
    const auto intent = intent_of(newest());
    go("2026-04-02");
    fake::at_once(8, [&](int who) {
        if (who % 2) bill(nico.member, fake::day("2026-04-02"));
        else charging.look_at(intent);
    });
    BOOST_TEST(invoices_of_nico() == 2);
    BOOST_TEST(findings().empty());
}

// Paid already is success, also for who comes second; nothing is given back by itself.
BOOST_AUTO_TEST_CASE(P11_P15_who_comes_second_finds_it_paid)
{
    const auto invoice = invoice_over(3000);
    std::atomic<int> succeeded{0};
    fake::at_once(
        8, [&](int) { succeeded += member_payments.pay(nico.member, number_of(invoice), {}, "").state == AttemptState::succeeded; });
    BOOST_TEST((member_payments.pay(nico.member, number_of(invoice), {}, "").state == AttemptState::succeeded));
    BOOST_TEST(succeeded > 0);
    BOOST_TEST(gateway.taken_for(number_of(invoice)) == 3000);
    BOOST_TEST(refunds_of_nico() == 0);
}

// 2xx only for what is stored: without a database whoever tells is told to come again.
BOOST_AUTO_TEST_CASE(P16_what_cannot_be_stored_is_not_taken)
{
    auto settings = fake::app().config.database;
    settings.socket = "/nowhere/mariadb.sock";
    store::Database nowhere{settings, 1};
    service::GatewayEvents deaf{nowhere, {.livemode = false, .instance = "here", .api_version = "2026-10-28.endive"},
        {.secrets = [] { return std::vector<std::string>{"whsec_x"}; }, .clocks = {&clock}}};
    const std::string body{R"({"id":"evt_p16","object":"event","type":"charge.refunded","created":1772445600,"livemode":false,)"
                           R"("api_version":"2026-10-28.endive","data":{"object":{"id":"ch_1","object":"charge"}}})"};
    const auto signature = gateway::webhook_signature(body, "whsec_x", std::chrono::floor<std::chrono::seconds>(clock.now()));
    BOOST_CHECK_THROW(deaf.receive(body, signature), domain::Unavailable);
}

// One state, and a table of what may follow what: nothing is open again once it is paid.
BOOST_AUTO_TEST_CASE(P20_every_state_against_every_other)
{
    using enum AttemptState;
    const std::vector<AttemptState> all{planned, asked, processing, waiting, succeeded, failed, canceled};
    const std::map<AttemptState, std::set<AttemptState>> may{{planned, {asked, canceled}},
        {asked, {processing, waiting, succeeded, failed, canceled}}, {processing, {waiting, succeeded, failed, canceled}},
        {waiting, {processing, succeeded, failed, canceled}}, {failed, {succeeded}}, {canceled, {succeeded}}, {succeeded, {}}};
    for (const auto from : all)
        for (const auto to : all)
            BOOST_TEST(domain::may_become(from, to) == may.at(from).contains(to), domain::to_text(from) << " to " << domain::to_text(to));
}

// The key goes with the words of the row: what the member changes meanwhile is not in them.
BOOST_AUTO_TEST_CASE(P37_the_same_key_says_the_same_words)
{
    const auto invoice = invoice_over(3000);
    gateway.trouble = [calls = 0]() mutable { return ++calls == 1 ? Trouble::lost_after : Trouble::none; };
    fake::in_transaction([&](store::Session& session) { charging.plan(session, {invoice}); });
    do_jobs();
    use_card("pm_other_" + nico.uid);
    fake::change("UPDATE members SET name = 'Other', email = 'other@members.example' WHERE id = ?", fake::number(nico.member));
    do_jobs();
    BOOST_TEST(standing(invoice) == "0/0/3000");
    BOOST_TEST(gateway.keys_with_other_words == 0);
}

// The money that a bank takes back is followed to its end, and what the gateway keeps for it.
BOOST_AUTO_TEST_CASE(P47_a_dispute_is_booked_as_it_goes)
{
    const auto invoice = invoice_over(3000);
    work_today();
    const auto charge = fake::text("SELECT charge_id FROM charges WHERE invoice_id = ?", invoice);
    const auto id = "du_" + fake::new_name();
    gateway.disputes[id] = {.id = id,
        .state = gateway::DisputeState::needs_response,
        .charge = charge,
        .amount_minor = 3000,
        .currency = domain::Currency::chf,
        .fees = {2000}};
    service::Disputes disputes{fake::database(), gateway, clock};
    const auto fees = [] {
        return fake::count(
            "SELECT COALESCE(SUM(amount_minor), 0) FROM ledger_entries e JOIN ledger_transactions t ON t.id = e.transaction_id"
            " WHERE t.kind = 'dispute_fee'");
    };
    const auto before = fees();
    for (int twice = 0; twice < 2; ++twice) disputes.look_at(id);
    BOOST_TEST(moved("dispute") == "disputed_payments card_clearing 3000");
    BOOST_TEST(fees() - before == 2000);
    gateway.disputes[id].state = gateway::DisputeState::lost;
    for (int twice = 0; twice < 2; ++twice) disputes.look_at(id);
    BOOST_TEST(moved("dispute_lost") == "write_off disputed_payments 3000");
    BOOST_TEST(fees() - before == 2000);
    BOOST_TEST(findings().empty());
}

// Only its bank knows whether a card is still good.
BOOST_AUTO_TEST_CASE(P50_a_card_that_we_think_expired_is_charged_all_the_same)
{
    fake::change("UPDATE payment_methods SET exp_year = 2024 WHERE member_id = ? AND type = 'card'", fake::number(nico.member));
    const auto invoice = invoice_over(3000);
    work_today();
    BOOST_TEST(standing(invoice) == "0/0/3000");
}

// Tries are counted by document: a new card does not begin anew.
BOOST_AUTO_TEST_CASE(P51_new_cards_do_not_begin_the_count_anew)
{
    const auto invoice = invoice_over(3000);
    for (domain::Day on = fake::day("2026-03-02"); on < domain::Day{fake::day("2026-03-22")}; on += std::chrono::days{1}) {
        go(domain::to_text(domain::Date{on}));
        declining(no_funds);
        attend_today();
        work_today();
    }
    BOOST_TEST(fake::count("SELECT COUNT(*) FROM charges WHERE invoice_id = ?", invoice) == domain::max_charges + 2);
}

// Who was suspended can still pay, and goes on.
BOOST_AUTO_TEST_CASE(P52_who_was_suspended_pays_and_goes_on)
{
    declining(no_funds);
    const auto invoice = invoice_over(3000);
    for (domain::Day on = fake::day("2026-03-02"); on <= domain::Day{fake::day("2026-05-02")}; on += std::chrono::days{1})
        work_on(domain::to_text(domain::Date{on}));
    const auto suspended = [&] {
        return fake::count("SELECT COUNT(*) FROM orders WHERE member_id = ? AND status = 'suspended'", fake::number(nico.member));
    };
    BOOST_TEST(suspended() == 1);
    const auto card = use_card("pm_good_again_" + nico.uid);
    BOOST_TEST((member_payments.pay(nico.member, number_of(invoice), card, "").state == AttemptState::succeeded));
    work_today();
    BOOST_TEST(suspended() == 0);
}

BOOST_AUTO_TEST_SUITE_END()
