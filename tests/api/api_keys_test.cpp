#include "ovh_site.h"

#include <boost/test/unit_test.hpp>

#include <atomic>

using namespace site;

namespace {

const std::string wanted{R"({"description":"server orders"})"};

std::string uncloud(const std::string& arguments, const std::string& config = environment("TEST_VAR") + "/etc/billing.toml")
{
    return shell("UNCLOUD_CONFIG=" + config + ' ' + environment("BUILD") + "/bin/uncloud " + arguments + " 2>&1");
}

} // namespace

BOOST_AUTO_TEST_SUITE(api_keys)

BOOST_AUTO_TEST_CASE(a_key_is_made_listed_and_ended)
{
    const auto member = fresh_member();
    const auto made = member.send("POST", "/api-keys", wanted);
    BOOST_TEST(made.status == 201, made.body);
    BOOST_TEST(made.at("description") == "server orders");
    BOOST_TEST(made.at("access_rules.7.method") == "DELETE");
    BOOST_TEST(made.at("access_rules.7.path") == "/me*");
    const auto list = member.get("/api-keys");
    BOOST_TEST(list.at("items.0.id") == made.at("id"));
    BOOST_TEST(list.at("items.0.application_key") == made.at("application_key"));
    BOOST_TEST(list.at("items.0.last_used_at") == "");
    for (const auto& secret : {made.at("application_secret"), made.at("consumer_key")})
        BOOST_TEST(list.body.find(secret) == std::string::npos);

    const OvhClient client{{made.at("id"), made.at("application_key"), made.at("application_secret"), made.at("consumer_key")}};
    BOOST_TEST(client.get("/auth/details").status == 200);
    BOOST_TEST(member.get("/api-keys").at("items.0.last_used_at") != "");
    BOOST_TEST(fresh_member().send("DELETE", "/api-keys/" + made.at("id")).status == 404);
    BOOST_TEST(member.send("DELETE", "/api-keys/" + made.at("id") + "?dry_run=true").status == 204);
    BOOST_TEST(client.get("/auth/details").status == 200);
    BOOST_TEST(member.send("DELETE", "/api-keys/" + made.at("id")).status == 204);
    BOOST_TEST(client.get("/auth/details").at("errorCode") == "INVALID_KEY");
    BOOST_TEST(member.send("DELETE", "/api-keys/" + made.at("id")).status == 404);
    BOOST_TEST(member.get("/api-keys").body == R"({"items":[],"next":null})");
}

BOOST_AUTO_TEST_CASE(only_who_signs_in_gets_a_key)
{
    for (const std::string path : {"/api-keys", "/api-keys/1", "/api-keys/requests", "/api-keys/requests/accept"}) {
        BOOST_TEST(ask({.path = path}).status == 401, path);
        BOOST_TEST(ask({.method = "POST", .path = path, .body = wanted, .headers = {"Remote-User: nicocustomer"}}).status == 401, path);
    }
    // A page of another site cannot have one made.
    const auto member = fresh_member();
    BOOST_TEST(member.send("POST", "/api-keys", wanted, {"Sec-Fetch-Site: cross-site"}).at("code") == "cross_site_request");
    BOOST_TEST(
        member.send("POST", "/api-keys/requests/accept", R"({"token":"x","duration":"P1D"})", {"Origin: https://evil.example"}).at("code")
        == "cross_site_request");
    BOOST_TEST(member.send("POST", "/api-keys?dry_run=true", wanted).status == 400);
}

