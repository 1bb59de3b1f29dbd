#include "site.h"

#include <boost/test/unit_test.hpp>

using namespace site;

namespace {

/// Files under the stack's folder in which the text stands.
std::string files_with(const std::string& text)
{
    return shell("LC_ALL=C grep -rlaF -e '" + text + "' " + environment("TEST_VAR") + "/ 2>/dev/null || true");
}

} // namespace

BOOST_AUTO_TEST_SUITE(secrets)

BOOST_AUTO_TEST_CASE(neither_card_numbers_nor_passwords_are_written_anywhere)
{
    const auto member = fresh_member();
    const std::string card{R"("cc_number":"4000007560000009","cc_month":"11","cc_year":"2031","cc_cvc":"987")"};
    const auto registered = member.send("POST", "/payment-methods", R"({"type":"card",)" + card + "}");
    BOOST_TEST(registered.status == 201, registered.body);
    BOOST_TEST(registered.at("last4") == "0009");
    BOOST_TEST(ask({.method = "POST",
                       .path = "/membership",
                       .body = R"({"username":")" + member.name + R"(","password":")" + member.password
                           + R"(","cc_number":"5555555555554444","cc_month":"12","cc_year":"30","cc_cvc":"986"})"})
                   .status
        == 201);
    member.send(
        "POST", "/payment-methods", R"({"type":"card","cc_number":"4242424242424241","cc_month":"11","cc_year":"2031","cc_cvc":"987"})");
    member.send("POST", "/payment-methods", R"({"type":"card","token":"4000056655665556"})");
    member.send("GET", "/products?card=4000056655665556");
    ask({.path = "/account", .credentials = "nico:yourpassword"});

    shell("sleep 2"); // the access log is written in batches
    for (const std::string& secret : {std::string{"4000007560000009"}, std::string{"5555555555554444"}, std::string{"4242424242424241"},
             std::string{"4000056655665556"}, std::string{"cc_cvc"}, std::string{"yourpassword"},
             std::string{"bmljbzp5b3VycGFzc3dvcmQ"} /* nico:yourpassword */, std::string{"anna-demo"}, member.password})
        BOOST_TEST(files_with(secret) == "", secret << " stands somewhere");
}

BOOST_AUTO_TEST_CASE(in_production_a_raw_card_is_refused_with_the_remedy)
{
    const auto member = fresh_member();
    const auto config = environment("TEST_VAR") + "/etc/refuse.toml";
    shell("sed 's/^cards = .*/cards = \"refuse\"/' " + environment("UNCLOUD_CONFIG") + " > " + config);
    const std::string body{R"({"type":"card","cc_number":"4242424242424242","cc_month":"11","cc_year":"2031","cc_cvc":"987"})"};
    for (const std::string program : {"payment", "membership"}) {
        const auto path = program == "payment" ? "/payment-methods" : "/membership";
        const auto answer = shell("printf '%s' '" + body + "' | env UNCLOUD_CONFIG=" + config + " REQUEST_METHOD=POST PATH_INFO=" + path
            + " REMOTE_USER=" + member.name + " CONTENT_TYPE=application/json CONTENT_LENGTH=" + std::to_string(body.size()) + ' '
            + environment("BUILD") + "/cgi-bin/" + program);
        BOOST_TEST(answer.starts_with("Status: 422"));
        BOOST_TEST(answer.find("raw_card_refused") != std::string::npos);
        BOOST_TEST(answer.find("/payment-methods/card/setup") != std::string::npos);
        BOOST_TEST(answer.find("4242") == std::string::npos);
    }
    shell("rm " + config);
}

BOOST_AUTO_TEST_CASE(a_number_where_none_belongs_is_refused_too)
{
    const auto member = fresh_member();
    for (const char* body : {R"({"type":"card","token":"4242 4242 4242 4242"})",
             R"({"type":"card","token":"x","note":{"a":["4242424242424242"]}})", R"({"type":"card","token":"x","pan":4242424242424242})"}) {
        const auto answer = member.send("POST", "/payment-methods", body);
        BOOST_TEST(answer.at("code") == "raw_card_refused", body);
        BOOST_TEST(answer.body.find("4242") == std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(tokenizing_is_only_allowed_towards_a_test_gateway)
{
    const auto config = environment("TEST_VAR") + "/etc/wrong.toml";
    const auto check = [&](const std::string& edit) {
        shell("sed '" + edit + "' " + environment("UNCLOUD_CONFIG") + " > " + config);
        return shell("UNCLOUD_CONFIG=" + config + ' ' + environment("BUILD") + "/bin/uncloud config check 2>&1 || true");
    };
    BOOST_TEST(check("").find("can be used") != std::string::npos);
    BOOST_TEST(check("s|^url = \"http://.*|url = \"https://api.stripe.com\"|").find("not Stripe's own") != std::string::npos);
    BOOST_TEST(check("s/^mode = .*/mode = \"production\"/").find("is for a sandbox") != std::string::npos);
    BOOST_TEST(check("s/^cards = .*/cards = \"maybe\"/").find(":5: cards must be one of: refuse, tokenize") != std::string::npos);
    BOOST_TEST(check("s/^cache_seconds/cache_secs/").find("sign_in.cache_secs is not a setting") != std::string::npos);
    shell("rm " + config);
}

BOOST_AUTO_TEST_CASE(a_secret_that_others_may_read_is_refused)
{
    const auto secret = environment("TEST_VAR") + "/etc/secrets/database";
    shell("chmod 644 " + secret);
    const auto said =
        shell("UNCLOUD_CONFIG=" + environment("UNCLOUD_CONFIG") + ' ' + environment("BUILD") + "/bin/uncloud config check 2>&1 || true");
    shell("chmod 600 " + secret);
    BOOST_TEST(said.find("chmod 600") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
