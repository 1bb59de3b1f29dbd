#include "api/invoices.h"

#include "api/answers.h"
#include "api/identity.h"

namespace api {
namespace {

using http::JsonText;
using http::Request;
using http::Response;

JsonText invoice_json(const store::InvoiceRecord& invoice)
{
    auto json = JsonText::object();
    json.set("number", invoice.number).set("kind", invoice.kind).set("date", domain::to_text(invoice.billed_on));
    json.set("issued_at", domain::to_text(invoice.issued_at)).set("due_on", domain::to_text(invoice.due_on));
    return std::move(json.set("net", json_of(invoice.net)).set("vat", json_of(invoice.vat)).set("total", json_of(invoice.total)));
}

Response list(const Request& request, const InvoiceServices& services)
{
    const auto who = identity_of(request, services.accounts);
    const auto scope = "invoices:" + std::to_string(static_cast<std::int64_t>(who.member));
    const auto page = http::page_of(request, services.cursors, scope);
    auto invoices = services.invoices.page(who.member, page.after, page.limit + 1);
    const bool more = invoices.size() > static_cast<std::size_t>(page.limit);
    if (more) invoices.pop_back();
    auto items = JsonText::array();
    for (const auto& invoice : invoices) items.push(invoice_json(invoice));
    return http::list_answer(request, items, page, services.cursors, scope, more ? std::optional{invoices.back().id} : std::nullopt);
}

Response read(const Request& request, const InvoiceServices& services)
{
    const auto who = identity_of(request, services.accounts);
    const auto found = services.invoices.read(who.member, request.segments[0]);
    auto lines = JsonText::array();
    for (const auto& [line, order] : found.lines) lines.push(json_of(line).set("order", order.text()));
    return {.body = invoice_json(found.invoice).set("lines", lines).dump()};
}

} // namespace

void add_invoice_routes(http::Router& router, const InvoiceServices& services)
{
    router.on("GET", "/invoices", [=](const Request& request) { return list(request, services); });
    router.on("GET", "/invoices/{number}", [=](const Request& request) { return read(request, services); });
}

} // namespace api
