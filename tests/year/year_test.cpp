#include "../api/stripe_gateway.h"
#include "customers.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <fstream>
#include <memory>
#include <sstream>
#include <stdexcept>

// A year of the demo: twenty customers, a worker, the test gateway and a bank that reports once a week. Afterwards every rappen has
// to be explained, by each of the parties in its own words.
namespace {

using namespace year;
using site::Answer;
using site::the_operator;
using std::chrono::days;

const Day first_day{std::chrono::year{2027} / 1 / 4};
constexpr int length = 365;

const std::string german{
    R"({"billing_address":{"street":"Dorfstrasse","house_number":"1","postal_code":"8001","city":"Zürich"},"language":"de"})"};
const std::string french{
    R"({"billing_address":{"street":"rue du Lac","house_number":"2","postal_code":"1003","city":"Lausanne"},"language":"fr"})"};
const std::string italian{
    R"({"billing_address":{"street":"via Nassa","house_number":"3","postal_code":"6900","city":"Lugano"},"language":"it"})"};
const std::string belgian_business{
    R"({"billing_address":{"company":"Exemple SA","street":"rue Haute","house_number":"4","postal_code":"1000","city":"Bruxelles","country":"BE"},"language":"fr","vat_id":"BE0123456100"})"};
const std::string german_consumer{
    R"({"billing_address":{"street":"Lange Strasse","house_number":"5","postal_code":"10115","city":"Berlin","country":"DE"},"language":"de"})"};

void expect(const Answer& answer, int status)
{
    if (answer.status != status) throw std::runtime_error{std::to_string(answer.status) + ": " + answer.body};
}

/// A text between two others, the first that there is.
std::string between(const std::string& text, const std::string& before, const std::string& after)
{
    const auto begin = text.find(before);
    if (begin == std::string::npos) return "";
    const auto end = text.find(after, begin + before.size());
    return text.substr(begin + before.size(), end - begin - before.size());
}

class Year {
public:
    Year()
    {
        live_through(first_day);
        make_customers();
        for (int n = 1; n <= length; ++n) live(n);
        for (int n = length + 1; n <= length + 14; ++n) live(n); // what is under way arrives
    }

    std::vector<Customer*> customers()
    {
        std::vector<Customer*> all;
        for (auto& payer : by_card) all.push_back(payer.get());
        for (auto& payer : by_bill) all.push_back(payer.get());
        return all;
    }

    Bank bank{};
    std::vector<std::unique_ptr<CardPayer>> by_card{};
    std::vector<std::unique_ptr<BillPayer>> by_bill{};
    std::vector<std::string> machines{}; ///< of by_card, then of by_bill
    bool was_suspended{false};
    int refunds{0}, statements{0};

private:
    using Way = BillPayer::Way;

    void make_customers()
    {
        const std::pair<const char*, const std::string&> cards[] = {{"pm_card_visa", german}, {"pm_card_visa", french},
            {"pm_card_mastercard", italian}, {"pm_card_ch", german}, {"pm_card_amex", german_consumer}, {"pm_card_visa", belgian_business},
            {"pm_card_chargeCustomerFail", german}, {"pm_card_authenticationRequired", french}, {"pm_card_visa", german},
            {"pm_card_mastercard", french}};
        for (const auto& [card, account] : cards) by_card.push_back(std::make_unique<CardPayer>(card, account));
        const std::pair<Way, const std::string&> bills[] = {{Way::exactly, german}, {Way::exactly, french}, {Way::exactly, italian},
            {Way::exactly, belgian_business}, {Way::exactly, german_consumer}, {Way::in_halves, german}, {Way::too_much, french},
            {Way::twice, italian}, {Way::without_reference, german}, {Way::when_suspended, french}};
        for (const auto& [way, account] : bills) by_bill.push_back(std::make_unique<BillPayer>(way, account));
        live_through(first_day + days{1});
        for (auto* customer : customers()) machines.push_back(customer->order_vm());
    }

    void live(int n)
    {
        today_ = first_day + days{n};
        live_through(today_);
        surprises(n);
        by_card[7]->confirm_what_waits(); // its bank wants to hear it each time
        if (late().status_of(machines.back()) == "suspended") was_suspended = true;
        if (n % 7 == 4) weekly();
    }

    /// Customers pay their bills, the bank tells of it, and an operator looks at what is left over.
    void weekly()
    {
        for (auto& payer : by_bill) payer->pay(bank);
        const auto statement = bank.statement(domain::to_text(domain::Date{today_}));
        expect(import(statement), 201);
        if (++statements % 10 == 0) BOOST_TEST(import(statement).at("new_bookings") == "0");
        const auto left = the_operator.get("/admin/bank-bookings?state=open&limit=100");
        for (int i = 0; !left.at("items." + std::to_string(i) + ".uuid").empty(); ++i) {
            const auto item = "items." + std::to_string(i) + '.';
            const auto assigned = the_operator.send("POST", "/admin/bank-bookings/" + left.at(item + "uuid") + "/assign",
                R"({"invoice":")" + left.at(item + "proposal.invoice") + "\"}");
            if (assigned.status != 200) throw std::runtime_error{left.body + assigned.body};
        }
    }
    static Answer import(const std::string& statement)
    {
        return site::ask({.method = "POST",
            .path = "/admin/bank-files?name=statement.xml",
            .body = statement,
            .credentials = the_operator.credentials(),
            .content_type = "application/xml"});
    }

