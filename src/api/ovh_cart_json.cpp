#include "api/ovh_cart_json.h"

#include "api/ovh_json.h"

namespace api {
namespace {

using domain::CartContent;
using domain::CartItem;
using domain::CartLine;
using http::JsonText;

JsonText taxed(const domain::Totals& totals)
{
    auto json = JsonText::object();
    json.set("withoutTax", ovh_price(totals.net)).set("tax", ovh_price(totals.vat));
    return std::move(json.set("withTax", ovh_price(totals.gross)));
}

JsonText periodic(const std::string& duration, const domain::Totals& totals)
{
    auto json = JsonText::object();
    json.set("duration", duration).set("withoutTax", ovh_price(totals.net)).set("tax", ovh_price(totals.vat));
    return std::move(json.set("withTax", ovh_price(totals.gross)));
}

JsonText detail_json(const CartContent& content, const CartLine& line)
{
    const auto* item = content.find(line.item);
    const auto nothing = ovh_price({0, line.total.currency});
    auto json = JsonText::object();
    json.set("cartItemID", line.item).set("description", line.description).set("detailType", domain::to_text(line.type));
    json.set("domain", item ? domain::placeholder_of(content, *item) : "*").set("originalTotalPrice", ovh_price(line.total));
    json.set("quantity", line.quantity).set("reductionTotalPrice", nothing).set("reductions", JsonText::array());
    return std::move(json.set("totalPrice", ovh_price(line.total)).set("unitPrice", ovh_price(line.unit)));
}

JsonText prices_json(const service::Purchase& purchase)
{
    const auto currency = purchase.content.cart.currency;
    const auto first = purchase.first();
    auto recurring = JsonText::array();
    for (const auto& [duration, totals] : domain::recurring_of(purchase.lines, purchase.content))
        recurring.push(periodic(duration, totals));
    auto json = JsonText::object();
    json.set("originalWithoutTax", ovh_price(first.net)).set("reduction", ovh_price({0, currency}));
    json.set("tax", ovh_price(first.vat)).set("withTax", ovh_price(first.gross)).set("withoutTax", ovh_price(first.net));
    json.set("setup", taxed(domain::totals_of(purchase.lines, currency, domain::CartLineType::installation)));
    return std::move(json.set("recurring", recurring));
}

/// What a server with its options costs.
JsonText server_json(const service::Purchase& purchase, const CartItem& server)
{
    const auto lines = domain::lines_of_server(purchase.lines, purchase.content, server);
    const auto currency = purchase.content.cart.currency;
    auto json = JsonText::object();
    json.set("itemId", server.id).set("planCode", server.plan_code).set("description", server.name).set("quantity", server.quantity);
    json.set("firstPayment", taxed(domain::totals_of(lines, currency)));
    json.set("setup", taxed(domain::totals_of(lines, currency, domain::CartLineType::installation)));
    const auto duration = domain::to_text(server.duration);
    return std::move(json.set("recurring", periodic(duration, domain::recurring_of(lines, purchase.content).at(duration))));
}

JsonText cart_price(const char* label, domain::Money amount)
{
    return JsonText::object().set("label", label).set("price", ovh_price(amount)).set("promotions", JsonText::array());
}

} // namespace

JsonText ovh_cart(const CartContent& content)
{
    const auto& cart = content.cart;
    auto items = JsonText::array();
    for (const auto& item : content.items) items.push(item.id);
    auto json = JsonText::object();
    json.set("cartId", cart.uuid.text()).set("description", cart.description).set("expire", ovh_datetime(cart.expires_at));
    json.set("items", items).set("readOnly", cart.frozen);
    return std::move(json.set("orderId", cart.checkout ? JsonText{*cart.checkout} : JsonText::null()));
}

JsonText ovh_item(const CartContent& content, const CartItem& item)
{
    auto configurations = JsonText::array(), options = JsonText::array(), prices = JsonText::array();
    for (const auto& configuration : item.configurations) configurations.push(configuration.id);
    for (const auto* option : content.options_of(item)) options.push(option->id);
    const auto recurring = item.recurring * item.quantity;
    const auto setup = item.setup * item.quantity;
    prices.push(cart_price("PRICE", recurring)).push(cart_price("FEE", setup)).push(cart_price("RENEW", recurring));
    prices.push(cart_price("TOTAL", recurring + setup));
    auto settings = JsonText::object();
    settings.set("planCode", item.plan_code).set("pricingMode", item.pricing_mode).set("quantity", item.quantity);

    auto json = JsonText::object();
    json.set("cartId", content.cart.uuid.text()).set("configurations", configurations).set("duration", domain::to_text(item.duration));
    json.set("itemId", item.id).set("offerId", JsonText::null()).set("options", options);
    json.set("parentItemId", item.parent ? JsonText{*item.parent} : JsonText::null()).set("prices", prices);
    return std::move(json.set("productId", item.product).set("settings", settings));
}

std::string ovh_order_url(const std::string& base_url, std::int64_t checkout)
{
    return base_url + "/1.0/me/order/" + std::to_string(checkout);
}

JsonText ovh_order(const service::Purchase& purchase, const std::string& base_url, bool with_contracts)
{
    auto contracts = JsonText::array();
    if (with_contracts)
        contracts.push(JsonText::object()
                           .set("content", "By checking out you order dedicated servers under our terms.")
                           .set("name", "Terms of dedicated servers")
                           .set("url", base_url + "/docs/terms"));
    auto details = JsonText::array(), items = JsonText::array();
    for (const auto& line : purchase.lines) details.push(detail_json(purchase.content, line));
    for (const auto& item : purchase.content.items)
        if (!item.parent) items.push(server_json(purchase, item));
    const auto& checkout = purchase.checkout;
    auto json = JsonText::object();
    json.set("contracts", contracts).set("details", details);
    json.set("orderId", checkout ? JsonText{checkout->id} : JsonText::null()).set("prices", prices_json(purchase));
    json.set("url", checkout ? JsonText{ovh_order_url(base_url, checkout->id)} : JsonText::null());
    return std::move(json.set("items", items));
}

domain::Uuid ovh_cart_id(const http::Request& request)
{
    const auto& text = request.segments.at(0);
    const auto uuid = domain::Uuid::parse(text);
    if (!uuid) throw service::no_such_object("cartId", text);
    return *uuid;
}

void ovh_finish(http::Form& form)
{
    std::string names;
    for (const auto& name : form.known()) names += (names.empty() ? "" : ", ") + name;
    try {
        form.finish();
    } catch (const http::InvalidFields& invalid) {
        auto faults = invalid.faults();
        for (auto& fault : faults)
            if (fault.code == "unknown_field") fault.detail += "; those that there are: " + (names.empty() ? "none" : names);
        throw http::InvalidFields{std::move(faults)};
    }
}

} // namespace api
