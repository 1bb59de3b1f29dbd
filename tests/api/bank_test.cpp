#include "fake/bank_file.h"
#include "site.h"

#include <boost/test/unit_test.hpp>

using namespace site;

namespace {

/// A file as the operator hands it in.
Answer hand_in(const std::string& document, const std::string& query = "", std::vector<std::string> headers = {},
    const std::string& content_type = "application/xml", const Member& who = the_operator)
{
    return ask({.method = "POST",
        .path = "/admin/bank-files" + query,
        .body = document,
        .credentials = who.credentials(),
        .headers = std::move(headers),
        .content_type = content_type});
}

std::string fresh_key() { return fresh_uuid().substr(9); }

/// One credit of the amount, with a text of the payer's.
std::string document_with(
    const std::string& key, const std::string& amount, const std::string& text = "", const std::string& reference = "")
{
    return fake::BankFile{.entries = {{.key = "E" + key.substr(0, 25),
                              .amount = amount,
                              .details = {{.key = key, .amount = amount, .reference = reference, .payer = "Vreni Muster", .text = text}}}}}
        .notification();
}

/// The newest booking in the state whose text is this.
std::string booking_of(const std::string& text, const std::string& state = "open")
{
    const auto list = the_operator.get("/admin/bank-bookings?limit=100&state=" + state).json();
    std::size_t i = 0;
    json_t* each = nullptr;
    json_array_foreach(json_object_get(list.get(), "items"), i, each)
    {
        const auto* told = json_string_value(json_object_get(each, "text"));
        if (told && text == told) return json_string_value(json_object_get(each, "uuid"));
    }
    return {};
}

Answer decide(const std::string& booking, const std::string& what, const std::string& body)
{
    return the_operator.send("POST", "/admin/bank-bookings/" + booking + '/' + what, body);
}

/// What somebody paid who forgot the reference; its booking.
std::string unplaced(const std::string& amount)
{
    const auto text = "for " + fresh_uuid();
    BOOST_TEST_REQUIRE(hand_in(document_with(fresh_key(), amount, text)).status == 201);
    const auto booking = booking_of(text);
    BOOST_TEST_REQUIRE(booking != "");
    return booking;
}

std::string newest_invoice(const Member& member)
{
    const auto invoices =
        eventually([&] { return member.get("/invoices"); }, [](const Answer& answer) { return !answer.at("items.0.number").empty(); });
    return invoices.at("items.0.number");
}

} // namespace

BOOST_AUTO_TEST_SUITE(bank_files)

BOOST_AUTO_TEST_CASE(a_file_is_taken_once_and_can_be_read_back)
{
    const auto document = document_with(fresh_key(), "7.00");
    const auto first = hand_in(document, "?name=camt054.xml");
    BOOST_TEST(first.status == 201);
    BOOST_TEST(first.at("name") == "camt054.xml");
    BOOST_TEST(first.at("outcomes.NO_REFERENCE") == "1");
    BOOST_TEST(first.at("new_bookings") == "1");
    const auto again = hand_in(document, "", {}, "text/xml; charset=utf-8");
    BOOST_TEST(again.status == 201);
    BOOST_TEST(again.at("outcomes.ALREADY_SEEN") == "1");
    BOOST_TEST(again.at("new_bookings") == "0");
    BOOST_TEST(again.at("sha256") == first.at("sha256"));
    BOOST_TEST(the_operator.get(first.header("location")).body == first.body);
    BOOST_TEST(the_operator.get("/admin/bank-files?limit=1").at("items.0.uuid") == again.at("uuid"));
    BOOST_TEST(the_operator.get("/admin/bank-bookings?file=" + first.at("uuid")).at("items.0.amount.amount") == "700");
    BOOST_TEST(the_operator.get("/admin/bank-bookings?file=" + again.at("uuid")).at("items.0.uuid") == "");
}

BOOST_AUTO_TEST_CASE(a_dry_run_changes_nothing_and_a_key_answers_the_same)
{
    const auto document = document_with(fresh_key(), "7.00");
    const auto dry = hand_in(document, "?dry_run=true");
    BOOST_TEST(dry.status == 200);
    BOOST_TEST(dry.at("new_bookings") == "1");
    BOOST_TEST(the_operator.get("/admin/bank-files/" + dry.at("uuid")).status == 404);
    const std::vector<std::string> key{"Idempotency-Key: " + fresh_uuid()};
    const auto first = hand_in(document, "", key);
    BOOST_TEST(first.at("new_bookings") == "1");
    const auto again = hand_in(document, "", key);
    BOOST_TEST(again.body == first.body);
    BOOST_TEST(again.header("idempotent-replayed") == "true");
}

