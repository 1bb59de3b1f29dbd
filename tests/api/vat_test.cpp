#include "site.h"

#include <boost/test/unit_test.hpp>

using namespace site;

namespace {

// The sandbox answers for an id by its last digits, as VIES's test service does.
constexpr const char* valid_id = "BE0123456100";
constexpr const char* invalid_id = "BE0123456200";
constexpr const char* unanswered_id = "BE0123456301"; // MS_UNAVAILABLE

/// A member on bill whose membership is billed, so that what it orders next is the newest document.
struct Abroad {
    Member member = member_on_bill();

    Abroad()
    {
        const auto invoices = [&] { return member.get("/invoices"); };
        BOOST_TEST_REQUIRE(
            !eventually(invoices, [](const Answer& answer) { return !answer.at("items.0.number").empty(); }).at("items.0.number").empty());
    }

    Answer put_account(const std::string& body) const { return member.send("PUT", "/account", body); }
    std::string state_when(const std::string& wanted) const
    {
        return eventually([&] { return member.get("/account"); }, [&](const Answer& answer) { return answer.at("vat_id_state") == wanted; })
            .at("vat_id_state");
    }
    std::string order_vm() const
    {
        const auto uuid = fresh_uuid();
        BOOST_TEST(member.send("PUT", "/orders/" + uuid, small_vm).status == 201);
        return uuid;
    }
    /// The document that bills the order, as soon as there is one.
    Answer invoice_of(const std::string& order) const
    {
        const auto newest = [&] { return member.get("/invoices/" + member.get("/invoices").at("items.0.number")); };
        return eventually(newest, [&](const Answer& answer) { return answer.at("lines.0.order") == order; });
    }
    std::string pdf_text_of(const Answer& invoice) const
    {
        const auto url = environment("TEST_URL") + "/invoices/" + invoice.at("number") + ".pdf";
        return shell("curl -qsf --noproxy '*' -u '" + member.credentials() + "' " + url + " | pdftotext -layout - -");
    }
};

/// Runs the operator's tool; what it printed and "exit N".
std::string uncloud(const std::string& arguments)
{
    return shell("UNCLOUD_CONFIG=" + environment("TEST_VAR") + "/etc/billing.toml " + environment("BUILD") + "/bin/uncloud " + arguments
        + " 2>&1; echo exit $?");
}

bool says(const std::string& text, const std::string& words) { return text.find(words) != std::string::npos; }

} // namespace

BOOST_FIXTURE_TEST_SUITE(vat, Abroad)

BOOST_AUTO_TEST_CASE(a_consumer_in_germany_pays_german_tax)
{
    const auto account = put_account(R"({"billing_address":{"country":"DE","postal_code":"10115","city":"Berlin"},"language":"de"})");
    BOOST_TEST(account.status == 200);
    BOOST_TEST(account.at("customer_kind") == "consumer");
    BOOST_TEST(account.at("vat_id_state") == "none");
    const auto quote = member.send("POST", "/quotes", small_vm);
    BOOST_TEST(quote.at("tax.treatment") == "EU_OSS");
    BOOST_TEST(quote.at("lines.0.vat_rate") == "19");

    const auto invoice = invoice_of(order_vm());
    BOOST_TEST(invoice.at("tax.treatment") == "EU_OSS");
    BOOST_TEST(invoice.at("tax.country") == "DE");
    BOOST_TEST(invoice.at("tax.oss_id") == "EU372012345");
    BOOST_TEST(invoice.at("total.amount") == quote.at("first.total.amount"));
    BOOST_TEST(invoice.at("lines.0.vat_rate") == "19");
    const auto pdf = pdf_text_of(invoice); // where the lines break is the layout's
    for (const char* words : {"USt DE 19 %", "One-Stop-Shop", "EU372012345"}) BOOST_TEST(says(pdf, words), words);
}

BOOST_AUTO_TEST_CASE(a_business_that_vies_knows_accounts_for_the_tax_itself)
{
    const auto account = put_account(
        R"({"billing_address":{"company":"Exemple SA","country":"BE","postal_code":"1000"},"language":"fr","vat_id":"be 0123.456.100"})");
    BOOST_TEST(account.status == 200);
    BOOST_TEST(account.at("customer_kind") == "business");
    BOOST_TEST(account.at("vat_id") == valid_id);
    BOOST_TEST(state_when("valid") == "valid");

    const auto invoice = invoice_of(order_vm());
    BOOST_TEST(invoice.at("tax.treatment") == "EU_REVERSE_CHARGE");
    BOOST_TEST(invoice.at("tax.vat_id") == valid_id);
    BOOST_TEST(invoice.at("tax.consultation") == std::string{"SANDBOX"} + valid_id);
    BOOST_TEST(invoice.at("vat.amount") == "0");
    const auto pdf = pdf_text_of(invoice);
    BOOST_TEST(says(pdf, "Autoliquidation"));
    BOOST_TEST(says(pdf, "Reverse charge"));
    BOOST_TEST(says(pdf, valid_id));
}

