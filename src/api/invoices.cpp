#include "api/invoices.h"

#include "api/answers.h"
#include "api/documents.h"
#include "api/identity.h"
#include "api/movements.h"
#include "api/writing.h"
#include "domain/member_pages.h"
#include "domain/refusal.h"
#include "http/form.h"
#include "http/problem.h"

namespace api {
namespace {

using http::JsonText;
using http::Request;
using http::Response;

Response list(const Request& request, const InvoiceServices& services)
{
    const auto who = identity_of(request, services.accounts);
    const auto scope = "invoices:" + std::to_string(static_cast<std::int64_t>(who.member));
    return http::list_page(
        request, services.cursors, scope, [&](auto after, int limit) { return services.invoices.page(who.member, after, limit); },
        [](const auto& invoice) { return invoice.id; }, [](const auto& invoice) { return json_of(invoice); });
}

Response read(const Request& request, const InvoiceServices& services)
{
    const auto who = identity_of(request, services.accounts);
    return {.body = json_of(services.invoices.read(who.member, request.segments[0])).dump()};
}

Response pdf_answer(const std::string& number, std::string pdf)
{
    return Response{.body = std::move(pdf), .content_type = "application/pdf"}.with(
        "Content-Disposition", "inline; filename=\"" + number + ".pdf\"");
}

Response print(const Request& request, const InvoiceServices& services)
{
    const auto who = identity_of(request, services.accounts);
    return pdf_answer(request.segments[0], services.printer.print(who.member, request.segments[0]));
}

Response upcoming(const Request& request, const InvoiceServices& services)
{
    const auto who = identity_of(request, services.accounts);
    const auto next = services.invoices.upcoming(who.member);
    auto items = JsonText::array();
    if (next)
        for (const auto& document : next->documents) items.push(draft_json(document));
    auto json = JsonText::object();
    json.set("date", next ? JsonText{domain::to_text(domain::Date{next->day})} : JsonText::null());
    return {.body = json.set("items", items).set("next", JsonText::null()).dump()};
}

Response balance(const Request& request, const InvoiceServices& services)
{
    const auto who = identity_of(request, services.accounts);
    auto items = JsonText::array();
    for (const auto& [open, credit] : services.invoices.balances(who.member))
        items.push(JsonText::object().set("open", json_of(open)).set("credit", json_of(credit)));
    return {.body = JsonText::object().set("items", items).set("next", JsonText::null()).dump()};
}

Response statement(const Request& request, const InvoiceServices& services)
{
    const auto who = identity_of(request, services.accounts);
    const auto code = request.query_value("currency");
    const auto currency = domain::currency_from(code);
    if (!code.empty() && !currency) throw http::BadRequest{"currency must be CHF or EUR"};
    const auto from = day_of(request, "from");
    const auto to = day_of(request, "to");
    if (from && to && *to <= *from) throw http::BadRequest{"to must be later than from; it is the day after the last"};
    const auto found = services.invoices.statement(who.member, currency, from, to);
    auto items = JsonText::array();
    for (const auto& entry : found.entries) {
        auto item = JsonText::object();
        item.set("date", domain::to_text(entry.booked_on)).set("kind", entry.kind);
        item.set("number", entry.number.empty() ? JsonText::null() : JsonText{entry.number});
        items.push(item.set("amount", json_of(entry.amount)));
    }
    auto json = JsonText::object();
    json.set("from", domain::to_text(found.from)).set("to", domain::to_text(found.to)).set("opening_balance", json_of(found.before));
    json.set("items", items).set("next", JsonText::null());
    return {.body = json.set("closing_balance", json_of(found.after)).dump()};
}

std::string status_of(domain::AttemptState state)
{
    switch (state) {
    case domain::AttemptState::succeeded: return "succeeded";
    case domain::AttemptState::waiting: return "requires_action";
    default: return "processing";
    }
}

/// How the payment by card stands, as the gateway says now. Where nothing is open the invoice is paid, whatever way.
Response payment_standing(const Request& request, const InvoiceServices& services)
{
    const auto who = identity_of(request, services.accounts);
    const auto& number = request.segments[0];
    const auto standing = services.payments.standing(who.member, number);
    std::string status = "open";
    if (standing.open.minor == 0) status = "succeeded";
    else if (standing.state && domain::is_open(*standing.state)) status = status_of(*standing.state);
    else if (standing.state == domain::AttemptState::failed) status = "failed";
    const bool is_told = status == "failed" || status == "requires_action";
    auto json = JsonText::object();
    json.set("invoice", number).set("status", status).set("open", json_of(standing.open));
    json.set("decline_code", !is_told || standing.told_code.empty() ? JsonText::null() : JsonText{standing.told_code});
    json.set("payment_method", standing.method ? JsonText{standing.method->text()} : JsonText::null());
    return {.body = json.dump()};
}

/// Charges a card for the document while the member is there. What the bank asks for is found under redirect_url; asking again is safe, as
/// there is one open try a document.
Response pay(const Request& request, const InvoiceServices& services)
{
    const auto who = identity_of(request, services.accounts);
    http::Form form{http::parse_object(request.body.empty() ? "{}" : request.body)};
    std::optional<domain::Uuid> method;
    if (const auto text = form.optional_text("payment_method")) {
        method = domain::Uuid::parse(*text);
        if (!method) form.fault("payment_method", "invalid", "must be the id of a payment method: GET /payment-methods");
    }
    form.finish();
    const auto& number = request.segments[0];
    const auto write = write_request(request, who.member, "/invoices/{number}/pay");
    if (write.dry_run) throw http::BadRequest{"a payment has no dry run: GET /invoices/" + number + " says what is open"};
    if (const auto earlier = services.writes.earlier(write)) return respond(write, *earlier);
    const auto payment = services.payments.pay(who.member, number, method, domain::payment_page(services.base_url, number));
    if (payment.state == domain::AttemptState::failed || payment.state == domain::AttemptState::canceled)
        throw domain::Refusal{
            domain::Reason::card_refused, "the card was refused (" + payment.told_code + "); use another card or ask your bank"};
    auto json = JsonText::object();
    json.set("invoice", number).set("status", status_of(payment.state));
    json.set("redirect_url", payment.next_action_url.empty() ? JsonText::null() : JsonText{payment.next_action_url});
    const auto told = answer(payment.state == domain::AttemptState::succeeded ? 200 : 202, json);
    return respond(write, services.writes.run(write, [&](store::Session&) { return told; }));
}

Response list_payments(const Request& request, const InvoiceServices& services)
{
    const auto who = identity_of(request, services.accounts);
    auto items = JsonText::array();
    for (const auto& payment : services.invoices.payments(who.member)) items.push(json_of(payment));
    return {.body = JsonText::object().set("items", items).set("next", JsonText::null()).dump()};
}

} // namespace

void add_invoice_routes(http::Router& router, const InvoiceServices& services)
{
    router.on("GET", "/invoices", [=](const Request& request) { return list(request, services); });
    router.on("GET", "/invoices/upcoming", [=](const Request& request) { return upcoming(request, services); });
    router.on("GET", "/invoices/{number}.pdf", [=](const Request& request) { return print(request, services); });
    router.on("GET", "/invoices/{number}/payment", [=](const Request& request) { return payment_standing(request, services); });
    router.on("GET", "/invoices/{number}", [=](const Request& request) { return read(request, services); });
    router.on("POST", "/invoices/{number}/pay", [=](const Request& request) { return pay(request, services); });
    router.on("GET", "/account/payments", [=](const Request& request) { return list_payments(request, services); });
    router.on("GET", "/account/balance", [=](const Request& request) { return balance(request, services); });
    router.on("GET", "/account/statement", [=](const Request& request) { return statement(request, services); });
}

} // namespace api