BOOST_AUTO_TEST_CASE(a_payment_settles_the_members_invoice_and_supplies_nothing_twice)
{
    const auto member = member_on_bill();
    const auto number = newest_invoice(member);
    const auto pdf = member.get("/invoices/" + number + ".pdf");
    BOOST_TEST(pdf.status == 200);
    const auto booking = unplaced("5.00");
    BOOST_TEST(decide(booking, "assign", R"({"invoice":")" + number + "\"}").status == 200);
    BOOST_TEST(member.get("/invoices/" + number).at("open.amount") == "0");
    BOOST_TEST(member.get("/account/payments").at("items.0.means") == "bank");
    const auto shown = the_operator.get("/admin/bank-bookings/" + booking);
    BOOST_TEST(shown.at("state") == "assigned");
    BOOST_TEST(shown.at("invoice") == number);
    BOOST_TEST(shown.at("username") == member.name);
    BOOST_TEST(shown.at("decided_by") == "admin");
    BOOST_TEST(decide(booking, "assign", R"({"invoice":")" + number + "\"}").at("code") == "booking_decided");
}

BOOST_AUTO_TEST_CASE(money_is_credited_or_goes_back_by_a_payout_file)
{
    const auto member = fresh_member();
    BOOST_TEST(decide(unplaced("8.00"), "credit", R"({"username":")" + member.name + "\"}").at("state") == "credited");
    BOOST_TEST(member.get("/account/balance").at("items.0.credit.amount") == "800");

    const auto back = unplaced("9.00");
    const auto missing = decide(back, "refund", "");
    BOOST_TEST(missing.status == 422);
    BOOST_TEST(missing.at("code") == "payee_missing");
    BOOST_TEST(decide(back, "refund", R"({"payee_iban":"CH9300762011623852957"})").at("state") == "refunded");
    const auto made = the_operator.send("POST", "/admin/bank-payouts");
    BOOST_TEST_REQUIRE(made.status == 201);
    const auto document = the_operator.get(made.at("items.0.document"));
    BOOST_TEST(document.status == 200);
    BOOST_TEST(document.header("content-type") == "application/xml");
    BOOST_TEST(document.body.find("<IBAN>CH9300762011623852957</IBAN>") != std::string::npos);
    BOOST_TEST(the_operator.get(made.at("items.0.document")).body == document.body);
    BOOST_TEST(the_operator.send("POST", "/admin/bank-payouts").at("code") == "nothing_to_pay_out");
    BOOST_TEST(the_operator.get("/admin/bank-payouts").at("items.0.uuid") == made.at("items.0.uuid"));
}