BOOST_AUTO_TEST_CASE(a_business_that_vies_does_not_know_is_taxed_like_a_consumer)
{
    put_account(std::string{R"({"billing_address":{"country":"BE"},"vat_id":")"} + invalid_id + "\"}");
    BOOST_TEST(state_when("invalid") == "invalid");
    BOOST_TEST(invoice_of(order_vm()).at("tax.treatment") == "EU_OSS");
}

// T23: VIES being down kept everybody from ordering elsewhere.
BOOST_AUTO_TEST_CASE(t23_while_vies_is_down_an_order_is_taken_and_its_invoice_waits)
{
    put_account(std::string{R"({"billing_address":{"country":"BE"},"vat_id":")"} + unanswered_id + "\"}");
    BOOST_TEST(state_when("unknown") == "unknown");
    const auto quote = member.send("POST", "/quotes", small_vm);
    BOOST_TEST(quote.status == 200);
    BOOST_TEST(quote.at("tax.treatment") == "HOLD_VAT_CHECK");

    const auto before = member.get("/invoices").at("items.0.number");
    const auto order = order_vm();
    const auto read = [&] { return member.get("/orders/" + order); };
    BOOST_TEST(eventually(read, [](const Answer& answer) { return answer.at("status") == "active"; }).at("status") == "active");
    BOOST_TEST(says(read().body, "the invoice waits until your VAT id is confirmed"));
    BOOST_TEST(member.get("/invoices").at("items.0.number") == before);
    BOOST_TEST(member.get("/invoices/upcoming").at("items.0.tax.treatment") == "HOLD_VAT_CHECK");
    BOOST_TEST(says(ask({.path = "/admin/reports/vat-held", .credentials = the_operator.credentials()}).body, member.name));

    BOOST_TEST(says(uncloud("vat ask " + member.name), "exit 0"));
    BOOST_TEST(says(uncloud("vat ask nobody"), "exit 4"));
    put_account(std::string{R"({"vat_id":")"} + valid_id + "\"}");
    BOOST_TEST(invoice_of(order).at("tax.treatment") == "EU_REVERSE_CHARGE");
    BOOST_TEST(!says(ask({.path = "/admin/reports/vat-held", .credentials = the_operator.credentials()}).body, member.name));
}

BOOST_AUTO_TEST_CASE(a_vat_id_that_cannot_be_is_refused_with_what_to_send)
{
    for (const auto* body : {R"({"billing_address":{"country":"DE"},"vat_id":"DE123456789"})", R"({"vat_id":"CHE-123.456.789"})",
             R"({"billing_address":{"country":"DE"},"vat_id":"CHE-123.456.788"})",
             R"({"customer_kind":"consumer","vat_id":"CHE-123.456.788"})"}) {
        const auto answer = put_account(body);
        BOOST_TEST(answer.status == 422, body);
        BOOST_TEST(answer.at("code") == "vat_id_unusable", body);
        BOOST_TEST(says(answer.at("detail"), "vat_id"), body);
    }
    BOOST_TEST(put_account(R"({"customer_kind":"firm"})").at("code") == "invalid_fields");
    BOOST_TEST(member.get("/account").at("vat_id") == "");
    const auto swiss = put_account(R"({"vat_id":"che123456788 MWST"})");
    BOOST_TEST(swiss.at("vat_id") == "CHE-123.456.788");
    BOOST_TEST(swiss.at("vat_id_state") == "none");
    BOOST_TEST(put_account(R"({"vat_id":null,"customer_kind":"consumer"})").at("customer_kind") == "consumer");
}

// A change of a rate is a row that an operator adds.
BOOST_AUTO_TEST_CASE(rates_are_added_by_the_operator_and_listed)
{
    const auto rate = [](const std::string& arguments) { return uncloud("vat rate " + arguments); };
    const std::string add{"add LU --from 2199-01-01 --rate 17.5 --source test"};
    const auto added = rate(add);
    BOOST_TEST((says(added, "the standard rate of LU is 17.5 % from 2199-01-01") || says(added, "exit 5"))); // of an earlier round
    BOOST_TEST(says(rate(add), "exit 5"));
    BOOST_TEST(says(rate("list LU"), "2199-01-01"));
    BOOST_TEST(says(rate("list"), "first day uncertain"));
    BOOST_TEST(says(rate("add CH --from 2024-06-01 --rate 9 --source test"), "exit 1"));
    BOOST_TEST(says(rate("add GB --from 2199-01-01 --rate 20 --source test"), "exit 2"));
    for (const char* percent : {"8.123", "-1", "100", "8,1", "x", "8.", ""})
        BOOST_TEST(says(rate("add CH --from 2199-02-01 --source test --rate '" + std::string{percent} + "'"), "exit 2"), percent);
}

BOOST_AUTO_TEST_CASE(what_get_shows_can_be_sent_back)
{
    put_account(std::string{R"({"billing_address":{"country":"BE"},"vat_id":")"} + valid_id + "\"}");
    const auto shown = member.get("/account");
    BOOST_TEST(put_account(shown.body).status == 200);
}

BOOST_AUTO_TEST_SUITE_END()
