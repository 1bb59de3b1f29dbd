#include "api/admin_billing.h"

#include "api/answers.h"
#include "api/documents.h"
#include "api/identity.h"
#include "api/movements.h"
#include "api/writing.h"
#include "domain/iban.h"
#include "http/form.h"

namespace api {
namespace {

using http::JsonText;
using http::Request;
using http::Response;

constexpr std::int64_t max_amount = 1'000'000'000;
constexpr std::size_t shown_documents = 1000;

Response list_runs(const Request& request, const AdminBillingServices& services)
{
    operator_of(request, services.accounts);
    return http::list_page(
        request, services.cursors, "billing-runs", [&](auto after, int limit) { return services.runs.page(after, limit); },
        [](const auto& run) { return run.id; }, [](const auto& run) { return json_of(run); });
}

/// What a run would issue: the first documents in full, the sums of all.
JsonText preview_json(service::BillingRuns& runs, domain::Date day)
{
    auto items = JsonText::array();
    std::size_t documents = 0;
    std::size_t members = 0;
    std::map<domain::Currency, std::int64_t> totals;
    auto failures = JsonText::array();
    runs.preview(day, [&](const service::BilledSlice& slice) {
        members += slice.members;
        for (const auto& failure : slice.failures)
            failures.push(JsonText::object().set("member", static_cast<std::int64_t>(failure.member)).set("error", failure.error));
        for (const auto& document : slice.documents) {
            const auto currency = document.invoice.currency;
            totals[currency] += domain::totals_of(document.invoice.lines, currency).gross.minor;
            if (++documents <= shown_documents) items.push(draft_json(document).set("username", document.username));
        }
    });
    auto sums = JsonText::array();
    for (const auto& [currency, total] : totals) sums.push(json_of(domain::Money{total, currency}));
    auto json = JsonText::object();
    json.set("date", domain::to_text(day)).set("state", "dry_run").set("members", members).set("documents", documents);
    return std::move(json.set("totals", sums).set("errors", failures).set("items", items).set("next", JsonText::null()));
}

Response begin_run(const Request& request, const AdminBillingServices& services)
{
    const auto who = operator_of(request, services.accounts);
    http::Form form{http::parse_object(request.body.empty() ? "{}" : request.body)}; // today, then
    auto day = services.clock.today();
    if (const auto text = form.optional_text("date")) {
        const auto given = domain::date_from(*text);
        if (!given) form.fault("date", "invalid", "must be a day that exists, YYYY-MM-DD");
        else day = *given;
    }
    form.finish();
    const auto write = write_request(request, who.member, "/admin/billing-runs");
    if (write.dry_run) return respond(write, answer(200, preview_json(services.runs, day)));
    return respond(write, services.writes.run(write, [&](store::Session& session) {
        const auto run = services.runs.plan(session, day, who.uid);
        if (!run) return answer(200, JsonText::object().set("date", domain::to_text(day)).set("state", "nothing_due"));
        return answer(202, json_of(*run), "/admin/billing-runs/" + std::to_string(run->id));
    }));
}

Response list_errors(const Request& request, const AdminBillingServices& services)
{
    operator_of(request, services.accounts);
    auto items = JsonText::array();
    for (const auto& error : services.runs.errors(1000)) items.push(json_of(error));
    return {.body = JsonText::object().set("items", items).set("next", JsonText::null()).dump()};
}

Response issue_credit_note(const Request& request, const AdminBillingServices& services)
{
    const auto who = operator_of(request, services.accounts);
    http::Form form{http::parse_object(request.body)};
    service::CreditNoteRequest note{.invoice = form.text("invoice", 32)};
    if (form.has("line")) note.line = static_cast<int>(form.integer("line", 1, 100'000));
    if (form.has("amount")) note.amount = form.integer("amount", 1, max_amount);
    if (note.amount && !note.line) form.fault("amount", "needs_line", "say of which line; without an amount all lines are credited whole");
    note.reason = form.text("reason");
    form.finish();
    const auto write = write_request(request, who.member, "/admin/credit-notes");
    return respond(write, services.writes.run(write, [&](store::Session& session) {
        const auto number = services.corrections.issue_credit_note(session, note, who.uid);
        return answer(201, JsonText::object().set("number", number), "/admin/invoices/" + number);
    }));
}

Response give_credit(const Request& request, const AdminBillingServices& services)
{
    const auto who = operator_of(request, services.accounts);
    const auto member = services.administration.member(request.segments[0]).member;
    http::Form form{http::parse_object(request.body)};
    service::GoodwillRequest credit{.member = member.id, .amount = {form.integer("amount", 1, max_amount), member.currency}};
    if (const auto currency = form.optional_choice("currency", {"CHF", "EUR"})) credit.amount.currency = *domain::currency_from(*currency);
    credit.reference = form.text("reference", 64);
    credit.reason = form.text("reason");
    form.finish();
    const auto write = write_request(request, who.member, "/admin/members/{username}/credits");
    return respond(write, services.writes.run(write, [&](store::Session& session) {
        services.corrections.give_credit(session, credit, who.uid);
        return answer(201, JsonText::object().set("reference", credit.reference).set("amount", json_of(credit.amount)));
    }));
}

Response request_refund(const Request& request, const AdminBillingServices& services)
{
    const auto who = operator_of(request, services.accounts);
    http::Form form{http::parse_object(request.body)};
    service::RefundRequest refund{.amount = {form.integer("amount", 1, max_amount)}};
    const auto payment = domain::Uuid::parse(form.text("payment", 36));
    if (payment) refund.payment = *payment;
    else form.fault("payment", "invalid", "must be the id of a payment: GET /admin/members/{username}/payments");
    if (const auto currency = form.optional_choice("currency", {"CHF", "EUR"})) refund.amount.currency = *domain::currency_from(*currency);
    refund.reference = form.text("reference", 64);
    refund.reason = form.text("reason");
    refund.payee_name = form.optional_text("payee_name", 140).value_or("");
    refund.payee_iban = form.optional_text("payee_iban", 34).value_or("");
    if (!refund.payee_iban.empty() && domain::check_iban(refund.payee_iban) != domain::IbanFault::none)
        form.fault("payee_iban", "invalid", "must be a Swiss or Liechtenstein IBAN without blanks");
    form.finish();
    const auto write = write_request(request, who.member, "/admin/refunds");
    return respond(write, services.writes.run(write, [&](store::Session& session) {
        return answer(201, json_of(services.refunds.request(session, refund, who.uid)));
    }));
}

Response list_refunds(const Request& request, const AdminBillingServices& services)
{
    operator_of(request, services.accounts);
    auto items = JsonText::array();
    for (const auto& refund : services.refunds.newest(1000)) items.push(json_of(refund));
    return {.body = JsonText::object().set("items", items).set("next", JsonText::null()).dump()};
}

Response list_payments(const Request& request, const AdminBillingServices& services)
{
    operator_of(request, services.accounts);
    const auto member = services.administration.member(request.segments[0]).member;
    auto items = JsonText::array();
    for (const auto& payment : services.invoices.payments(member.id)) items.push(json_of(payment));
    return {.body = JsonText::object().set("items", items).set("next", JsonText::null()).dump()};
}

} // namespace

void add_admin_billing_routes(http::Router& router, const AdminBillingServices& services)
{
    router.on("GET", "/admin/billing-runs", [=](const Request& request) { return list_runs(request, services); });
    router.on("POST", "/admin/billing-runs", [=](const Request& request) { return begin_run(request, services); });
    router.on("GET", "/admin/billing-runs/{id}", [=](const Request& request) {
        operator_of(request, services.accounts);
        return Response{.body = json_of(services.runs.read(number_segment(request))).dump()};
    });
    router.on("GET", "/admin/billing-errors", [=](const Request& request) { return list_errors(request, services); });
    router.on("GET", "/admin/invoices/{number}", [=](const Request& request) {
        operator_of(request, services.accounts);
        return Response{.body = json_of(services.invoices.read(request.segments[0])).dump()};
    });
    router.on("POST", "/admin/credit-notes", [=](const Request& request) { return issue_credit_note(request, services); });
    router.on("GET", "/admin/refunds", [=](const Request& request) { return list_refunds(request, services); });
    router.on("POST", "/admin/refunds", [=](const Request& request) { return request_refund(request, services); });
    router.on("GET", "/admin/members/{username}/payments", [=](const Request& request) { return list_payments(request, services); });
    router.on("POST", "/admin/members/{username}/credits", [=](const Request& request) { return give_credit(request, services); });
}

} // namespace api
