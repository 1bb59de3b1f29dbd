#pragma once
#include "ovh_site.h"

#include <string>
#include <vector>

namespace site {

/// "mini-1", which needs no option, in a datacenter, with an operating system: a cart that the client's member can buy.
std::string complete_cart(const OvhClient& client, int quantity = 1);

/// "core-1" with the cheapest option of each mandatory family, configured: a cart as most are. Its items, the server first.
struct FullCart {
    std::string cart{};
    std::vector<std::string> items{};
};
FullCart full_cart(const OvhClient& client);

/// Buys the cart; its order's number. `pays` at once, with what the member has registered.
std::string bought(const OvhClient& client, const std::string& cart, bool pays = true);

/// Asks until the order has the status, ten seconds at most; the last answer.
std::string status_becoming(const OvhClient& client, const std::string& order, const std::string& status);

} // namespace site
