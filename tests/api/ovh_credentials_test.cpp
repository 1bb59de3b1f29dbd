#include "ovh_site.h"

#include <boost/test/unit_test.hpp>

using namespace site;

namespace {

Answer ask_with(const ApiKey& key, const std::string& body)
{
    return OvhClient{.key = {.application_key = key.application_key}}.post("/auth/credential", body);
}

std::string token_of(const Answer& asked)
{
    const auto url = asked.at("validationUrl");
    return url.substr(url.find("credentialToken=") + 16);
}

/// A credential for the member, as an application gets it by its page. The key to sign with.
ApiKey granted(const ApiKey& by, const Member& member, const std::string& duration = "unlimited", const std::string& more = "")
{
    const auto asked = ask_with(by,
        R"({"accessRules":[{"method":"GET","path":"/*"},{"method":"PUT","path":"/me/*"},{"method":"DELETE","path":"/me/*"}])" + more + "}");
    BOOST_TEST_REQUIRE(asked.status == 200, asked.body);
    const auto accepted =
        member.send("POST", "/api-keys/requests/accept", R"({"token":")" + token_of(asked) + R"(","duration":")" + duration + "\"}");
    BOOST_TEST_REQUIRE(accepted.status == 200, accepted.body);
    return {.application_key = by.application_key, .application_secret = by.application_secret, .consumer_key = asked.at("consumerKey")};
}

/// The names of the members, in order.
std::string members_of(const Answer& answer)
{
    std::string names;
    const auto document = answer.json();
    for (void* at = json_object_iter(document.get()); at; at = json_object_iter_next(document.get(), at))
        names += (names.empty() ? "" : " ") + std::string{json_object_iter_key(at)};
    return names;
}

} // namespace

BOOST_AUTO_TEST_SUITE(ovh_credentials)

BOOST_AUTO_TEST_CASE(a_program_asks_and_a_member_of_another_account_grants)
{
    const auto maker = fresh_member(), member = fresh_member();
    const auto program = api_key(maker);
    const auto asked =
        ask_with(program, R"({"accessRules":[{"method":"GET","path":"/me*"}],"redirection":null,"allowedIPs":null})"); // as Python sends it
    BOOST_TEST(asked.status == 200, asked.body);
    BOOST_TEST(members_of(asked) == "consumerKey state validationUrl");
    BOOST_TEST(asked.at("state") == "pendingValidation");
    BOOST_TEST(asked.at("consumerKey").size() == 32u);

    const auto shown = member.get("/api-keys/requests?token=" + token_of(asked));
    BOOST_TEST(shown.at("description") == "a test");
    BOOST_TEST(shown.at("access_rules.0.path") == "/me*");
    const auto body = R"({"token":")" + token_of(asked) + R"(","duration":"P1D"})";
    BOOST_TEST(member.send("POST", "/api-keys/requests/accept", body).at("status") == "validated");
    BOOST_TEST(member.send("POST", "/api-keys/requests/accept", body).status == 404); // once
    BOOST_TEST(maker.send("POST", "/api-keys/requests/refuse", R"({"token":")" + token_of(asked) + "\"}").status == 404);

    const OvhClient client{{.application_key = program.application_key,
        .application_secret = program.application_secret,
        .consumer_key = asked.at("consumerKey")}};
    const auto credential = client.get("/auth/currentCredential");
    BOOST_TEST(members_of(credential) == "allowedIPs applicationId creation credentialId expiration lastUse ovhSupport rules status");
    BOOST_TEST(credential.at("status") == "validated");
    BOOST_TEST(credential.at("creation").ends_with("+00:00"));
    const auto details = client.get("/auth/details");
    BOOST_TEST(members_of(details) == "account allowedRoutes description identities method roles user");
    BOOST_TEST(details.at("account") == member.name);
    BOOST_TEST(client.post("/auth/logout").body == "null");
    BOOST_TEST(client.get("/auth/details").at("errorCode") == "INVALID_CREDENTIAL");
}

BOOST_AUTO_TEST_CASE(what_cannot_be_asked_for_says_why)
{
    const auto program = api_key(fresh_member());
    const std::string rules{R"("accessRules":[{"method":"GET","path":"/me"}])"};
    const std::pair<std::string, std::string> cases[]{{"{}", "accessRules"}, {"", "accessRules"}, {"[]", "object"},
        {R"({"accessRules":[]})", "at least one"}, {R"({"accessRules":{}})", "list"}, {R"({"accessRules":[7]})", "accessRules/0"},
        {R"({"accessRules":[{"method":"PATCH","path":"/me"}]})", "GET, POST, PUT or DELETE"},
        {R"({"accessRules":[{"method":"GET"}]})", "accessRules/0/path"},
        {R"({"accessRules":[{"method":"GET","path":"me"}]})", "begins with /"},
        {R"({"accessRules":[{"method":"GET","path":"/1.0/me"}]})", "/order/*, not /1.0/order/*"},
        {R"({"accessRules":[{"method":"GET","path":"/me","verb":1}]})", "accessRules/0/verb"},
        {"{" + rules + R"(,"redirect":"x"})", "redirect"}, {"{" + rules + R"-(,"redirection":"javascript:alert(1)"})-", "https://"},
        {"{" + rules + R"(,"redirection":"https://"})", "https://"}, {"{" + rules + R"(,"redirection":"//evil.example"})", "https://"},
        {"{" + rules + R"(,"redirection":["x"]})", "redirection"}, {"{" + rules + R"(,"allowedIPs":["192.0.2.0/40"]})", "192.0.2.0/40"},
        {"{" + rules + R"(,"allowedIPs":"192.0.2.1"})", "list"}};
    for (const auto& [body, words] : cases) {
        const auto answer = ask_with(program, body);
        BOOST_TEST(answer.status == 400, body << answer.body);
        BOOST_TEST(answer.at("message").find(words) != std::string::npos, body << answer.body);
    }
    std::string many;
    for (int i = 0; i < 101; ++i) many += (i ? "," : "") + std::string{R"({"method":"GET","path":"/me)"} + std::to_string(i) + "\"}";
    BOOST_TEST(ask_with(program, R"({"accessRules":[)" + many + "]}").at("message").find("100") != std::string::npos);

    for (const std::string key : {"", "nosuchapplicatio"}) {
        const auto answer = ask_with({.application_key = key}, "{" + rules + "}");
        BOOST_TEST(answer.status == 403);
        BOOST_TEST(answer.at("errorCode") == "INVALID_KEY");
    }
}

BOOST_AUTO_TEST_CASE(a_credential_is_good_from_its_addresses_only)
{
    const auto member = fresh_member();
    const auto program = api_key(member);
    const auto here = OvhClient{granted(program, member, "P30D", R"(,"allowedIPs":["127.0.0.1"])")};
    BOOST_TEST(here.get("/auth/currentCredential").at("allowedIPs.0") == "127.0.0.1/32");
    const auto elsewhere = OvhClient{granted(program, member, "P30D", R"(,"allowedIPs":["192.0.2.0/24"])")};
    const auto refused = elsewhere.get("/auth/currentCredential");
    BOOST_TEST(refused.status == 403);
    BOOST_TEST(refused.at("errorCode") == "FORBIDDEN");
    BOOST_TEST(refused.at("message").find("127.0.0.1") != std::string::npos);
    // Nor is a header an address.
    const auto url = here.base + "/1.0/auth/currentCredential";
    auto headers = signed_headers(elsewhere.key, "GET", url, "", unix_seconds());
    for (const char* forged : {"X-Forwarded-For: 192.0.2.1", "X-Real-IP: 192.0.2.1", "Remote-Addr: 192.0.2.1", "REMOTE_ADDR: 192.0.2.1",
             "Forwarded: for=192.0.2.1"})
        headers.emplace_back(forged);
    BOOST_TEST(ask({.path = url, .headers = headers}).at("errorCode") == "FORBIDDEN");
}

BOOST_AUTO_TEST_CASE(a_member_manages_what_acts_for_it)
{
    const auto member = fresh_member(), other = fresh_member();
    const auto own = ovh_client(member), others = ovh_client(other);
    const auto foreign = granted(others.key, member);
    const auto ids = own.get("/me/api/credential");
    BOOST_TEST(ids.at("0") == own.key.id);
    const auto id = ids.at("1");
    BOOST_TEST(own.get("/me/api/credential?status=validated&applicationId=null").body == ids.body);
    BOOST_TEST(own.get("/me/api/credential?status=refused").body == "[]");

    const auto application = own.get("/me/api/credential/" + id + "/application");
    BOOST_TEST(members_of(application) == "applicationId applicationKey description name status");
    BOOST_TEST(application.at("applicationKey") == others.key.application_key);
    BOOST_TEST(own.get("/me/api/credential?applicationId=" + application.at("applicationId")).body == '[' + id + ']');
    BOOST_TEST(own.get("/me/api/application/" + application.at("applicationId")).status == 404); // that program is the other's
    BOOST_TEST(own.remove("/me/api/application/" + application.at("applicationId")).status == 404);

    // Clients send all of it back.
    auto changed = own.get("/me/api/credential/" + id).body;
    changed.replace(changed.find("null"), 4, R"(["192.0.2.0/24"])");
    BOOST_TEST(own.put("/me/api/credential/" + id, changed).body == "null");
    BOOST_TEST(own.get("/me/api/credential/" + id).at("allowedIPs.0") == "192.0.2.0/24");
    BOOST_TEST(OvhClient{foreign}.get("/auth/details").at("errorCode") == "FORBIDDEN");
    BOOST_TEST(own.put("/me/api/credential/" + id, R"({"allowedIPs":null})").body == "null");
    BOOST_TEST(OvhClient{foreign}.get("/auth/details").at("account") == member.name);

    for (const auto& path : {"/me/api/credential/" + id, "/me/api/credential/" + own.key.id}) {
        BOOST_TEST(others.get(path).status == 404);
        BOOST_TEST(others.get(path).at("message").find("credentialId = ") != std::string::npos);
        BOOST_TEST(others.put(path, "{}").status == 404);
        BOOST_TEST(others.remove(path).status == 404);
    }
    BOOST_TEST(own.remove("/me/api/credential/" + id).body == "null");
    BOOST_TEST(OvhClient{foreign}.get("/auth/details").at("errorCode") == "NOT_CREDENTIAL"); // at once
    BOOST_TEST(others.get("/me/api/application").body != "[]");                              // the program itself goes on
    BOOST_TEST(own.remove("/me/api/application/" + own.get("/me/api/application").at("0")).body == "null");
    BOOST_TEST(own.get("/auth/details").at("errorCode") == "INVALID_KEY");
}

BOOST_AUTO_TEST_SUITE_END()
