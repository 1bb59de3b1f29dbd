#include "domain/access_rule.h"

#include <boost/test/unit_test.hpp>

using namespace domain;

namespace {

bool covers(const std::string& rule_path, const std::string& path)
{
    const std::vector<AccessRule> rules{{"GET", rule_path}};
    return are_covering(rules, "GET", path);
}

} // namespace

BOOST_AUTO_TEST_SUITE(access_rules)

BOOST_AUTO_TEST_CASE(a_star_stands_for_any_text_slashes_included)
{
    for (const std::string path : {"/me", "/me/order", "/order/cart/1/checkout", "/"}) BOOST_TEST(covers("/*", path), path);
    for (const std::string path : {"/me", "/me/order", "/mean"}) BOOST_TEST(covers("/me*", path), path);
    for (const std::string path : {"/order/cart", "/order/", "/order/cart/x/item/1"}) BOOST_TEST(covers("/order/*", path), path);
    for (const std::string path : {"/order", "/orders/1", "/me/order/1", "/ORDER/cart"}) BOOST_TEST(!covers("/order/*", path), path);
    BOOST_TEST(covers("/order/cart/*/item/*/configuration", "/order/cart/a/b/item/1/configuration"));
    BOOST_TEST(!covers("/order/cart/*/item/*/configuration", "/order/cart/a/item/1/configuration/2"));
    BOOST_TEST(covers("/a**b*", "/ab"));
    BOOST_TEST(covers("/*a*b", "/xaaab"));
    BOOST_TEST(!covers("/*a*b", "/xaaabc"));
}

BOOST_AUTO_TEST_CASE(without_a_star_a_path_is_that_path)
{
    BOOST_TEST(covers("/me", "/me"));
    for (const std::string path : {"/me/", "/me/order", "/m", "/mee", ""}) BOOST_TEST(!covers("/me", path), path);
    BOOST_TEST(covers("/a.c", "/a.c"));
    BOOST_TEST(!covers("/a.c", "/abc")); // a dot is a dot
}

// A pattern of many stars must not take exponential time: 2^50 steps would never end.
BOOST_AUTO_TEST_CASE(many_stars_cost_little)
{
    std::string pattern{"/"}, path{"/"};
    for (int i = 0; i < 100; ++i) pattern += "*a";
    path += std::string(4000, 'a');
    BOOST_TEST(covers(pattern, path));
    BOOST_TEST(!covers(pattern + 'b', path));
}

BOOST_AUTO_TEST_CASE(the_method_counts_and_head_is_a_get)
{
    const std::vector<AccessRule> rules{{"GET", "/me"}, {"POST", "/order/*"}};
    BOOST_TEST(are_covering(rules, "GET", "/me"));
    BOOST_TEST(are_covering(rules, "HEAD", "/me"));
    BOOST_TEST(are_covering(rules, "POST", "/order/cart"));
    for (const std::string method : {"GET", "PUT", "DELETE", "post", "*", ""})
        BOOST_TEST(!are_covering(rules, method, "/order/cart"), method);
    BOOST_TEST(!are_covering({}, "GET", "/me"));
}

BOOST_AUTO_TEST_CASE(what_is_no_rule_is_told_apart)
{
    using enum AccessRuleFault;
    const auto fault = [](const std::string& method, const std::string& path) { return check_access_rule({method, path}); };
    for (const std::string path : {"/", "/*", "/me*", "/order/cart/*/assign", "/1.00", "/v10/x", "/order/1.0/x"})
        BOOST_TEST((fault("GET", path) == none), path);
    for (const std::string method : {"", "get", "PATCH", "HEAD", "*"})
        BOOST_TEST((fault(method, "/me") == AccessRuleFault::method), method);
    for (const std::string path : {"", "me", "*", "order/*", "/a b", "/a\nGET /*", "/caf\xc3\xa9", "/a\x7f"})
        BOOST_TEST((fault("GET", path) == AccessRuleFault::path), path);
    BOOST_TEST((fault("GET", '/' + std::string(255, 'a')) == AccessRuleFault::path));
    for (const std::string path : {"/1.0", "/1.0/order/*", "/v1/me", "/v1"}) BOOST_TEST((fault("GET", path) == version), path);
}

BOOST_AUTO_TEST_CASE(the_rule_that_would_be_needed_covers_the_call)
{
    for (const std::string path : {"/me", "/order/cart/1/checkout", "/me/order", "/"}) {
        const std::vector<AccessRule> rules{rule_needed_for("POST", path)};
        BOOST_TEST(are_covering(rules, "POST", path), path);
        BOOST_TEST((check_access_rule(rules.front()) == AccessRuleFault::none));
    }
    BOOST_TEST((rule_needed_for("HEAD", "/order/cart") == AccessRule{"GET", "/order/*"}));
}

BOOST_AUTO_TEST_CASE(rules_come_back_as_they_were_written)
{
    const auto rules = default_access_rules();
    BOOST_TEST((access_rules_of(to_text(rules)) == rules));
    BOOST_TEST(access_rules_of("").empty());
    for (const std::string method : {"GET", "POST", "PUT", "DELETE"})
        for (const std::string path : {"/order/cart", "/order/catalog/public/eco", "/me", "/me/order/1/pay"})
            BOOST_TEST(are_covering(rules, method, path));
    BOOST_TEST(!are_covering(rules, "GET", "/dedicated/server"));
}

BOOST_AUTO_TEST_SUITE_END()