    void surprises(int n)
    {
        switch (n) {
        case 10: return by_card[6]->use_card("pm_card_visa");               // after its first one was refused
        case 40: return change_machine(*by_card[0], machines[0]);           // more memory in the middle of a month
        case 60: return by_card[1]->use_card("pm_card_chargeCustomerFail"); // a limit is reached,
        case 85: return by_card[1]->use_card("pm_card_mastercard");         // and another card helps
        case 95: return take_back_payment(*by_bill[0]);                     // the customer's bank made a mistake
        case 117: return refund_by_bank(*by_bill[1], false);
        case 150: return refund_by_card(*by_card[2]);
        case 180: return refund_by_bank(*by_bill[2], true); // the account is closed
        case 200: return cancel(*by_card[0], machines[0]);
        case 205: return by_card[3]->use_card("pm_card_createDispute"); // the next charge is contested
        case 240: return by_card[3]->use_card("pm_card_ch");
        default: return;
        }
    }

    static void change_machine(const Customer& customer, const std::string& machine)
    {
        expect(customer.member.send("POST", "/orders/" + machine + "/change", R"({"parameters":{"ram":2}})"), 200);
    }
    static void cancel(const Customer& customer, const std::string& machine)
    {
        expect(customer.member.send("POST", "/orders/" + machine + "/cancel", R"({"when":"end_of_term"})"), 200);
    }
    void take_back_payment(const BillPayer& payer)
    {
        const auto bills = payer.bills();
        const auto paid = std::ranges::find_if(bills, [](const Bill& bill) { return bill.total > 0 && bill.open == 0; });
        if (paid == bills.end()) throw std::runtime_error{"nothing is paid yet"};
        const auto reference = query("SELECT b.reference FROM bank_bookings b JOIN payments p ON p.id = b.payment_id"
                                     " JOIN invoices i ON i.id = p.invoice_id WHERE i.number = '"
            + paid->number + "' LIMIT 1");
        bank.reverse(paid->total, reference);
    }

    /// The newest document that is paid, credited, and its money asked back: the payment's id.
    static std::pair<std::string, std::int64_t> credited_payment(const Customer& customer)
    {
        for (const auto& bill : customer.bills()) {
            if (bill.kind != "invoice" || bill.open > 0) continue;
            const auto payment = query("SELECT p.uuid FROM payments p JOIN invoices i ON i.id = p.invoice_id WHERE i.number = '"
                + bill.number + "' AND p.state = 'booked' AND p.amount_minor = i.total_minor LIMIT 1");
            if (payment.empty()) continue;
            expect(
                the_operator.send("POST", "/admin/credit-notes", R"({"invoice":")" + bill.number + R"(","reason":"two days down"})"), 201);
            return {payment, bill.total};
        }
        throw std::runtime_error{"nothing to give back"};
    }
    void ask_refund(const Customer& customer)
    {
        const auto [payment, amount] = credited_payment(customer);
        expect(the_operator.send("POST", "/admin/refunds",
                   R"({"payment":")" + payment + R"(","amount":)" + std::to_string(amount) + R"(,"reference":"Y-)"
                       + std::to_string(++refunds) + R"(","reason":"two days down"})"),
            201);
    }
    void refund_by_card(const Customer& customer) { ask_refund(customer); }
    void refund_by_bank(const Customer& customer, bool comes_back)
    {
        ask_refund(customer);
        const auto payout = the_operator.send("POST", "/admin/bank-payouts", "{}");
        expect(payout, 201);
        const auto order = the_operator.get(payout.at("items.0.document"));
        expect(order, 200);
        const auto id = between(order.body, "<EndToEndId>", "</EndToEndId>");
        const auto amount = std::stoll(payout.at("items.0.amount.amount"));
        bank.pay(amount, id);
        if (comes_back) bank.give_back(amount, id);
    }

    const BillPayer& late() const { return *by_bill.back(); }

    Day today_{first_day};
};

Year& the_year()
{
    static std::unique_ptr<Year> lived;
    static bool is_broken = false; // it is not lived twice
    if (is_broken) throw std::runtime_error{"the year was not lived to its end"};
    is_broken = !lived;
    if (!lived) lived = std::make_unique<Year>();
    is_broken = false;
    return *lived;
}

std::int64_t balance_of(const std::string& account)
{
    return std::stoll(query("SELECT COALESCE(SUM(IF(debit = '" + account + "', amount_minor, 0) - IF(credit = '" + account
        + "', amount_minor, 0)), 0) FROM ledger_entries"));
}