BOOST_AUTO_TEST_CASE(a_hostile_file_is_refused_with_its_cause_and_leaves_nothing)
{
    struct Case {
        std::string code;
        std::string document;
    };
    const auto good = document_with(fresh_key(), "7.00");
    auto with = [&](const std::string& what, const std::string& instead) {
        auto text = good;
        return text.replace(text.find(what), what.size(), instead);
    };
    std::string deep = "<?xml version=\"1.0\"?><Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.054.001.08\">";
    for (int i = 0; i < 5000; ++i) deep += "<a>";
    const std::vector<Case> cases{
        {"XML_MALFORMED", "no xml at all"},
        {"XML_MALFORMED", good.substr(0, good.size() / 2)},
        {"DTD_FORBIDDEN", "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]><x>&b;</x>"},
        {"DTD_FORBIDDEN", "<!DOCTYPE x SYSTEM \"file:///etc/passwd\"><x/>"},
        {"NAMESPACE_UNSUPPORTED", "<Document xmlns=\"urn:something\"/>"},
        {"XML_TOO_DEEP", deep},
        {"UNKNOWN_ACCOUNT", with(fake::bank_iban, "CH9300762011623852957")},
        {"XSD_INVALID", with("<BkTxCd/>", "<Surprise/>")},
        {"SUM_MISMATCH", with("<Amt Ccy=\"CHF\">7.00</Amt>", "<Amt Ccy=\"CHF\">8.00</Amt>")},
        {"AMOUNT_PRECISION", with("<Amt Ccy=\"CHF\">7.00</Amt>", "<Amt Ccy=\"CHF\">7.001</Amt>")},
    };
    for (const auto& [code, document] : cases) {
        BOOST_TEST_CONTEXT(code)
        {
            const auto refused = hand_in(document);
            BOOST_TEST(refused.status == 422);
            BOOST_TEST(refused.header("content-type") == "application/problem+json");
            BOOST_TEST(refused.at("code") == "bank_file_refused");
            BOOST_TEST(refused.at("errors.0.code") == code);
            BOOST_TEST(refused.at("detail").starts_with(code));
        }
    }
    BOOST_TEST(the_operator.get("/admin/audit-log").at("items.0.action") == "bank.file_refused");
    BOOST_TEST(hand_in("").status == 400);
    BOOST_TEST(hand_in(good, "", {}, "application/json").status == 415);
    BOOST_TEST(hand_in(good, "", {}, "text/plain").status == 415);
    BOOST_TEST(hand_in(good, "", {}, "application/x-www-form-urlencoded").status == 415);
    const auto large = hand_in(good + std::string(5 << 20, ' '));
    BOOST_TEST(large.status == 413);
    BOOST_TEST(large.at("code") == "body_too_large");
    BOOST_TEST(hand_in(good + std::string(3 << 20, ' ')).status == 201);
}

BOOST_AUTO_TEST_CASE(only_operators_come_near)
{
    const auto member = fresh_member();
    const auto booking = unplaced("7.00");
    BOOST_TEST(hand_in(document_with(fresh_key(), "7.00"), "", {}, "application/xml", member).status == 403);
    for (const auto* path : {"/admin/bank-files", "/admin/bank-bookings", "/admin/bank-payouts"})
        BOOST_TEST(member.get(path).status == 403);
    BOOST_TEST(member.get("/admin/bank-bookings/" + booking).status == 403);
    for (const auto* what : {"assign", "credit", "refund"})
        BOOST_TEST(
            member.send("POST", "/admin/bank-bookings/" + booking + '/' + what, R"({"username":")" + member.name + "\"}").status == 403);
    BOOST_TEST(member.send("POST", "/admin/bank-payouts").status == 403);
    BOOST_TEST(ask({.path = "/admin/bank-files"}).status == 401);
    BOOST_TEST(the_operator.get("/admin/bank-bookings/" + booking).at("state") == "open");
}

BOOST_AUTO_TEST_CASE(bad_questions_get_clear_answers)
{
    BOOST_TEST(the_operator.get("/admin/bank-bookings?state=lost").status == 400);
    BOOST_TEST(the_operator.get("/admin/bank-bookings?file=x").status == 400);
    BOOST_TEST(the_operator.get("/admin/bank-bookings/" + fresh_uuid()).status == 404);
    BOOST_TEST(the_operator.get("/admin/bank-files/x").status == 404);
    BOOST_TEST(the_operator.get("/admin/bank-payouts/" + fresh_uuid() + ".xml").status == 404);
    const auto booking = unplaced("7.00");
    const auto nothing = decide(booking, "assign", "{}");
    BOOST_TEST(nothing.status == 422);
    BOOST_TEST(nothing.at("errors.0.pointer") == "#/invoice");
    BOOST_TEST(decide(booking, "assign", R"({"invoice":"2026-000001","username":"nico"})").status == 422);
    BOOST_TEST(decide(booking, "assign", R"({"booking":"x"})").status == 422);
    BOOST_TEST(decide(booking, "assign", R"({"invoice":"1999-000001"})").status == 404);
    BOOST_TEST(decide(booking, "credit", R"({"username":"no-such-member"})").status == 404);
    BOOST_TEST(decide(booking, "credit", R"({"name":"x"})").status == 422);
    BOOST_TEST(decide(booking, "refund", R"({"payee_name":"x","payee_iban":"CH00"})").at("code") == "payee_missing");
    BOOST_TEST(decide(booking, "assign", R"({"booking":")" + booking + "\"}").at("code") == "booking_differs");
    BOOST_TEST(decide(fresh_uuid(), "credit", R"({"username":"nico"})").status == 404);
}

BOOST_AUTO_TEST_SUITE_END()
