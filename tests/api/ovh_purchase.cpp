#include "ovh_purchase.h"

#include <stdexcept>

namespace site {
namespace {

std::string checked(const Answer& answer, const std::string& path)
{
    const auto text = answer.at(path);
    if (answer.status != 200 || text.empty()) throw std::runtime_error{answer.body};
    return text;
}

std::string put_in(const OvhClient& client, const std::string& cart, const std::string& plan, int quantity)
{
    return checked(
        client.post("/order/cart/" + cart + "/dedicated",
            R"({"duration":"P1M","planCode":")" + plan + R"(","pricingMode":"default","quantity":)" + std::to_string(quantity) + '}'),
        "itemId");
}

std::string new_cart(const OvhClient& client)
{
    const auto cart = checked(client.post("/order/cart", R"({"ovhSubsidiary":"CH"})"), "cartId");
    client.post("/order/cart/" + cart + "/assign");
    return cart;
}

void configure(const OvhClient& client, const std::string& cart, const std::string& item)
{
    for (const auto* choice : {R"({"label":"dedicated_datacenter","value":"gla"})", R"({"label":"dedicated_os","value":"debian12_64"})"})
        checked(client.post("/order/cart/" + cart + "/item/" + item + "/configuration", choice), "id");
}

} // namespace

std::string complete_cart(const OvhClient& client, int quantity)
{
    const auto cart = new_cart(client);
    configure(client, cart, put_in(client, cart, "mini-1", quantity));
    return cart;
}

FullCart full_cart(const OvhClient& client)
{
    FullCart full{.cart = new_cart(client)};
    full.items.push_back(put_in(client, full.cart, "core-1", 1));
    for (const auto* option : {"ram-64g", "disk-2x960g-nvme", "bandwidth-1g", "vrack-1g"})
        full.items.push_back(checked(client.post("/order/cart/" + full.cart + "/dedicated/options",
                                         R"({"duration":"P1M","itemId":)" + full.items[0] + R"(,"planCode":")" + option
                                             + R"(","pricingMode":"default","quantity":1})"),
            "itemId"));
    configure(client, full.cart, full.items[0]);
    return full;
}

std::string bought(const OvhClient& client, const std::string& cart, bool pays)
{
    const auto body = std::string{R"({"autoPayWithPreferredPaymentMethod":)"} + (pays ? "true" : "false") + '}';
    return checked(client.post("/order/cart/" + cart + "/checkout", body), "orderId");
}

std::string status_becoming(const OvhClient& client, const std::string& order, const std::string& status)
{
    const auto wanted = '"' + status + '"';
    return eventually(
        [&] { return client.get("/me/order/" + order + "/status"); }, [&](const Answer& answer) { return answer.body == wanted; })
        .body;
}

} // namespace site
