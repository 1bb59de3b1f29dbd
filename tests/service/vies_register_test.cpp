#include "fake/http_server.h"
#include "gateway/vat_register.h"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

namespace {

using namespace std::chrono_literals;
namespace bdata = boost::unit_test::data;
using domain::RegisterAnswer;
using domain::RegisterReply;
using fake::Reaction;

RegisterReply reply_to(const Reaction& reaction, std::chrono::milliseconds timeout = 30s)
{
    const fake::HttpServer vies{[&](const fake::HttpCall&) { return reaction; }};
    return gateway::make_vies_register({.url = vies.url(), .timeout = timeout})->check("DE123456788");
}

struct Silence {
    Reaction reaction{};
    const char* code{};
    friend std::ostream& operator<<(std::ostream& out, const Silence& silence)
    {
        return out << silence.code << ' ' << silence.reaction.body;
    }
};

const Silence silences[] = {
    {{.body = R"({"valid":false,"userError":"MS_UNAVAILABLE"})"}, "MS_UNAVAILABLE"}, // not asked, so not invalid
    {{.body = R"({"isValid":false,"userError":"INVALID_INPUT"})"}, "INVALID_INPUT"},
    {{.body = R"({"actionSucceed":false,"errorWrappers":[{"error":"MS_MAX_CONCURRENT_REQ"}]})"}, "MS_MAX_CONCURRENT_REQ"},
    {{.status = 500, .body = R"({"actionSucceed":false,"errorWrappers":[{"error":"SERVICE_UNAVAILABLE"}]})"}, "SERVICE_UNAVAILABLE"},
    {{.status = 503, .body = "<html>busy</html>"}, "HTTP_503"},
    {{.status = 429}, "HTTP_429"},
    {{.status = 404, .body = R"({"valid":true})"}, "HTTP_404"}, // nobody who may say so
    {{.status = 302, .headers = "Location: http://127.0.0.1:1/\r\n"}, "HTTP_302"},
    {{.body = ""}, "NOT_UNDERSTOOD"},
    {{.body = "{}"}, "NOT_UNDERSTOOD"},
    {{.body = R"({"valid":"true"})"}, "NOT_UNDERSTOOD"},
    {{.body = R"({"valid":null})"}, "NOT_UNDERSTOOD"},
    {{.body = R"([true])"}, "NOT_UNDERSTOOD"},
    {{.body = R"({"valid":true,"vatNumber":"999999999"})"}, "OTHER_NUMBER"},
    {{.body = std::string(100'000, ' ') + R"({"valid":true})"}, "NO_CONNECTION"}, // too long
    {{.body = R"({"valid":true})", .mode = Reaction::Mode::cut}, "NO_CONNECTION"},
    {{.mode = Reaction::Mode::close}, "NO_CONNECTION"},
};

} // namespace

BOOST_AUTO_TEST_SUITE(vies_register)

BOOST_AUTO_TEST_CASE(the_question_names_the_id_and_who_asks)
{
    const fake::HttpServer vies{[](const fake::HttpCall&) {
        return Reaction{.body = R"({"countryCode":"DE","vatNumber":"123456788","requestDate":"2026-11-29T10:00:00.000Z","valid":true,)"
                                R"("requestIdentifier":"WAPIAAAA","name":"Muster GmbH","address":"Weg 1\n10115 Berlin"})"};
    }};
    const auto reply = gateway::make_vies_register({.url = vies.url(), .requester = "ATU12345675"})->check("DE123456788");
    BOOST_TEST((reply.answer == RegisterAnswer::valid));
    BOOST_TEST(reply.consultation == "WAPIAAAA");
    BOOST_TEST(reply.answer_date == "2026-11-29T10:00:00.000Z");
    BOOST_TEST(reply.name == "Muster GmbH");
    const auto calls = vies.calls();
    BOOST_REQUIRE(calls.size() == 1u);
    BOOST_TEST(calls[0].method == "POST");
    BOOST_TEST(calls[0].target == "/check-vat-number");
    BOOST_TEST(calls[0].header("Content-Type") == "application/json");
    BOOST_TEST(
        calls[0].body == R"({"countryCode":"DE","vatNumber":"123456788","requesterMemberStateCode":"AT","requesterNumber":"U12345675"})");
}

BOOST_AUTO_TEST_CASE(without_an_id_of_our_own_nobody_is_named)
{
    const fake::HttpServer vies{[](const fake::HttpCall&) { return Reaction{.body = R"({"valid":false,"userError":"INVALID"})"}; }};
    BOOST_TEST((gateway::make_vies_register({.url = vies.url()})->check("EL123456789").answer == RegisterAnswer::invalid));
    BOOST_TEST(vies.calls().at(0).body == R"({"countryCode":"EL","vatNumber":"123456789"})");
}

BOOST_AUTO_TEST_CASE(a_plain_yes_and_a_plain_no_are_understood)
{
    BOOST_TEST((reply_to({.body = R"({"valid":true})"}).answer == RegisterAnswer::valid));
    BOOST_TEST((reply_to({.body = R"({"isValid":true,"userError":"VALID"})"}).answer == RegisterAnswer::valid));
    BOOST_TEST((reply_to({.body = R"({"valid":false})"}).answer == RegisterAnswer::invalid));
}

// T23: whatever is no clear yes or no was read as one of them elsewhere.
BOOST_DATA_TEST_CASE(t23_everything_else_is_unknown, bdata::make(silences), silence)
{
    const auto reply = reply_to(silence.reaction);
    BOOST_TEST((reply.answer == RegisterAnswer::unknown));
    BOOST_TEST(reply.code == silence.code);
}

BOOST_AUTO_TEST_CASE(a_vies_that_hangs_or_trickles_holds_nobody_up)
{
    for (const auto mode : {Reaction::Mode::hang, Reaction::Mode::trickle}) {
        const auto began = std::chrono::steady_clock::now();
        BOOST_TEST(reply_to({.body = R"({"valid":true})" + std::string(300, ' '), .mode = mode}, 300ms).code == "NO_CONNECTION");
        BOOST_TEST((std::chrono::steady_clock::now() - began < 20s)); // the whole answer would take longer
    }
    BOOST_TEST(gateway::make_vies_register({.url = "http://127.0.0.1:1"})->check("DE123456788").code == "NO_CONNECTION");
}

BOOST_AUTO_TEST_CASE(the_sandbox_answers_by_the_numbers_of_the_test_service)
{
    const auto sandbox = gateway::make_sandbox_register();
    BOOST_TEST((sandbox->check("BE0000000100").answer == RegisterAnswer::valid));
    BOOST_TEST((sandbox->check("BE0000000200").answer == RegisterAnswer::invalid));
    BOOST_TEST(sandbox->check("BE0000000201").code == "INVALID_INPUT");
    BOOST_TEST(sandbox->check("BE0000000302").code == "TIMEOUT");
    BOOST_TEST((sandbox->check("BE0000000123").answer == RegisterAnswer::unknown));
    BOOST_TEST((gateway::make_no_register()->check("BE0000000100").answer == RegisterAnswer::unknown));
}

BOOST_AUTO_TEST_SUITE_END()
