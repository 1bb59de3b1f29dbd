#include "fake/vat_desk.h"
#include "service/verification.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <stdexcept>

namespace {

using domain::CustomerKind;
using domain::OrderStatus;
using domain::Reason;
using domain::RegisterAnswer;
using fake::refusal_of;

/// With a product of a case's own, on whose price list 13.00 includes 8.1 % of Swiss tax: 12.03 net.
struct Abroad : fake::VatDesk {
    const fake::OwnProduct product{};

    domain::Order vm(const std::string& from = "2026-03-02") const { return running(from, 1300, product.sku); }
    std::string newest_number() const { return number_of(newest()); }
    /// A column of nico's newest document, by its name.
    std::string of_newest(const std::string& column) const
    {
        return fake::text("SELECT CASE ? WHEN 'vat_note' THEN vat_note WHEN 'vat_reason' THEN vat_reason WHEN 'vat_flag' THEN vat_flag"
                          " WHEN 'vat_id_used' THEN vat_id_used WHEN 'vat_consultation' THEN vat_consultation WHEN 'oss_id' THEN oss_id"
                          " WHEN 'vat_treatment' THEN vat_treatment ELSE '?' END FROM invoices WHERE id = ?",
            column, newest());
    }
    service::PlaceOrder hosting() const
    {
        return order_of(nico, "django-hosting", {.cores = 1, .ram_mb = 1024, .os_disk_gb = 10, .os = "debian-12"}); // 35.00 and 13.00
    }
    static std::string last_event(const domain::Order& order)
    {
        return fake::text("SELECT reason FROM order_events WHERE order_id = ? ORDER BY id DESC LIMIT 1", fake::number(order.id));
    }
    /// Whether a run of today would bill nico.
    bool is_planned() const
    {
        const auto due = fake::database().read([&](store::Session& session) {
            return store::BillingStore{session}.due_members(clock.today(), fake::at("2099-01-01T00:00:00Z"));
        });
        return std::ranges::any_of(due, [&](const auto& member) { return member.first == fake::number(nico.member); });
    }
    std::int64_t checks() const { return fake::count("SELECT COUNT(*) FROM vat_checks WHERE member_id = ?", fake::number(nico.member)); }
    /// What `uncloud verify` finds of nico's documents.
    std::vector<std::string> findings() const
    {
        std::vector<std::string> own;
        const auto numbers = fake::database().read([&](store::Session& session) {
            return store::select<std::string>(session, "SELECT number FROM invoices WHERE member_id = ?", fake::number(nico.member));
        });
        const auto orders = fake::database().read([&](store::Session& session) {
            return store::select<std::string>(
                session, "SELECT CONCAT('order ', id, ' ') FROM orders WHERE member_id = ?", fake::number(nico.member));
        });
        for (const auto& finding : service::Verification{fake::database()}.verify().findings) {
            const auto names = [&](const auto& row) { return finding.find(std::get<0>(row)) != std::string::npos; };
            if (std::ranges::any_of(numbers, names) || std::ranges::any_of(orders, names) || finding.find(product.sku) != std::string::npos
                || finding.find("vat_payable:DE") != std::string::npos || finding.starts_with("tax:"))
                own.push_back(finding);
        }
        return own;
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(vat, Abroad)

BOOST_AUTO_TEST_CASE(a_swiss_customer_pays_what_the_price_list_says)
{
    vm();
    bill("2026-03-02");
    BOOST_TEST(taxes() == "invoice CH_DOMESTIC CH 810 1203 97");
    BOOST_TEST(of_newest("vat_note") == "ch_vat");
}

BOOST_AUTO_TEST_CASE(a_consumer_in_the_eu_pays_the_same_net_price_and_the_tax_of_its_state)
{
    live_in("DE", "10115");
    vm();
    bill("2026-03-02");
    BOOST_TEST(taxes() == "invoice EU_OSS DE 1900 1203 229");
    BOOST_TEST(of_newest("oss_id") == "EU372012345");
    BOOST_TEST(of_newest("vat_reason") == "consumer in DE: standard rate of DE");
    BOOST_TEST(fake::count("SELECT CAST(SUM(credit_minor) AS INT) FROM ledger_totals WHERE account = 'vat_payable:DE:19'") >= 229);
    BOOST_TEST(findings().empty());
}

BOOST_AUTO_TEST_CASE(customers_elsewhere_pay_the_net_price)
{
    live_in("US");
    vm();
    bill("2026-03-02");
    BOOST_TEST(taxes() == "invoice ABROAD_NO_VAT US 0 1203 0");
    BOOST_TEST(of_newest("vat_flag") == "LOCAL_TAX_CHECK");
}

// T29: the rate of Estonia rose on 1 July 2025.
BOOST_AUTO_TEST_CASE(t29_a_period_over_a_change_abroad_has_a_line_for_each_rate)
{
    live_in("EE");
    vm("2025-06-15");
    bill("2025-06-15");
    BOOST_TEST(taxes() == "invoice EU_OSS EE 2200 642 141; invoice EU_OSS EE 2400 561 135");
}

BOOST_AUTO_TEST_CASE(a_business_with_a_valid_id_accounts_for_the_tax_itself)
{
    vies.says(vat_id, RegisterAnswer::valid);
    be_a_business();
    BOOST_TEST(state() == "pending");
    ask_vies();
    BOOST_TEST(state() == "valid");
    vm();
    bill("2026-03-02");
    BOOST_TEST(taxes() == "invoice EU_REVERSE_CHARGE BE 0 1203 0");
    BOOST_TEST(of_newest("vat_id_used") == vat_id);
    BOOST_TEST(of_newest("vat_consultation") == "WAPI" + vat_id);
    BOOST_TEST(of_newest("vat_note") == "eu_reverse_charge");
    BOOST_TEST(fake::text("SELECT CONCAT_WS(' ', vat_id, requester, answer, consultation, asked_by) FROM vat_checks WHERE member_id = ?",
                   fake::number(nico.member))
        == vat_id + " DE123456788 valid WAPI" + vat_id + " test");
    BOOST_TEST(findings().empty());
}

BOOST_AUTO_TEST_CASE(a_business_with_an_invalid_id_is_taxed_like_a_consumer)
{
    vies.says(vat_id, RegisterAnswer::invalid);
    be_a_business();
    ask_vies();
    vm();
    bill("2026-03-02");
    BOOST_TEST(taxes() == "invoice EU_OSS BE 2100 1203 253");
    BOOST_TEST(of_newest("vat_id_used") == "");
}

// T23: a shop took "down" for "valid", another one took nobody's order while VIES was down.
BOOST_AUTO_TEST_CASE(t23_while_vies_is_down_orders_are_taken_and_their_invoices_wait)
{
    be_a_business();
    ask_vies();
    BOOST_TEST(state() == "unknown");
    const auto order = place(hosting()).order;
    orders_work.start(order.uuid);
    BOOST_TEST((read(order).status == OrderStatus::provisioning)); // paid on bill: supplied
    BOOST_TEST(fake::documents_of(nico.member) == "none");
    BOOST_TEST(last_event(order) == "the invoice waits until your VAT id is confirmed");
    orders_work.start(order.uuid);
    BOOST_TEST(fake::count("SELECT COUNT(*) FROM order_events WHERE order_id = ?", fake::number(order.id)) == 2); // told once

    const auto upcoming = billing.upcoming(nico.member).value();
    BOOST_REQUIRE(upcoming.documents.size() == 1u);
    BOOST_TEST((upcoming.documents[0].invoice.tax->decision.treatment == domain::VatTreatment::hold_vat_check));
    const auto held = bill(nico.member, fake::day("2026-03-02"));
    BOOST_TEST(held.documents.empty());
    BOOST_TEST(held.failures.empty()); // nobody's fault
    BOOST_TEST(!is_in_errors(nico.member));
    BOOST_TEST(!is_planned());

    vies.says(vat_id, RegisterAnswer::valid);
    ask_vies_at("2026-03-02T10:02:00Z");
    BOOST_TEST(is_planned());
    BOOST_TEST(jobs("order_start", order.uuid) == 2); // it is looked at anew
    orders_work.start(order.uuid);
    BOOST_TEST(taxes() == "invoice EU_REVERSE_CHARGE BE 0 3238 0; invoice EU_REVERSE_CHARGE BE 0 1203 0");
    BOOST_TEST(checks() == 2);
}

BOOST_AUTO_TEST_CASE(t23_a_card_is_charged_when_vies_has_answered_and_not_before)
{
    use_card("pm_good_" + vat_id);
    be_a_business();
    const auto order = place(hosting()).order;
    orders_work.start(order.uuid);
    work_today();
    BOOST_TEST((read(order).status == OrderStatus::awaiting_payment)); // and nothing is supplied for nothing
    BOOST_TEST(gateway.calls == 0);

    vies.says(vat_id, RegisterAnswer::invalid);
    ask_vies();
    orders_work.start(order.uuid);
    work_today();
    BOOST_TEST(taxes() == "invoice EU_OSS BE 2100 3238 680; invoice EU_OSS BE 2100 1203 253");
    BOOST_TEST(gateway.taken_for(newest_number()) == 5374);
}

BOOST_AUTO_TEST_CASE(t23_who_waited_for_as_long_as_we_wait_is_taxed_like_a_consumer)
{
    be_a_business();
    vm();
    for (const auto* when : {"2026-03-02T10:01:00Z", "2026-03-05T10:00:00Z", "2026-03-09T09:00:00Z"}) {
        ask_vies_at(when);
        BOOST_TEST(state() == "unknown");
        BOOST_TEST(bill(nico.member, fake::day("2026-03-02")).documents.empty());
    }
    ask_vies_at("2026-03-09T10:01:00Z");
    BOOST_TEST(state() == "given_up");
    bill("2026-03-09");
    BOOST_TEST(taxes() == "invoice EU_OSS BE 2100 1203 253");
    BOOST_TEST(of_newest("vat_reason") == "business in BE without a valid VAT id: standard rate of BE");

    vies.says(vat_id, RegisterAnswer::valid); // too late for this one, in time for the next
    ask_vies_at("2026-03-10T10:00:00Z");
    bill("2026-04-02");
    BOOST_TEST(taxes() == "invoice EU_OSS BE 2100 1203 253; invoice EU_REVERSE_CHARGE BE 0 1203 0");
    BOOST_TEST(findings().empty());
}

BOOST_AUTO_TEST_CASE(t23_a_flapping_vies_changes_nothing_until_its_yes_runs_out)
{
    vies.says(vat_id, RegisterAnswer::valid);
    be_a_business();
    ask_vies();
    vies.is_down_for(vat_id);
    ask_vies_at("2026-05-25T10:00:00Z");
    BOOST_TEST(state() == "valid");
    vm("2026-05-25");
    bill("2026-05-25");
    BOOST_TEST(taxes() == "invoice EU_REVERSE_CHARGE BE 0 1203 0");
    ask_vies_at("2026-06-02T10:00:00Z"); // 90 days and a bit
    BOOST_TEST(state() == "unknown");
    BOOST_TEST(bill("2026-06-25").documents.empty());
    clock.set(fake::at("2026-06-03T10:00:00Z"));
    vies.says(vat_id, RegisterAnswer::valid);
    ask_vies();
    BOOST_TEST(state() == "valid");
}

BOOST_AUTO_TEST_CASE(two_workers_ask_once)
{
    vies.says(vat_id, RegisterAnswer::valid);
    be_a_business();
    fake::at_once(4, [&](int i) { ask_vies("worker-" + std::to_string(i)); });
    BOOST_TEST(vies.calls(vat_id) == 1);
    BOOST_TEST(checks() == 1);
    BOOST_TEST(state() == "valid");
}

// kill -9 between the question and its answer.
BOOST_AUTO_TEST_CASE(a_question_that_was_cut_off_is_put_again)
{
    be_a_business();
    vies.meanwhile(vat_id, [] { throw std::runtime_error{"killed"}; });
    BOOST_CHECK_THROW(ask_vies(), std::runtime_error);
    BOOST_TEST(state() == "pending");
    BOOST_TEST(fake::count("SELECT COUNT(*) FROM vat_checks WHERE member_id = ? AND answered_at IS NULL", fake::number(nico.member)) == 1);
    vies.says(vat_id, RegisterAnswer::valid);
    ask_vies(); // another worker, at once: the first may still be waiting
    BOOST_TEST(state() == "pending");
    ask_vies_at("2026-03-02T10:06:00Z");
    BOOST_TEST(state() == "valid");
    BOOST_TEST(checks() == 2);
}

BOOST_AUTO_TEST_CASE(an_answer_about_an_id_that_was_changed_meanwhile_counts_for_nothing)
{
    const auto other = fake::new_vat_id();
    vies.says(vat_id, RegisterAnswer::valid);
    be_a_business();
    vies.meanwhile(vat_id, [&] { change_account({.vat_id = other}); });
    ask_vies();
    BOOST_TEST(state() == "unknown"); // the new one, of which VIES says nothing
    BOOST_TEST(fake::text("SELECT vat_id FROM vat_ids WHERE member_id = ?", fake::number(nico.member)) == other);
    BOOST_TEST(checks() == 2); // both are on record
}

BOOST_AUTO_TEST_CASE(billing_that_read_the_account_before_it_changed_reads_again)
{
    live_in("DE");
    const auto order = vm();
    const auto turn = [&] { return fake::count("SELECT billing_turn FROM orders WHERE id = ?", fake::number(order.id)); };
    const auto before = turn();
    live_in("FR");
    BOOST_TEST(turn() == before + 1);
    change_account({.language = "de"}); // has nothing to do with tax
    BOOST_TEST(turn() == before + 1);
}

BOOST_AUTO_TEST_CASE(what_is_given_back_keeps_the_tax_that_was_charged)
{
    live_in("DE");
    vm();
    bill("2026-03-02");
    const auto invoice = newest_number();
    live_in("CH");
    const auto note = fake::in_transaction(
        [&](store::Session& session) { return corrections.issue_credit_note(session, {.invoice = invoice, .reason = "outage"}, "op"); });
    BOOST_TEST(note.starts_with("CN-"));
    BOOST_TEST(taxes() == "invoice EU_OSS DE 1900 1203 229; credit_note EU_OSS DE 1900 -1203 -229");
    BOOST_TEST(of_newest("oss_id") == "EU372012345");
    BOOST_TEST(findings().empty());
}

BOOST_AUTO_TEST_CASE(a_customer_that_moves_is_not_billed_again_and_its_credits_stand_on_documents_of_their_own)
{
    const auto order = vm();
    bill("2026-03-02");
    live_in("DE");
    BOOST_TEST(bill("2026-03-10").documents.empty()); // what is billed is billed
    reprice(order, "2026-03-17", 2600);
    bill("2026-03-17");
    BOOST_TEST(taxes() == "invoice CH_DOMESTIC CH 810 1203 97; invoice EU_OSS DE 1900 1241 236; credit_note CH_DOMESTIC CH 810 -621 -50");
    bill("2026-04-02");
    BOOST_TEST(fake::billed(order.id) == 1300 + 1477 - 671 + 2862);
    BOOST_TEST(findings().empty());
}

BOOST_AUTO_TEST_CASE(snapshots_of_a_customer_abroad_are_taxed_like_everything_else)
{
    live_in("DE");
    running("2026-03-02", 200, "vm-snapshot"); // in arrears
    bill("2026-04-02");
    BOOST_TEST(taxes() == "invoice EU_OSS DE 1900 185 35");
}

BOOST_AUTO_TEST_CASE(who_cannot_be_sold_to_is_refused_when_it_orders_and_goes_to_the_error_list_when_it_is_billed)
{
    service::Ordering ordering_without{fake::database(), clock, {}};
    service::Catalogue catalogue_without{fake::database(), clock};
    service::Billing billing_without{fake::database(), clock, {}};
    live_in("DE");
    const auto place_without = [&] { fake::in_transaction([&](store::Session& session) { ordering_without.place(session, hosting()); }); };
    BOOST_TEST((refusal_of(place_without) == Reason::not_sold_there));
    BOOST_TEST(
        (refusal_of([&] { catalogue_without.quote(nico.member, "django-hosting", hosting().parameters); }) == Reason::not_sold_there));
    vm();
    const auto slice = billing_without.bill(nico.member, nico.member, fake::day("2026-03-02"));
    BOOST_TEST(slice.failures.size() == 1u);
    BOOST_TEST(is_in_errors(nico.member));
    BOOST_TEST(fake::documents_of(nico.member) == "none");
}

BOOST_AUTO_TEST_CASE(who_turns_out_not_to_be_sold_to_is_supplied_with_nothing)
{
    service::Billing billing_without{fake::database(), clock, {}};
    service::OrderFulfilment work_without{fake::database(), clock, billing_without, charging};
    vies.says(vat_id, RegisterAnswer::invalid);
    be_a_business();
    const auto order = place(hosting()).order; // it waits, so it may order
    ask_vies();
    work_without.start(order.uuid);
    BOOST_TEST((read(order).status == OrderStatus::provisioning));
    BOOST_TEST(fake::count("SELECT COUNT(*) FROM machines WHERE order_id = ?", fake::number(order.id)) == 0);
    BOOST_TEST(is_in_errors(nico.member));
}

BOOST_AUTO_TEST_CASE(a_quote_says_what_the_invoice_will_say)
{
    live_in("DE");
    const auto quote = catalogue.quote(nico.member, "django-hosting", hosting().parameters);
    orders_work.start(place(hosting()).order.uuid);
    const auto id = newest();
    BOOST_TEST(quote.first.gross.minor == fake::count("SELECT total_minor FROM invoices WHERE id = ?", id));
    BOOST_TEST(quote.first.vat.minor == fake::count("SELECT vat_minor FROM invoices WHERE id = ?", id));
    BOOST_TEST(to_text(quote.tax.decision.treatment) == of_newest("vat_treatment"));
    BOOST_TEST(quote.recurring.net.minor == 1203);
    BOOST_TEST(quote.recurring.vat.minor == 229);
}

BOOST_AUTO_TEST_CASE(a_vat_id_is_kept_in_one_form_and_makes_the_account_a_businesss)
{
    const auto member = change_account({.country = "DE", .vat_id = "de 123 456 788"});
    BOOST_TEST(member.vat_id == "DE123456788");
    BOOST_TEST((member.kind == CustomerKind::business));
    BOOST_TEST((member.vat_id_state == domain::VatIdState::pending));
    BOOST_TEST((refusal_of([&] { change_account({.kind = CustomerKind::consumer}); }) == Reason::vat_id_unusable));
    BOOST_TEST((refusal_of([&] { change_account({.country = "CH"}); }) == Reason::vat_id_unusable)); // the id does not fit there
    const auto swiss = change_account({.country = "CH", .vat_id = "CHE123456788 MWST"});
    BOOST_TEST(swiss.vat_id == "CHE-123.456.788");
    BOOST_TEST((swiss.vat_id_state == domain::VatIdState::none)); // VIES has nothing to say
    const auto person = change_account({.kind = CustomerKind::consumer, .vat_id = ""});
    BOOST_TEST((person.kind == CustomerKind::consumer));
    BOOST_TEST((refusal_of([&] { change_account({.vat_id = "CHE-123.456.789"}); }) == Reason::vat_id_unusable));
}

BOOST_AUTO_TEST_CASE(an_id_that_is_confirmed_stays_so_when_the_address_changes_within_the_eu)
{
    vies.says(vat_id, RegisterAnswer::valid);
    be_a_business();
    ask_vies();
    change_account({.street = "Rue Haute", .country = "LU"});
    BOOST_TEST(state() == "valid");
    change_account({.country = "US"});
    BOOST_TEST(state() == "none");
}

BOOST_AUTO_TEST_SUITE_END()
