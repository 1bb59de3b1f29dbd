#include "site.h"

#include <boost/test/unit_test.hpp>

using namespace site;

namespace {

/// A member whose membership is billed; the number of the invoice.
struct Billed {
    Member member = member_on_bill();
    std::string number{};

    Billed()
    {
        const auto invoices =
            eventually([&] { return member.get("/invoices"); }, [](const Answer& answer) { return !answer.at("items.0.number").empty(); });
        number = invoices.at("items.0.number");
        BOOST_TEST_REQUIRE(!number.empty());
    }
};

/// Runs the operator's tool; what it printed and "exit N".
std::string uncloud(const std::string& arguments)
{
    return shell("UNCLOUD_CONFIG=" + environment("TEST_VAR") + "/etc/billing.toml " + environment("BUILD") + "/bin/uncloud " + arguments
        + " 2>&1; echo exit $?");
}

bool says(const std::string& text, const std::string& words) { return text.find(words) != std::string::npos; }

std::string note_of(const std::string& number, const std::string& more)
{
    return R"({"invoice":")" + number + R"(","reason":"a test")" + more + '}';
}

} // namespace

BOOST_AUTO_TEST_SUITE(billing)

BOOST_FIXTURE_TEST_CASE(the_upcoming_invoice_is_a_draft_of_the_next_period, Billed)
{
    const auto issued = member.get("/invoices/" + number);
    const auto upcoming = member.get("/invoices/upcoming");
    BOOST_TEST(upcoming.status == 200);
    BOOST_TEST(upcoming.at("items.0.status") == "draft");
    BOOST_TEST(upcoming.at("date") == issued.at("lines.0.period_end"));
    BOOST_TEST(upcoming.at("items.0.lines.0.period_start") == issued.at("lines.0.period_end"));
    BOOST_TEST(upcoming.at("items.0.total.amount") == "500");
    BOOST_TEST(fresh_member().get("/invoices/upcoming").body == R"({"date":null,"items":[],"next":null})");
}

BOOST_FIXTURE_TEST_CASE(balance_and_statement_say_the_same, Billed)
{
    const auto balance = member.get("/account/balance");
    BOOST_TEST(balance.at("items.0.open.amount") == "500");
    BOOST_TEST(balance.at("items.1.open.amount") == ""); // one currency, one line
    const auto statement = member.get("/account/statement");
    BOOST_TEST(statement.at("items.0.number") == number);
    BOOST_TEST(statement.at("closing_balance.amount") == "500");
    BOOST_TEST(member.get("/account/statement?from=2026-02-30").status == 400);
    BOOST_TEST(member.get("/account/statement?from=2026-02-02&to=2026-02-01").status == 400);
    BOOST_TEST(member.get("/account/statement?currency=USD").status == 400);
}

BOOST_FIXTURE_TEST_CASE(an_invoice_is_its_members_alone, Billed)
{
    BOOST_TEST(fresh_member().get("/invoices/" + number).status == 404);
    BOOST_TEST(the_operator.get("/admin/invoices/" + number).at("number") == number);
    BOOST_TEST(member.get("/admin/invoices/" + number).status == 403);
    BOOST_TEST(member.send("DELETE", "/invoices/" + number).status == 405);
}

BOOST_FIXTURE_TEST_CASE(a_credit_note_is_issued_once_under_its_key, Billed)
{
    const auto send = [&](const std::string& body, const std::string& key) {
        return the_operator.send("POST", "/admin/credit-notes", body, {"Idempotency-Key: " + key});
    };
    BOOST_TEST(member.send("POST", "/admin/credit-notes", note_of(number, "")).status == 403);
    const auto key = fresh_uuid();
    const auto first = send(note_of(number, R"(,"line":1,"amount":120)"), key);
    BOOST_TEST(first.status == 201, first.body);
    BOOST_TEST(send(note_of(number, R"(,"line":1,"amount":120)"), key).body == first.body);
    BOOST_TEST(send(note_of(number, R"(,"line":1,"amount":121)"), key).at("code") == "idempotency_key_reused");

    const auto note = member.get("/invoices/" + first.at("number"));
    BOOST_TEST(note.at("kind") == "credit_note");
    BOOST_TEST(note.at("total.amount") == "-120");
    BOOST_TEST(note.at("lines.0.credits.invoice") == number);
    BOOST_TEST(member.get("/invoices/" + number).at("open.amount") == "380");
    BOOST_TEST(member.get("/account/balance").at("items.0.open.amount") == "380");
}

