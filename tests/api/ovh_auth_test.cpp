#include "ovh_site.h"

#include <boost/test/unit_test.hpp>

using namespace site;

namespace {

/// A call whose signature was made over the URL, body and time told, whatever is sent.
struct Signed {
    std::string base{environment("TEST_TLS_URL")};
    std::string target{"/1.0/auth/currentCredential"};
    std::string body{};
    std::int64_t timestamp{unix_seconds()};
};

Answer send(const ApiKey& key, const Signed& call, const std::string& method = "GET", const std::string& sent_body = "")
{
    return ask({.method = method,
        .path = environment("TEST_TLS_URL") + call.target,
        .body = sent_body,
        .headers = signed_headers(key, method, call.base + call.target, call.body, call.timestamp)});
}

/// The answer is an error in OVH's format, with the status and code.
bool is_error(const Answer& answer, int status, const std::string& code)
{
    const auto http_code = answer.at("httpCode");
    return answer.status == status && answer.at("errorCode") == code && answer.at("message") != "" && answer.at("class") != ""
        && http_code.starts_with(std::to_string(status) + ' ') && answer.at("queryId") == answer.header("x-ovh-queryid");
}

std::string without_port(const std::string& url) { return url.substr(0, url.rfind(':')); }
std::string on_localhost(std::string url) { return url.replace(url.find("127.0.0.1"), 9, "localhost"); }

} // namespace

BOOST_AUTO_TEST_SUITE(ovh_auth)

BOOST_AUTO_TEST_CASE(the_time_is_a_bare_number_for_everybody)
{
    for (const auto& base : {environment("TEST_URL"), environment("TEST_TLS_URL")})
        for (const std::string version : {"/1.0", "/v1"}) {
            const auto before = unix_seconds();
            const auto answer = ask({.path = base + version + "/auth/time"});
            BOOST_TEST(answer.status == 200);
            const auto told = std::stoll(answer.body);
            BOOST_TEST((told >= before - 2 && told <= unix_seconds() + 2), told << " after " << before);
        }
    // Who signs with a clock that is off must be able to learn it.
    const auto key = api_key(fresh_member());
    BOOST_TEST(send(key, {.target = "/1.0/auth/time", .timestamp = 1}).status == 200);
}

BOOST_AUTO_TEST_CASE(a_key_made_with_a_password_signs_at_once)
{
    const auto member = fresh_member();
    const auto client = ovh_client(member);
    BOOST_TEST(client.key.application_key.size() == 16u);
    BOOST_TEST(client.key.application_secret.size() == 32u);
    BOOST_TEST(client.key.consumer_key.size() == 32u);
    const auto details = client.get("/auth/details");
    BOOST_TEST(details.status == 200, details.body);
    BOOST_TEST(details.at("account") == member.name);
    BOOST_TEST(client.get("/auth/currentCredential").at("credentialId") == client.key.id);
}