BOOST_AUTO_TEST_CASE(all_faults_are_told_at_once)
{
    const auto member = fresh_member();
    const auto faulty = member.send("POST", "/api-keys", R"({"access_rules":[{"method":"get","path":"/1.0/me"},7],"expires":1})");
    BOOST_TEST(faulty.status == 422);
    for (const std::string pointer : {"#/description", "#/access_rules/0/method", "#/access_rules/1", "#/expires"})
        BOOST_TEST(faulty.body.find('"' + pointer + '"') != std::string::npos, faulty.body);
    for (const std::string body : {R"({"description":""})", R"({"description":"x","access_rules":[]})",
             R"({"description":"x","access_rules":"/*"})", R"({"description":"a\u0001b"})", R"({"description":7})"})
        BOOST_TEST(member.send("POST", "/api-keys", body).status == 422, body);
    BOOST_TEST(member.get("/api-keys").at("items.0.id") == "");
    const auto rules = member.send(
        "POST", "/api-keys", R"({"description":"Büro ☃","access_rules":[{"method":"GET","path":"/me"},{"method":"GET","path":"/me"}]})");
    BOOST_TEST(rules.at("description") == "Büro ☃");
    BOOST_TEST(rules.at("access_rules.1.path") == "");
}

// The first answer is lost, or a script runs twice: one key, and its secrets are told again; nobody else learns them.
BOOST_AUTO_TEST_CASE(the_same_idempotency_key_makes_one_key_and_tells_it_again)
{
    const auto member = fresh_member();
    std::atomic<int> made{0}, replayed{0};
    std::vector<std::string> secrets(8);
    at_once(8, [&](int i) {
        const auto answer = member.send("POST", "/api-keys", wanted, {"Idempotency-Key: one"});
        if (answer.status == 201) ++(answer.header("idempotent-replayed") == "true" ? replayed : made);
        secrets[static_cast<std::size_t>(i)] = answer.at("application_secret") + answer.at("consumer_key");
    });
    BOOST_TEST(made == 1);
    BOOST_TEST(replayed == 7);
    for (const auto& each : secrets) BOOST_TEST(each == secrets.front());
    BOOST_TEST(secrets.front().size() == 64u);
    BOOST_TEST(member.get("/api-keys").at("items.1.id") == "");
    BOOST_TEST(
        member.send("POST", "/api-keys", R"({"description":"other"})", {"Idempotency-Key: one"}).at("code") == "idempotency_key_reused");
    const auto others = fresh_member().send("POST", "/api-keys", wanted, {"Idempotency-Key: one"});
    BOOST_TEST(others.status == 201);
    BOOST_TEST(others.at("application_secret") + others.at("consumer_key") != secrets.front());
}

BOOST_AUTO_TEST_CASE(a_member_has_fifty_at_most)
{
    const auto member = fresh_member();
    std::string first;
    for (int i = 0; i < 50; ++i) {
        const auto made = member.send("POST", "/api-keys", wanted);
        BOOST_TEST_REQUIRE(made.status == 201, made.body);
        if (first.empty()) first = made.at("id");
    }
    const auto refused = member.send("POST", "/api-keys", wanted);
    BOOST_TEST(refused.status == 409);
    BOOST_TEST(refused.at("code") == "api_key_limit");
    BOOST_TEST(member.get("/api-keys").at("next") != "");
    BOOST_TEST(member.send("DELETE", "/api-keys/" + first).status == 204);
    BOOST_TEST(member.send("POST", "/api-keys", wanted).status == 201);
}

BOOST_AUTO_TEST_CASE(no_secret_stands_in_a_log_or_in_the_database)
{
    const auto member = fresh_member();
    const auto made = member.send("POST", "/api-keys", wanted, {"Idempotency-Key: kept"});
    const ApiKey key{made.at("id"), made.at("application_key"), made.at("application_secret"), made.at("consumer_key")};
    const OvhClient client{key};
    client.get("/auth/details");
    auto wrong = client;
    wrong.key.application_secret += 'x';
    wrong.get("/auth/details");
    const OvhClient asking{{.application_key = key.application_key}};
    const auto asked = asking.post("/auth/credential", R"({"accessRules":[{"method":"GET","path":"/me"}]})");
    const auto url = asked.at("validationUrl");
    const auto token = url.substr(url.find("credentialToken=") + 16);
    member.get(url.substr(url.find("/pages/")));
    member.get("/api-keys/requests?token=" + token);
    member.send("POST", "/api-keys/requests/accept", R"({"token":")" + token + R"(","duration":"P1D"})");
    shell("sleep 2"); // the access log is written in batches, the database's pages a while later
    const auto dump = shell("mariadb-dump --socket=\"$(readlink -f " + environment("TEST_VAR") + "/run)/mariadb.sock\" uncloud");
    const auto files = [](const std::string& text) {
        return shell("LC_ALL=C grep -rlaF -e '" + text + "' " + environment("TEST_VAR") + "/ 2>/dev/null || true");
    };
    BOOST_TEST(dump.find(key.application_key) != std::string::npos);
    BOOST_TEST(files(key.application_key) != "");
    for (const auto& secret : {key.application_secret, key.consumer_key, asked.at("consumerKey"), token}) {
        BOOST_TEST_REQUIRE(secret.size() >= 32u);
        BOOST_TEST(dump.find(secret) == std::string::npos);
        BOOST_TEST(files(secret) == "");
    }
}

BOOST_AUTO_TEST_CASE(operators_list_revoke_and_seal_anew)
{
    const auto member = fresh_member();
    const auto one = ovh_client(member), two = ovh_client(member), three = ovh_client(member);
    const auto list = uncloud("api-key list " + member.name);
    BOOST_TEST(list.find(one.key.application_key) != std::string::npos);
    BOOST_TEST(list.find(one.key.application_secret) == std::string::npos);
    BOOST_TEST(uncloud("api-key revoke " + member.name + ' ' + one.key.id) == "1 key of " + member.name + " revoked\n");
    BOOST_TEST(one.get("/auth/details").at("errorCode") == "INVALID_KEY");
    BOOST_TEST(two.get("/auth/details").status == 200);

    // The key changes: the executables would be started anew with it; the old ones go on with the old one.
    const auto secrets = environment("TEST_VAR") + "/etc/secrets/";
    const auto config = environment("TEST_VAR") + "/etc/rotated.toml";
    shell("umask 077; openssl rand -hex 32 > " + secrets + "api.new; sed 's|^secret_key_file = .*secrets/api\".*|secret_key_file = \""
        + secrets + "api.new\"\\nprevious_secret_key_file = \"" + secrets + "api\"|' " + environment("TEST_VAR") + "/etc/billing.toml > "
        + config);
    BOOST_TEST(uncloud("api-key reseal", config).ends_with(" sealed under the current key\n"));
    BOOST_TEST(uncloud("api-key reseal", config) == "0 secrets sealed under the current key\n");
    const auto answer = shell("env UNCLOUD_CONFIG=" + config + " REQUEST_METHOD=GET PATH_INFO=/1.0/auth/time REQUEST_URI=/1.0/auth/time "
        + environment("BUILD") + "/cgi-bin/cart");
    BOOST_TEST(answer.starts_with("Status: 200"));
    // And back again, for the cases after this one.
    shell("sed -i 's|api.new\"|api\"|; t; s|secrets/api\"|secrets/api.new\"|' " + config);
    uncloud("api-key reseal", config);
    BOOST_TEST(two.get("/auth/details").status == 200);
    BOOST_TEST(uncloud("api-key revoke --all " + member.name) == "2 keys of " + member.name + " revoked\n");
    BOOST_TEST(three.get("/auth/details").at("errorCode") == "INVALID_KEY");
    shell("rm " + config + ' ' + secrets + "api.new");
}

BOOST_AUTO_TEST_CASE(without_a_key_to_seal_with_the_program_says_which_setting_is_missing)
{
    const auto config = environment("TEST_VAR") + "/etc/keyless.toml";
    shell("sed '/^secret_key_file = .*secrets\\/api\"/d' " + environment("TEST_VAR") + "/etc/billing.toml > " + config);
    const auto said = shell("env UNCLOUD_CONFIG=" + config + " REQUEST_METHOD=GET PATH_INFO=/1.0/auth/time " + environment("BUILD")
        + "/cgi-bin/cart 2>&1 || true");
    BOOST_TEST(said.find("cannot start: [api] secret_key_file is missing") != std::string::npos, said);
    shell("rm " + config);
}

BOOST_AUTO_TEST_SUITE_END()