BOOST_FIXTURE_TEST_CASE(a_credit_note_that_cannot_be_is_refused, Billed)
{
    const auto refused = [&](const std::string& body) { return the_operator.send("POST", "/admin/credit-notes", body); };
    BOOST_TEST(refused(note_of("2026-999999", "")).status == 404);
    BOOST_TEST(refused(note_of(number, R"(,"line":2)")).at("code") == "unknown_line");
    BOOST_TEST(refused(note_of(number, R"(,"line":1,"amount":501)")).at("code") == "nothing_to_credit");
    BOOST_TEST(refused(note_of(number, R"(,"amount":1)")).at("errors.0.pointer") == "#/amount");
    BOOST_TEST(refused(note_of(number, R"(,"line":0)")).at("errors.0.pointer") == "#/line");
    BOOST_TEST(refused(R"({"invoice":")" + number + "\"}").at("errors.0.pointer") == "#/reason");
    BOOST_TEST(member.get("/account/balance").at("items.0.open.amount") == "500");
}

BOOST_FIXTURE_TEST_CASE(credit_pays_what_is_open_and_keeps_the_rest, Billed)
{
    const auto path = "/admin/members/" + member.name + "/credits";
    const auto body = R"({"amount":700,"reference":")" + fresh_uuid() + R"(","reason":"sorry"})";
    BOOST_TEST(the_operator.send("POST", path, body).status == 201);
    BOOST_TEST(the_operator.send("POST", path, body).at("code") == "reference_in_use");
    const auto balance = member.get("/account/balance");
    BOOST_TEST(balance.at("items.0.open.amount") == "0");
    BOOST_TEST(balance.at("items.0.credit.amount") == "200");
}

BOOST_FIXTURE_TEST_CASE(a_dry_run_shows_and_writes_nothing, Billed)
{
    const auto run = the_operator.send("POST", "/admin/billing-runs?dry_run=true", R"({"date":"2031-01-01"})");
    BOOST_TEST(run.status == 200);
    BOOST_TEST(run.at("state") == "dry_run");
    BOOST_TEST(member.get("/invoices").at("items.1.number") == "");
    BOOST_TEST(
        the_operator.send("POST", "/admin/billing-runs?dry_run=true", R"({"date":"2026-02-30"})").at("errors.0.pointer") == "#/date");
    BOOST_TEST(member.send("POST", "/admin/billing-runs", "{}").status == 403);
    BOOST_TEST(the_operator.get("/admin/billing-runs").status == 200);
    BOOST_TEST(the_operator.get("/admin/billing-runs/999999999").status == 404);
    BOOST_TEST(the_operator.get("/admin/billing-errors").status == 200);
}

BOOST_FIXTURE_TEST_CASE(the_command_line_says_what_is_wrong_and_writes_nothing, Billed)
{
    BOOST_TEST(says(uncloud("run --date 2026-02-30"), "exit 2"));
    BOOST_TEST(says(uncloud("run --date tomorrow"), "must be a day that exists"));
    BOOST_TEST(says(uncloud("run --workers 0"), "exit 2"));
    BOOST_TEST(says(uncloud("report no-such-report"), "exit 4"));
    BOOST_TEST(says(uncloud("report trial-balance --from yesterday"), "exit 2"));
    BOOST_TEST(says(uncloud("ledger export --format xml"), "exit 2"));
    BOOST_TEST(says(uncloud("ledger close --through 2999-01-01"), "exit 1"));
    BOOST_TEST(says(uncloud("credit-note " + number + " --amount 1 --reason x"), "exit 2"));
    const auto rehearsal = uncloud("run --date 2027-06-30 --dry-run");
    BOOST_TEST(says(rehearsal, "\"username\":\"" + member.name + '"'));
    BOOST_TEST(says(rehearsal, "exit 0"));
    BOOST_TEST(member.get("/invoices").at("items.1.number") == "");
}

BOOST_AUTO_TEST_CASE(the_journal_is_accepted_by_hledger_and_ledger)
{
    const auto journal = environment("TEST_VAR") + "/journal";
    const auto tool =
        "UNCLOUD_CONFIG=" + environment("TEST_VAR") + "/etc/billing.toml " + environment("BUILD") + "/bin/uncloud ledger export";
    shell(tool + " --format hledger >" + journal + " && hledger -f " + journal + " check");
    const auto balance = shell("hledger -f " + journal + " balance --depth 1 | tail -1");
    BOOST_TEST(says(balance, "0"), balance);
    shell(tool + " --format ledger >" + journal + " && ledger --init-file /dev/null -f " + journal + " balance >/dev/null");
    BOOST_TEST(shell(tool + " --format csv | head -1") == "date,transaction,kind,document,username,account,amount,currency\r\n");
}

BOOST_AUTO_TEST_SUITE_END()
