#include "site.h"

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <random>
#include <set>
#include <sstream>
#include <thread>

using namespace site;

namespace {

/// A public key of which nobody has the private one.
std::string some_key()
{
    static std::random_device random;
    const std::string alphabet{"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"};
    std::string text(44, '=');
    for (std::size_t i = 0; i < 41; ++i) text[i] = alphabet[random() % 64];
    text[41] = text[42] = 'A'; // well below the prime
    return text;
}

std::string body_of(const std::string& key) { return R"({"public_key":")" + key + "\"}"; }

std::string ordered_vpn(const Member& member)
{
    const auto order = fresh_uuid();
    BOOST_TEST_REQUIRE(member.send("PUT", "/orders/" + order, R"({"product":"ipv6-vpn"})").status == 201);
    return order;
}

Answer in_status(const Member& member, const std::string& order, const std::string& status)
{
    return eventually([&] { return member.get("/vpn/" + order); }, [&](const Answer& answer) { return answer.at("status") == status; });
}

/// A VPN that has its prefix.
std::string given_vpn(const Member& member)
{
    const auto order = ordered_vpn(member);
    BOOST_TEST_REQUIRE(in_status(member, order, "awaiting_key").at("status") == "awaiting_key");
    return order;
}

/// A member whose next charges are declined.
Member member_whose_card_fails()
{
    const auto member = joined_member();
    const auto card = member.send("POST", "/payment-methods", R"({"type":"card","token":"pm_card_chargeCustomerFail"})");
    BOOST_TEST_REQUIRE(member.send("PUT", "/payment-methods/" + card.at("id") + "/default").status / 100 == 2);
    return member;
}

std::string peers()
{
    std::stringstream text;
    text << std::ifstream{environment("TEST_VAR") + "/data/wireguard-peers.conf"}.rdbuf();
    return text.str();
}

bool is_problem(const Answer& answer, int status, const std::string& code)
{
    return answer.status == status && answer.at("code") == code && answer.header("content-type") == "application/problem+json";
}

} // namespace

BOOST_AUTO_TEST_SUITE(vpn)

