#include "api/ovh_bills.h"

#include "api/ovh_error.h"
#include "api/ovh_json.h"
#include "api/ovh_orders.h"
#include "domain/member_pages.h"

#include <algorithm>
#include <charconv>

namespace api {
namespace {

using http::JsonText;
using http::Request;
using http::Response;
using service::BillView;

service::BillView bill_of(const Request& request, const OvhCaller& caller, service::Bills& bills, store::BillKind kind)
{
    auto view = bills.read(caller.member->member, request.segments[0], kind);
    if (!view) throw OvhError::not_found(kind == store::BillKind::bill ? "billId" : "refundId", request.segments[0]);
    return std::move(*view);
}

Response list(const Request& request, const OvhCaller& caller, service::Bills& bills, store::BillKind kind)
{
    store::BillFilter filter{.kind = kind, .from = ovh_instant(request, "date.from"), .to = ovh_instant(request, "date.to")};
    filter.category = ovh_query(request, "category");
    if (const auto order = ovh_query(request, "orderId")) {
        std::int64_t number = 0;
        const auto [end, error] = std::from_chars(order->data(), order->data() + order->size(), number);
        if (error != std::errc{} || end != order->data() + order->size())
            throw OvhError::bad_request("orderId must be a number, not " + *order);
        filter.checkout = number;
    }
    auto numbers = JsonText::array();
    for (const auto& bill : bills.list(caller.member->member, filter)) numbers.push(bill.number);
    return ovh_ok(numbers);
}

/// Both addresses want a login, and neither has a secret in it. The order is 0 where nothing on the bill was bought through a cart.
JsonText bill_json(const BillView& view, const std::string& base_url)
{
    const auto& invoice = view.invoice;
    auto json = JsonText::object();
    json.set("billId", invoice.number).set("category", view.bill.category).set("date", ovh_datetime(invoice.issued_at));
    json.set("orderId", view.bill.checkout).set("password", "").set("pdfUrl", base_url + "/invoices/" + invoice.number + ".pdf");
    json.set("priceWithTax", ovh_price(invoice.total)).set("priceWithoutTax", ovh_price(invoice.net)).set("tax", ovh_price(invoice.vat));
    return std::move(json.set("url", domain::payment_page(base_url, invoice.number)));
}

/// A credit note; its amounts are below zero.
JsonText refund_json(const BillView& view, const std::string& base_url)
{
    const auto& invoice = view.invoice;
    auto json = JsonText::object();
    json.set("date", ovh_datetime(invoice.issued_at)).set("orderId", view.bill.checkout).set("originalBillId", view.bill.original);
    json.set("password", "").set("pdfUrl", base_url + "/invoices/" + invoice.number + ".pdf").set("priceWithTax", ovh_price(invoice.total));
    json.set("priceWithoutTax", ovh_price(invoice.net)).set("refundId", invoice.number).set("tax", ovh_price(invoice.vat));
    return std::move(json.set("url", domain::payment_page(base_url, invoice.number)));
}

/// order.LongPrice: a price without its millionths.
JsonText long_price(domain::Money amount)
{
    const auto text = domain::to_text(amount); // "13.00 CHF"
    const auto decimal = text.substr(0, text.find(' '));
    auto json = JsonText::object();
    json.set("currencyCode", domain::to_text(amount.currency));
    json.set("text", amount.currency == domain::Currency::eur ? decimal + " €" : text);
    return std::move(json.set("value", JsonText::ready(decimal)));
}

/// The server that a line is for, else what the line is of.
std::string domain_of(const store::InvoiceLineRecord& record, const BillView& view)
{
    const auto server = std::ranges::find(view.servers, record.order, &store::PlacedServer::order);
    if (server == view.servers.end()) return record.line.sku;
    return server->name.value_or("*");
}

JsonText detail_json(std::size_t position, const store::InvoiceLineRecord& record, const BillView& view, const char* id_name)
{
    const auto& line = record.line;
    auto json = JsonText::object();
    json.set(id_name, std::to_string(position)).set("description", line.text).set("domain", domain_of(record, view));
    json.set("periodEnd",
        line.period_end ? JsonText{domain::to_text(domain::Date{domain::Day{*line.period_end} - std::chrono::days{1}})} : JsonText::null());
    json.set("periodStart", line.period_end ? JsonText{domain::to_text(line.period_start)} : JsonText::null());
    json.set("quantity", std::to_string(line.quantity)).set("totalPrice", ovh_price(line.net));
    return std::move(json.set("unitPrice", long_price(line.unit)));
}

JsonText detail_ids(const BillView& view)
{
    auto ids = JsonText::array();
    for (std::size_t position = 1; position <= view.lines.size(); ++position) ids.push(std::to_string(position));
    return ids;
}

Response detail(const Request& request, const BillView& view, const char* id_name)
{
    for (std::size_t position = 1; position <= view.lines.size(); ++position)
        if (std::to_string(position) == request.segments[1]) return ovh_ok(detail_json(position, view.lines[position - 1], view, id_name));
    throw OvhError::not_found(id_name, request.segments[1]);
}

Response payment(const BillView& view, service::Bills& bills)
{
    const auto& invoice = view.invoice;
    if (invoice.open.minor > 0)
        throw OvhError{404, "NOT_FOUND", "Client::NotFound",
            "bill " + invoice.number + " is not paid yet: POST /invoices/" + invoice.number + "/pay pays it"};
    return ovh_ok(ovh_payment_json(bills.payment(view), invoice.issued_at, invoice.total.minor == 0));
}

} // namespace

void add_ovh_bill_routes(OvhRoutes& routes, service::Bills& bills, const std::string& base_url)
{
    using store::BillKind;
    const auto get = [&](BillKind kind, const std::string& pattern, auto answer) {
        routes.with_login("GET", pattern, [&bills, kind, answer](const Request& request, const OvhCaller& caller) {
            return answer(request, bill_of(request, caller, bills, kind));
        });
    };
    const auto add = [&](BillKind kind, const std::string& family, const std::string& document, const char* detail_id) {
        routes.with_login(
            "GET", family, [&bills, kind](const Request& request, const OvhCaller& caller) { return list(request, caller, bills, kind); });
        get(kind, document + "/details", [](const Request&, const BillView& view) { return ovh_ok(detail_ids(view)); });
        get(kind, document + "/details/{" + detail_id + '}',
            [detail_id](const Request& request, const BillView& view) { return detail(request, view, detail_id); });
    };
    add(BillKind::bill, "/me/bill", "/me/bill/{billId}", "billDetailId");
    add(BillKind::refund, "/me/refund", "/me/refund/{refundId}", "refundDetailId");
    get(BillKind::bill, "/me/bill/{billId}",
        [base_url](const Request&, const BillView& view) { return ovh_ok(bill_json(view, base_url)); });
    get(BillKind::refund, "/me/refund/{refundId}",
        [base_url](const Request&, const BillView& view) { return ovh_ok(refund_json(view, base_url)); });
    get(BillKind::bill, "/me/bill/{billId}/payment", [&bills](const Request&, const BillView& view) { return payment(view, bills); });
}

} // namespace api