// O24, php-ovh 62: "Invalid signature" said neither what had been seen nor what would have been right.
BOOST_AUTO_TEST_CASE(any_public_base_may_be_signed_and_no_other)
{
    const auto key = api_key(fresh_member());
    const auto http = environment("TEST_URL"), https = environment("TEST_TLS_URL");
    for (const auto& base : {http, https, without_port(http), without_port(https), on_localhost(http), on_localhost(https),
             without_port(on_localhost(http)), without_port(on_localhost(https))})
        BOOST_TEST(send(key, {.base = base}).status == 200, base);
    for (const auto& base : {std::string{"https://eu.api.ovh.com"}, https + "0", std::string{"https://127.0.0.2"}, std::string{}}) {
        const auto answer = send(key, {.base = base});
        BOOST_TEST(is_error(answer, 400, "INVALID_SIGNATURE"), base << answer.body);
        BOOST_TEST(answer.at("message").find(https) != std::string::npos); // which bases it would have been
        BOOST_TEST(answer.at("message").find("/1.0/auth/currentCredential") != std::string::npos);
        BOOST_TEST(answer.at("message").find(key.application_secret) == std::string::npos);
        BOOST_TEST(answer.at("message").find(key.consumer_key) == std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(the_target_is_signed_as_it_was_sent)
{
    const auto key = api_key(fresh_member());
    for (const std::string target : {"/1.0/me/api/credential?status=validated", "/1.0/me/api/credential?status=valid%61ted&x=a+b%2Bc",
             "/1.0//me/api/credential", "/1.0/me%2Fapi/credential", "/v1/me/api/credential"}) {
        const auto answer = send(key, {.target = target});
        BOOST_TEST(answer.status == 200, target << answer.body);
        BOOST_TEST(answer.body == '[' + key.id + ']');
    }
    BOOST_TEST(is_error(ask({.path = environment("TEST_TLS_URL") + "/1.0/me/api/credential?status=refused",
                            .headers = signed_headers(
                                key, "GET", environment("TEST_TLS_URL") + "/1.0/me/api/credential?status=validated", "", unix_seconds())}),
        400, "INVALID_SIGNATURE"));
}

// O24, php-ovh 80, 97: one answer for whatever was wrong.
BOOST_AUTO_TEST_CASE(each_mistake_has_its_own_code)
{
    const auto key = api_key(fresh_member());
    auto wrong = key;
    wrong.application_secret.back() = wrong.application_secret.back() == 'a' ? 'b' : 'a';
    BOOST_TEST(is_error(send(wrong, {}), 400, "INVALID_SIGNATURE"));
    wrong = key;
    wrong.application_key.back() = wrong.application_key.back() == 'a' ? 'b' : 'a';
    BOOST_TEST(is_error(send(wrong, {}), 403, "INVALID_KEY"));
    wrong = key;
    wrong.consumer_key.back() = wrong.consumer_key.back() == 'a' ? 'b' : 'a';
    BOOST_TEST(is_error(send(wrong, {}), 403, "NOT_CREDENTIAL"));

    // Another's consumer key fits no application but its own.
    wrong = key;
    wrong.consumer_key = api_key(fresh_member()).consumer_key;
    BOOST_TEST(is_error(send(wrong, {}), 403, "NOT_CREDENTIAL"));

    // The body that was signed is the one that counts, to the byte; whoever changes it learns nothing of what it would have done.
    const auto changed = send(key, {.target = "/1.0/auth/logout", .body = R"({"a":1})"}, "POST", R"({"a": 1})");
    BOOST_TEST(is_error(changed, 400, "INVALID_SIGNATURE"));
    const auto method = ask({.method = "DELETE",
        .path = environment("TEST_TLS_URL") + "/1.0/me/api/credential/" + key.id,
        .headers = signed_headers(key, "GET", environment("TEST_TLS_URL") + "/1.0/me/api/credential/" + key.id, "", unix_seconds())});
    BOOST_TEST(is_error(method, 400, "INVALID_SIGNATURE"));
    BOOST_TEST(send(key, {}).status == 200);
}

// O26, Posh-ACME 162: a clock that was eight minutes off.
BOOST_AUTO_TEST_CASE(a_clock_that_is_off_is_told_by_how_much)
{
    const auto key = api_key(fresh_member());
    BOOST_TEST(send(key, {.timestamp = unix_seconds() - 270}).status == 200);
    BOOST_TEST(send(key, {.timestamp = unix_seconds() + 270}).status == 200);
    const auto timestamp = unix_seconds() - 480;
    const auto behind = send(key, {.timestamp = timestamp});
    BOOST_TEST(is_error(behind, 400, "QUERY_TIME_OUT"));
    bool told = false;
    for (auto seconds = 479; seconds <= unix_seconds() - timestamp + 1; ++seconds)
        told = told || behind.at("message").find(std::to_string(seconds) + " seconds behind") != std::string::npos;
    BOOST_TEST(told, behind.body);
    BOOST_TEST(behind.at("message").find("/auth/time") != std::string::npos);
    BOOST_TEST(send(key, {.timestamp = unix_seconds() + 480}).at("message").find("seconds ahead") != std::string::npos);
    for (const std::string time :
        {"", "now", "1.5", "-1", "99999999999999999999", "9223372036854775807", "-9223372036854775808", "0x10", " 1", "+1"}) {
        auto headers = signed_headers(key, "GET", "https://127.0.0.1/1.0/me", "", 1);
        headers[2] = "X-Ovh-Timestamp:" + (time.empty() ? time : ' ' + time);
        const auto answer = ask({.path = environment("TEST_TLS_URL") + "/1.0/auth/details", .headers = headers});
        BOOST_TEST(is_error(answer, 400, "QUERY_TIME_OUT"), time << answer.body);
    }
}

BOOST_AUTO_TEST_CASE(a_header_that_is_missing_or_doubled_is_named)
{
    const auto key = api_key(fresh_member());
    const auto url = environment("TEST_TLS_URL") + "/1.0/auth/currentCredential";
    const auto headers = signed_headers(key, "GET", url, "", unix_seconds());
    const std::vector<std::pair<int, std::string>> codes{
        {403, "INVALID_KEY"}, {403, "NOT_CREDENTIAL"}, {400, "QUERY_TIME_OUT"}, {400, "INVALID_SIGNATURE"}};
    for (std::size_t i = 0; i < headers.size(); ++i) {
        auto fewer = headers;
        fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
        const auto name = headers[i].substr(0, headers[i].find(':'));
        const auto answer = ask({.path = url, .headers = fewer});
        BOOST_TEST(is_error(answer, codes[i].first, codes[i].second), answer.body);
        BOOST_TEST(answer.at("message").find(name) != std::string::npos);
        auto doubled = headers;
        doubled.push_back(headers[i]);
        BOOST_TEST(is_error(ask({.path = url, .headers = doubled}), 400, "BAD_REQUEST"), name);
    }
    for (const auto& none :
        {ask({.path = url}), ask({.path = url, .headers = {headers[0]}}), ask({.path = url, .headers = {headers[0], headers[2]}})}) {
        BOOST_TEST(is_error(none, 403, "NOT_CREDENTIAL"));
        BOOST_TEST(none.at("message").starts_with("You must login first"));
    }
    // Nobody becomes anybody by a header, nor by a password: this family knows signatures only.
    BOOST_TEST(is_error(ask({.path = url,
                            .credentials = "nicocustomer:xxx",
                            .headers = {"Remote-User: admin", "Member-Id: 1", "REMOTE_USER: admin", "MEMBER_ID: 1"}}),
        403, "NOT_CREDENTIAL"));
}

// O25, python-ovh 86, 141: rules too narrow.
BOOST_AUTO_TEST_CASE(a_call_that_was_not_granted_names_the_rule_that_would_be_needed)
{
    const auto key = api_key(fresh_member(), R"([{"method":"GET","path":"/me/api/application*"},{"method":"POST","path":"/order/*"}])");
    BOOST_TEST(send(key, {.target = "/1.0/me/api/application"}).status == 200);
    BOOST_TEST(send(key, {.target = "/v1/me/api/application"}).status == 200);
    const auto refused = send(key, {.target = "/1.0/me/api/credential"});
    BOOST_TEST(is_error(refused, 403, "NOT_GRANTED_CALL"));
    BOOST_TEST(refused.at("message").find(R"({"method":"GET","path":"/me/*"})") != std::string::npos, refused.body);
    BOOST_TEST(is_error(send(key, {.target = "/1.0/me/api/application/1"}, "DELETE"), 403, "NOT_GRANTED_CALL"));
    // What the holder may always do.
    BOOST_TEST(send(key, {}).at("rules.1.path") == "/order/*");
    BOOST_TEST(send(key, {.target = "/1.0/auth/logout"}, "POST").body == "null");
    BOOST_TEST(is_error(send(key, {}), 403, "INVALID_CREDENTIAL"));
}

BOOST_AUTO_TEST_SUITE_END()
