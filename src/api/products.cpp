#include "api/products.h"

#include "api/answers.h"
#include "api/identity.h"
#include "api/parameters.h"
#include "domain/refusal.h"
#include "http/form.h"

namespace api {
namespace {

using http::JsonText;
using http::Request;
using http::Response;

/// The parameter that a priced unit stands for, and how much of it: half a GB of RAM is a unit.
JsonText unit_json(const domain::UnitPrice& price)
{
    const bool half_gb = price.unit == "ram_half_gb";
    const char* parameter = price.unit == "core" ? "cores" : half_gb ? "ram" : price.unit == "ssd_gb" ? "os_disk_size" : "vm";
    auto json = JsonText::object();
    json.set("unit", price.unit).set("parameter", parameter).set("per", half_gb ? "0.5" : "1");
    return std::move(json.set("setup", json_of(price.setup)).set("recurring", json_of(price.recurring)));
}

JsonText price_json(const domain::Price& price)
{
    auto units = JsonText::array();
    for (const auto& unit : price.units) units.push(unit_json(unit));
    auto json = JsonText::object();
    json.set("setup", json_of(price.setup)).set("recurring", json_of(price.recurring)).set("units", units);
    return std::move(json.set("includes_vat", price.includes_vat).set("valid_from", domain::to_text(price.valid_from)));
}

JsonText parameter_names(domain::ParameterKind kind)
{
    auto names = JsonText::array();
    switch (kind) {
    case domain::ParameterKind::none: break;
    case domain::ParameterKind::machine: names.push("cores").push("ram").push("os_disk_size").push("os"); break;
    case domain::ParameterKind::snapshot: names.push("vm").push("require"); break;
    case domain::ParameterKind::server: break; // chosen in a cart
    }
    return names;
}

JsonText json_of_offer(const store::Offer& offer)
{
    const auto& product = offer.product;
    auto json = JsonText::object();
    json.set("sku", product.sku).set("name", product.name).set("description", product.description);
    json.set("interval", product.interval ? JsonText{domain::to_text(*product.interval)} : JsonText::null());
    json.set("parameters", parameter_names(product.parameters)).set("requires_membership", product.requires_membership);
    json.set("free_while", product.free_while.empty() ? JsonText::null() : JsonText{product.free_while});
    return std::move(json.set("price", offer.price ? price_json(*offer.price) : JsonText::null()));
}

/// ?currency=, CHF if absent.
domain::Currency currency_of(const Request& request)
{
    const auto code = request.query_value("currency");
    const auto currency = code.empty() ? std::optional{domain::Currency::chf} : domain::currency_from(code);
    if (!currency) throw http::BadRequest{"currency must be CHF or EUR"};
    return *currency;
}

Response list(const Request& request, const ProductServices& services)
{
    identity_of(request, services.accounts);
    auto items = JsonText::array();
    const auto offers = services.catalogue.offers(currency_of(request)); // keeps the list alive while it is read
    for (const auto& offer : *offers) items.push(json_of_offer(offer));
    return {.body = JsonText::object().set("items", items).set("next", JsonText::null()).dump()};
}

Response read(const Request& request, const ProductServices& services)
{
    identity_of(request, services.accounts);
    const auto offers = services.catalogue.offers(currency_of(request));
    for (const auto& offer : *offers)
        if (offer.product.sku == request.segments[0]) return {.body = json_of_offer(offer).dump()};
    throw domain::Refusal{domain::Reason::not_found, "there is no such product; GET /products lists them"};
}

Response quote(const Request& request, const ProductServices& services)
{
    const auto who = identity_of(request, services.accounts);
    http::Form form{http::parse_object(request.body)};
    const auto sku = form.text("product", 64);
    const auto parameters = read_parameters(form, sku);
    form.finish();

    const auto quote = services.catalogue.quote(who.member, sku, parameters);
    auto lines = JsonText::array();
    for (const auto& line : quote.lines) lines.push(json_of(line));
    auto json = JsonText::object();
    json.set("product", sku).set("parameters", json_of(parameters)).set("lines", lines);
    json.set("first", json_of(quote.first)).set("recurring", json_of(quote.recurring));
    json.set("interval", quote.product.interval ? JsonText{domain::to_text(*quote.product.interval)} : JsonText::null());
    json.set("tax", tax_json(quote.tax));
    return {.body = json.set("includes_vat", quote.includes_vat).set("free_now", quote.free_now).dump()};
}

Response health(const ProductServices& services)
{
    services.health.check();
    return {.body = JsonText::object().set("status", "ok").dump()};
}

} // namespace

void add_product_routes(http::Router& router, const ProductServices& services)
{
    router.on("GET", "/products", [=](const Request& request) { return list(request, services); });
    router.on("GET", "/products/{sku}", [=](const Request& request) { return read(request, services); });
    router.on("POST", "/quotes", [=](const Request& request) { return quote(request, services); });
    router.on("GET", "/health", [=](const Request&) { return health(services); });
}

} // namespace api
