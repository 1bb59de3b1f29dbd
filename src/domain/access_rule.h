#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace domain {

/// What a program may call: a method, and a path below the API's version in which `*` stands for any text, slashes
/// included: "/order/*" covers /order/cart and all below, "/me*" covers /me and /me/order.
struct AccessRule {
    std::string method{};
    std::string path{};
    friend bool operator==(const AccessRule&, const AccessRule&) = default;
};

/// What is wrong with a rule, in the order in which it is looked at.
enum class AccessRuleFault {
    none,
    method,  ///< not GET, POST, PUT or DELETE
    path,    ///< does not begin with "/", is longer than 255 bytes, or has blanks, controls or letters beyond ASCII
    version, ///< begins with the API's version, so it would never cover anything
};

AccessRuleFault check_access_rule(const AccessRule& rule);

/// Whether one of the rules covers the call. HEAD is a GET.
bool are_covering(std::span<const AccessRule> rules, std::string_view method, std::string_view path);

/// What a key gets whose maker names no rules: carts, orders and the account, by all methods; no part of the API that comes later.
std::vector<AccessRule> default_access_rules();

/// A rule that would cover the call and its neighbours: {"POST", "/order/*"} for POST /order/cart/X/checkout.
AccessRule rule_needed_for(std::string_view method, std::string_view path);

/// "GET /me*\nPOST /order/*", and back.
std::string to_text(std::span<const AccessRule> rules);
std::vector<AccessRule> access_rules_of(std::string_view text);

} // namespace domain
