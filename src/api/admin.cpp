#include "api/admin.h"

#include "api/answers.h"
#include "api/identity.h"
#include "api/table_text.h"
#include "api/writing.h"
#include "domain/refusal.h"
#include "http/form.h"

namespace api {
namespace {

using domain::Reason;
using domain::Refusal;
using http::JsonText;
using http::Request;
using http::Response;

constexpr std::int64_t max_price = 1'000'000'000;
constexpr std::int64_t max_payment_days = 365;

JsonText json_of_days(const std::optional<int>& days) { return days ? JsonText{*days} : JsonText::null(); }

Response list_members(const Request& request, const AdminServices& services)
{
    operator_of(request, services.accounts);
    return http::list_page(
        request, services.cursors, "members", [&](auto after, int limit) { return services.administration.members(after, limit); },
        [](const auto& member) { return member.id; }, [](const auto& member) { return json_of(member); });
}

Response read_member(const Request& request, const AdminServices& services)
{
    operator_of(request, services.accounts);
    const auto detail = services.administration.member(request.segments[0]);
    auto methods = JsonText::array();
    for (const auto& method : detail.methods) methods.push(json_of(method));
    auto orders = JsonText::array();
    for (const auto& order : detail.orders) orders.push(json_of(order));
    return {.body = json_of(detail.member)
                        .set("payment_days", json_of_days(detail.member.payment_days))
                        .set("payment_methods", methods)
                        .set("orders", orders)
                        .dump()};
}

Response list_approvals(const Request& request, const AdminServices& services)
{
    operator_of(request, services.accounts);
    auto items = JsonText::array();
    for (const auto& application : services.administration.applications(100)) {
        auto item = json_of(application.method);
        items.push(item.set("username", application.uid).set("name", application.name));
    }
    return {.body = JsonText::object().set("items", items).set("next", JsonText::null()).dump()};
}

Response approve(const Request& request, const AdminServices& services)
{
    const auto who = operator_of(request, services.accounts);
    const auto uuid = uuid_segment(request);
    std::optional<int> days;
    if (!request.body.empty()) {
        http::Form form{http::parse_object(request.body)};
        if (form.has("payment_days")) days = static_cast<int>(form.integer("payment_days", 0, max_payment_days));
        form.finish();
    }
    const auto write = write_request(request, who.member, "/admin/approvals/{id}/approve");
    return respond(write, services.writes.run(write, [&](store::Session& session) {
        services.administration.approve(session, uuid, days, who.uid);
        return answer(200, JsonText::object().set("id", uuid.text()).set("status", "active"));
    }));
}

Response refuse(const Request& request, const AdminServices& services)
{
    const auto who = operator_of(request, services.accounts);
    const auto uuid = uuid_segment(request);
    const auto write = write_request(request, who.member, "/admin/approvals/{id}/refuse");
    return respond(write, services.writes.run(write, [&](store::Session& session) {
        services.administration.refuse(session, uuid, who.uid);
        return answer(200, JsonText::object().set("id", uuid.text()).set("status", "refused"));
    }));
}

Response set_payment_days(const Request& request, const AdminServices& services)
{
    const auto who = operator_of(request, services.accounts);
    http::Form form{http::parse_object(request.body)};
    std::optional<int> days;
    if (!form.is_null("payment_days")) days = static_cast<int>(form.integer("payment_days", 0, max_payment_days));
    form.finish();

    const auto& username = request.segments[0];
    const auto write = write_request(request, who.member, "/admin/members/{username}/payment-days");
    return respond(write, services.writes.run(write, [&](store::Session& session) {
        services.administration.set_payment_days(session, username, days, who.uid);
        return answer(200, JsonText::object().set("username", username).set("payment_days", json_of_days(days)));
    }));
}

service::NewPrice price_of(const Request& request)
{
    http::Form form{http::parse_object(request.body)};
    service::NewPrice given{.sku = request.segments[0], .currency = domain::Currency::chf};
    if (const auto currency = form.optional_choice("currency", {"CHF", "EUR"})) given.currency = *domain::currency_from(*currency);
    const auto valid_from = form.text("valid_from");
    const auto date = domain::date_from(valid_from);
    if (!valid_from.empty() && !date) form.fault("valid_from", "invalid", "must be a day, YYYY-MM-DD");
    if (date) given.price.valid_from = *date;
    const auto amount = [&](http::Form& from, const char* name) {
        return domain::Money{from.has(name) ? from.integer(name, 0, max_price) : 0, given.currency};
    };
    given.price.setup = amount(form, "setup");
    given.price.recurring = amount(form, "recurring");
    given.price.includes_vat = form.optional_boolean("includes_vat").value_or(true);
    auto& units = form.object("units");
    for (const char* unit : {"core", "ram_half_gb", "ssd_gb", "gib"})
        if (units.has(unit)) given.price.units.push_back({unit, {0, given.currency}, amount(units, unit)});
    form.finish();
    return given;
}

Response set_price(const Request& request, const AdminServices& services)
{
    const auto who = operator_of(request, services.accounts);
    const auto given = price_of(request);
    const auto write = write_request(request, who.member, "/admin/products/{sku}/prices");
    return respond(write, services.writes.run(write, [&](store::Session& session) {
        services.administration.set_price(session, given, who.uid);
        auto json = JsonText::object();
        json.set("sku", given.sku).set("valid_from", domain::to_text(given.price.valid_from));
        return answer(201, json.set("setup", json_of(given.price.setup)).set("recurring", json_of(given.price.recurring)));
    }));
}

Response list_audit(const Request& request, const AdminServices& services)
{
    operator_of(request, services.accounts);
    return http::list_page(
        request, services.cursors, "audit", [&](auto after, int limit) { return services.administration.audit_log(after, limit); },
        [](const auto& entry) { return entry.id; },
        [](const auto& entry) {
            auto item = JsonText::object();
            item.set("at", domain::to_text(entry.at)).set("actor", entry.actor).set("action", entry.action);
            return std::move(item.set("subject", entry.subject).set("detail", entry.detail));
        });
}

/// A job with what it works on, if that is a machine.
Response read_job(const Request& request, const AdminServices& services)
{
    operator_of(request, services.accounts);
    const auto [job, machine, steps] = services.administration.job(number_segment(request));
    return {.body = json_of(job).set("machine", machine ? json_of(*machine) : JsonText::null()).set("steps", json_of(steps)).dump()};
}

Response list_jobs(const Request& request, const AdminServices& services)
{
    operator_of(request, services.accounts);
    const auto state = request.query_value("state");
    if (!state.empty() && state != "queued" && state != "leased" && state != "done" && state != "dead")
        throw http::BadRequest{"state must be queued, leased, done or dead"};
    auto items = JsonText::array();
    for (const auto& job : services.administration.jobs(state, 100)) items.push(json_of(job));
    return {.body = JsonText::object().set("items", items).set("next", JsonText::null()).dump()};
}

std::optional<std::string> day_text(const std::optional<domain::Date>& day)
{
    return day ? std::optional{domain::to_text(*day)} : std::nullopt;
}

std::optional<std::string> member_of(const Request& request)
{
    auto member = request.query_value("member");
    return member.empty() ? std::nullopt : std::optional{std::move(member)};
}

Response report(const Request& request, const AdminServices& services)
{
    operator_of(request, services.accounts);
    auto name = request.segments[0];
    const bool csv = name.ends_with(".csv");
    if (csv) name.resize(name.size() - 4);
    const auto table = services.administration.report(
        name, {.from = day_text(day_of(request, "from")), .to = day_text(day_of(request, "to")), .member = member_of(request)});
    if (csv) return {.body = csv_of(table), .content_type = "text/csv; charset=utf-8"};
    return {.body = json_of(table).dump()};
}

Response list_reports(const Request& request, const AdminServices& services)
{
    operator_of(request, services.accounts);
    auto items = JsonText::array();
    for (const auto& name : services.administration.reports()) items.push(name);
    return {.body = JsonText::object().set("items", items).set("next", JsonText::null()).dump()};
}

Response set_test_clock(const Request& request, const AdminServices& services)
{
    const auto who = operator_of(request, services.accounts);
    if (!services.test_clock) throw Refusal{Reason::not_in_production, "there is no test clock in production"};
    http::Form form{http::parse_object(request.body)};
    const auto text = form.text("now");
    const auto instant = domain::instant_from(text);
    if (!text.empty() && !instant) form.fault("now", "invalid", "must be an instant with an offset, such as 2026-02-28T12:00:00+01:00");
    form.finish();

    const auto write = write_request(request, who.member, "/admin/test-clock");
    const auto answered = services.writes.run(write, [&](store::Session& session) {
        services.administration.note_test_clock(session, *instant, who.uid);
        return answer(200, JsonText::object().set("now", domain::to_text(*instant)));
    });
    if (!write.dry_run && !answered.replayed) services.test_clock->set(*instant);
    return respond(write, answered);
}

} // namespace

void add_admin_routes(http::Router& router, const AdminServices& services)
{
    router.on("GET", "/admin/members", [=](const Request& request) { return list_members(request, services); });
    router.on("GET", "/admin/members/{username}", [=](const Request& request) { return read_member(request, services); });
    router.on("PUT", "/admin/members/{username}/payment-days", [=](const Request& request) { return set_payment_days(request, services); });
    router.on("GET", "/admin/approvals", [=](const Request& request) { return list_approvals(request, services); });
    router.on("POST", "/admin/approvals/{id}/approve", [=](const Request& request) { return approve(request, services); });
    router.on("POST", "/admin/approvals/{id}/refuse", [=](const Request& request) { return refuse(request, services); });
    router.on("POST", "/admin/products/{sku}/prices", [=](const Request& request) { return set_price(request, services); });
    router.on("GET", "/admin/audit-log", [=](const Request& request) { return list_audit(request, services); });
    router.on("GET", "/admin/jobs", [=](const Request& request) { return list_jobs(request, services); });
    router.on("GET", "/admin/jobs/{id}", [=](const Request& request) { return read_job(request, services); });
    router.on("POST", "/admin/jobs/{id}/retry", [=](const Request& request) {
        const auto who = operator_of(request, services.accounts);
        const auto id = number_segment(request);
        const auto write = write_request(request, who.member, "/admin/jobs/{id}/retry");
        return respond(write, services.writes.run(write, [&](store::Session& session) {
            services.administration.retry_job(session, id, who.uid);
            return answer(200, JsonText::object().set("id", id).set("state", "queued"));
        }));
    });
    router.on("GET", "/admin/reports", [=](const Request& request) { return list_reports(request, services); });
    router.on("GET", "/admin/reports/{name}", [=](const Request& request) { return report(request, services); });
    router.on("POST", "/admin/test-clock", [=](const Request& request) { return set_test_clock(request, services); });
}

} // namespace api