BOOST_AUTO_TEST_CASE(a_member_orders_gives_its_key_and_downloads_its_configuration)
{
    const auto member = joined_member();
    const auto order = given_vpn(member);
    BOOST_TEST(member.get("/orders/" + order).at("status") == "active");
    const auto prefix = member.get("/vpn/" + order).at("prefix");
    BOOST_TEST(prefix.ends_with("::/48"));
    BOOST_TEST(member.get("/vpn").at("items.0.order") == order);

    const auto key = some_key();
    const auto answer = member.send("PUT", "/vpn/" + order + "/key", body_of(key));
    BOOST_TEST((answer.status == 202 || answer.status == 200));
    BOOST_TEST(answer.at("public_key") == key);
    BOOST_TEST(!answer.header("etag").empty());
    BOOST_TEST(in_status(member, order, "active").at("status") == "active");
    BOOST_TEST(peers().find("PublicKey = " + key + "\nAllowedIPs = " + prefix + "\n") != std::string::npos);

    const auto config = member.get("/vpn/" + order + "/config");
    BOOST_TEST(config.status == 200);
    BOOST_TEST(config.header("content-type") == "text/plain; charset=utf-8");
    BOOST_TEST(config.header("content-disposition").find("attachment") != std::string::npos);
    BOOST_TEST(config.header("cache-control") == "no-store");
    BOOST_TEST(config.body.find("PrivateKey = YOUR_PRIVATE_KEY\n") != std::string::npos);
    BOOST_TEST(config.body.find("Address = " + prefix.substr(0, prefix.find('/')) + "1/128\n") != std::string::npos);
    BOOST_TEST(config.body.find("PublicKey = " + member.get("/vpn/" + order).at("server.public_key") + "\n") != std::string::npos);

    const auto next = some_key();
    BOOST_TEST(member.send("PUT", "/vpn/" + order + "/key", body_of(next)).at("public_key") == next);
    BOOST_TEST(in_status(member, order, "active").at("public_key") == next);
    BOOST_TEST(peers().find(key) == std::string::npos);
    BOOST_TEST(peers().find(next) != std::string::npos);

    BOOST_TEST(member.send("POST", "/orders/" + order + "/cancel", R"({"when":"now"})").at("status") == "cancelled");
    BOOST_TEST(
        eventually([&] { return member.get("/vpn/" + order); }, [](const Answer& gone) { return gone.status == 404; }).status == 404);
    BOOST_TEST(peers().find(next) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(without_a_sign_in_there_is_nothing_and_another_members_is_not_there)
{
    const auto member = joined_member();
    const auto order = given_vpn(member);
    const auto other = joined_member();
    for (const std::string path : {"/vpn", "/vpn/", "/vpn/key", "/vpn/config"}) {
        const auto full = path.substr(0, 4) + (path.size() > 4 ? "/" + order + path.substr(4) : "");
        BOOST_TEST(ask({.path = full}).status == 401, full);
    }
    for (const auto& path : {"/vpn/" + order, "/vpn/" + order + "/config", std::string{"/vpn/nonsense"}, "/vpn/" + fresh_uuid()})
        BOOST_TEST(is_problem(other.get(path), 404, "not_found"), path);
    BOOST_TEST(is_problem(other.send("PUT", "/vpn/" + order + "/key", body_of(some_key())), 404, "not_found"));
    BOOST_TEST(other.get("/vpn").at("items.0.order").empty());
    BOOST_TEST(is_problem(member.get("/vpn/" + member.get("/membership").at("order")), 404, "not_found")); // an order, but no VPN's
}

BOOST_AUTO_TEST_CASE(what_is_no_key_is_told_by_field_and_remedy)
{
    const auto member = joined_member();
    const auto path = "/vpn/" + given_vpn(member) + "/key";
    const auto good = some_key();
    for (const std::string& body : {std::string{"{}"}, body_of(""), body_of("abc"), body_of(good.substr(1)), body_of(good + "="),
             body_of("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="), body_of("//////////////////////////////////////////8="),
             std::string{R"({"public_key":5})"}, std::string{R"({"public_key":null})"}}) {
        const auto answer = member.send("PUT", path, body);
        BOOST_TEST(is_problem(answer, 422, "invalid_fields"), body << answer.body);
        BOOST_TEST(answer.at("errors.0.pointer") == "#/public_key", body);
    }
    const auto secret = member.send("PUT", path, R"({"public_key":")" + good + R"(","private_key":")" + some_key() + "\"}");
    BOOST_TEST(is_problem(secret, 422, "invalid_fields"));
    BOOST_TEST(secret.at("errors.0.pointer") == "#/private_key");
    BOOST_TEST(member.send("PUT", path, R"({"public_key":")" + good + R"(","psk":"x"})").at("errors.0.pointer") == "#/psk");
    BOOST_TEST(is_problem(member.send("PUT", path, "[]"), 400, "bad_request"));
    BOOST_TEST(is_problem(member.send("POST", path, body_of(good)), 405, "method_not_allowed"));
    BOOST_TEST(member.get(path.substr(0, path.size() - 4)).at("status") == "awaiting_key");
}

BOOST_AUTO_TEST_CASE(a_key_is_one_vpns_and_a_version_can_be_insisted_on)
{
    const auto member = joined_member(), other = joined_member();
    const auto mine = given_vpn(member), theirs = given_vpn(other);
    const auto key = some_key();
    BOOST_TEST(member.send("PUT", "/vpn/" + mine + "/key", body_of(key)).status / 100 == 2);
    BOOST_TEST(is_problem(other.send("PUT", "/vpn/" + theirs + "/key", body_of(key)), 409, "vpn_key_in_use"));
    const auto servers = other.get("/vpn/" + theirs).at("server.public_key");
    BOOST_TEST(is_problem(other.send("PUT", "/vpn/" + theirs + "/key", body_of(servers)), 409, "vpn_key_in_use"));

    const auto etag = in_status(member, mine, "active").header("etag");
    BOOST_TEST(member.send("PUT", "/vpn/" + mine + "/key?dry_run=true", body_of(some_key())).at("dry_run") == "true");
    BOOST_TEST(member.get("/vpn/" + mine).header("etag") == etag);
    BOOST_TEST(member.send("PUT", "/vpn/" + mine + "/key", body_of(key), {"If-Match: " + etag}).status == 200);
    BOOST_TEST(member.get("/vpn/" + mine).header("etag") == etag); // the same key again
    BOOST_TEST(member.send("PUT", "/vpn/" + mine + "/key", body_of(some_key()), {"If-Match: " + etag}).status / 100 == 2);
    BOOST_TEST(is_problem(member.send("PUT", "/vpn/" + mine + "/key", body_of(key), {"If-Match: " + etag}), 412, "changed_meanwhile"));
}

BOOST_AUTO_TEST_CASE(an_order_that_is_not_paid_has_neither_prefix_nor_configuration)
{
    const auto member = member_whose_card_fails();
    const auto order = ordered_vpn(member);
    BOOST_TEST(member.get("/vpn/" + order).at("status") == "awaiting_payment");
    BOOST_TEST(member.get("/vpn/" + order).at("prefix").empty());
    BOOST_TEST(is_problem(member.get("/vpn/" + order + "/config"), 409, "vpn_not_ready"));
    BOOST_TEST(is_problem(member.send("PUT", "/vpn/" + order + "/key", body_of(some_key())), 409, "vpn_not_ready"));
}

BOOST_AUTO_TEST_CASE(orders_placed_at_once_have_prefixes_of_their_own)
{
    const auto member = joined_member();
    std::vector<std::string> orders(64);
    at_once(16, [&](int i) {
        for (std::size_t k = 0; k < 4; ++k) {
            auto& order = orders[static_cast<std::size_t>(i) * 4 + k];
            order = fresh_uuid();
            member.send("PUT", "/orders/" + order, R"({"product":"ipv6-vpn"})");
        }
    });
    std::set<std::string> prefixes;
    for (const auto& order : orders) {
        std::string prefix;
        for (int look = 0; look < 600 && prefix.empty(); ++look) {
            const auto answer = member.get("/vpn/" + order);
            if (answer.at("status") == "awaiting_key") prefix = answer.at("prefix");
            else std::this_thread::sleep_for(std::chrono::milliseconds{100});
        }
        prefixes.insert(prefix);
    }
    BOOST_TEST(prefixes.size() == 64u);
    BOOST_TEST(!prefixes.contains(""));
}

BOOST_AUTO_TEST_CASE(the_operator_sees_pools_and_strays)
{
    const auto uncloud = "UNCLOUD_CONFIG=" + environment("TEST_VAR") + "/etc/billing.toml " + environment("BUILD") + "/bin/uncloud vpn ";
    BOOST_TEST(shell(uncloud + "pool list").find("2001:db8:8000::/36") != std::string::npos);
    const auto refused = [&](const std::string& arguments) { return shell(uncloud + arguments + " 2>&1 || echo \" status $?\""); };
    const auto key = some_key();
    BOOST_TEST(
        refused("pool add x 2001:db8:8000::/40 --public-key " + key + " --endpoint vpn.example.ch:1").find("already") != std::string::npos);
    BOOST_TEST(
        refused("pool add x 2001:db8::/48 --public-key " + key + " --endpoint vpn.example.ch:1").find("32 to 47") != std::string::npos);
    BOOST_TEST(
        refused("pool add x 2001:db8::/40 --public-key abc --endpoint vpn.example.ch:1").find("--public-key must be") != std::string::npos);
    BOOST_TEST(refused("pool add x 2001:db8::/40 --public-key " + key + " --endpoint vpn").find("--endpoint must be") != std::string::npos);
    BOOST_TEST(
        refused("pool add x 2001:db8::/40 --public-key " + key + " --endpoint v:1 --dns a,b").find("--dns must be") != std::string::npos);
    BOOST_TEST(refused("pool change nowhere --endpoint v:1").find("there is no pool") != std::string::npos);

    const auto member = joined_member();
    const auto order = given_vpn(member);
    const auto mine = some_key();
    member.send("PUT", "/vpn/" + order + "/key", body_of(mine));
    in_status(member, order, "active");
    const auto file = environment("TEST_VAR") + "/data/wireguard-peers.conf";
    shell("sed -i 's#" + mine + "#" + key + "#' " + file); // somebody meddles
    const auto told = refused("sync");
    BOOST_TEST(told.find("missing    " + mine) != std::string::npos, told);
    BOOST_TEST(told.find("stray      " + key) != std::string::npos, told);
    BOOST_TEST(told.find("status 1") != std::string::npos, told);
    BOOST_TEST(peers().find(key) != std::string::npos); // nothing was changed
    BOOST_TEST(shell(uncloud + "sync --apply").find("set        " + mine) != std::string::npos);
    BOOST_TEST(peers().find(key) == std::string::npos);
    BOOST_TEST(peers().find(mine) != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