std::int64_t net_at_the_gateway()
{
    std::int64_t sum = 0;
    for (std::string path = "/v1/balance_transactions?limit=100"; !path.empty();) {
        const auto page = stripe_gateway::get(path);
        std::string last;
        for (int i = 0; !page.at("data." + std::to_string(i) + ".id").empty(); ++i) {
            sum += std::stoll(page.at("data." + std::to_string(i) + ".net"));
            last = page.at("data." + std::to_string(i) + ".id");
        }
        path = page.at("has_more") == "true" ? "/v1/balance_transactions?limit=100&starting_after=" + last : "";
    }
    return sum;
}

} // namespace

BOOST_AUTO_TEST_SUITE(a_year)

BOOST_AUTO_TEST_CASE(every_rappen_is_explained_by_our_own_check)
{
    the_year();
    const auto found = uncloud("verify");
    BOOST_TEST(found.find("all agree") != std::string::npos, found);
}

BOOST_AUTO_TEST_CASE(hledger_agrees)
{
    the_year();
    const auto file = site::environment("TEST_VAR") + "/year.journal";
    uncloud("ledger export > " + file);
    site::shell("hledger -f " + file + " check");
    BOOST_TEST(site::shell("hledger -f " + file + " bal --depth 1 | tail -1").find_first_not_of(" 0\n") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_bank_and_the_ledger_have_the_same_balance)
{
    BOOST_TEST(balance_of("bank:" + fake::bank_iban) == the_year().bank.balance());
    BOOST_TEST(balance_of("suspense") == 0);
    BOOST_TEST(balance_of("refunds_payable") == 0);
    BOOST_TEST(the_year().statements >= 52);
}

BOOST_AUTO_TEST_CASE(the_gateway_and_the_ledger_have_the_same_balance)
{
    the_year();
    BOOST_TEST(balance_of("card_clearing") == net_at_the_gateway());
}

BOOST_AUTO_TEST_CASE(members_see_what_the_ledger_has)
{
    std::int64_t open = 0, credit = 0;
    for (const auto* customer : the_year().customers()) {
        const auto balance = customer->member.get("/account/balance");
        open += std::stoll(balance.at("items.0.open.amount"));
        credit += std::stoll(balance.at("items.0.credit.amount"));
        BOOST_TEST(customer->open() == std::stoll(balance.at("items.0.open.amount")));
    }
    BOOST_TEST(balance_of("receivable") == open);
    BOOST_TEST(-balance_of("member_credit") == credit);
}

BOOST_AUTO_TEST_CASE(api_files_and_mails_say_the_same)
{
    const auto var = site::environment("TEST_VAR");
    std::ofstream table{var + "/bills.tsv"};
    int files = 0;
    for (const auto* customer : the_year().customers())
        for (const auto& bill : customer->bills()) {
            const auto total = money_text(bill.total < 0 ? -bill.total : bill.total);
            const auto text = without_blanks(text_of_pdf(customer->member.get("/invoices/" + bill.number + ".pdf").body));
            BOOST_TEST(text.find(bill.number) != std::string::npos, bill.number);
            BOOST_TEST(text.find(total) != std::string::npos, bill.number << " does not say " << total);
            table << customer->member.name << "@example.ch\t" << bill.number << '\t' << total << '\n';
            ++files;
        }
    table.close();
    BOOST_TEST(files > 20 * 12);
    BOOST_TEST(site::shell("python3 tests/year/list_mails.py " + var + "/mail " + var + "/bills.tsv") == "");
}

BOOST_AUTO_TEST_CASE(each_story_ends_as_it_should)
{
    auto& lived = the_year();
    BOOST_TEST(lived.was_suspended);
    for (std::size_t i = 1; i < lived.machines.size(); ++i)
        if (i + 1 != lived.machines.size()) BOOST_TEST(lived.customers()[i]->status_of(lived.machines[i]) == "active", i);
    BOOST_TEST(query("SELECT COUNT(*) FROM order_events WHERE from_status = 'suspended' AND to_status = 'active'") != "0");
    BOOST_TEST(lived.by_card[0]->status_of(lived.machines[0]) == "ended");
    const auto refunds = the_operator.get("/admin/refunds");
    BOOST_TEST(refunds.at("items.0.state") == "failed"); // it came back
    BOOST_TEST(refunds.at("items.1.state") == "succeeded");
    BOOST_TEST(refunds.at("items.2.state") == "succeeded");
    BOOST_TEST(query("SELECT COUNT(*) FROM disputes") != "0");
    BOOST_TEST(query("SELECT COUNT(*) FROM charges WHERE state = 'failed'") != "0");
    BOOST_TEST(
        query(
            "SELECT COUNT(*) FROM (SELECT invoice_id FROM charges WHERE state = 'succeeded' GROUP BY invoice_id HAVING COUNT(*) > 1) twice")
        == "0");
    BOOST_TEST(query("SELECT COUNT(*) FROM payments WHERE state = 'reversed'") == "1");
}

BOOST_AUTO_TEST_SUITE_END()
