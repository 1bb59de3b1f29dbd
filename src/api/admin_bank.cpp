#include "api/admin_bank.h"

#include "api/bank_answers.h"
#include "api/identity.h"
#include "api/writing.h"
#include "http/form.h"
#include "http/problem.h"

namespace api {
namespace {

using http::JsonText;
using http::Request;
using http::Response;

constexpr int shown_payouts = 1000;

/// Where in the file, and what the file was refused for.
Response refused(const Request& request, const service::BankFileRefused& refusal)
{
    const auto& fault = refusal.fault();
    const auto pointer = fault.entry > 0 ? "#/entries/" + std::to_string(fault.entry)
        : fault.line > 0                 ? "#/lines/" + std::to_string(fault.line)
                                         : "#";
    return http::problem(request, 422, "bank_file_refused", refusal.what(),
        {{pointer, std::string{bank::to_text(fault.code)}, fault.detail + ". " + std::string{bank::remedy_of(fault.code)}}});
}

Response import_file(const Request& request, const AdminBankServices& services)
{
    const auto who = operator_of(request, services.accounts);
    if (request.body.empty()) throw http::BadRequest{"the body must be the bank's file"};
    const auto name = request.query_value("name");
    const service::BankFile file{.name = name.empty() ? "upload" : name, .open = [&] { return bank::bytes_of(request.body); }};
    const auto write = write_request(request, who.member, "/admin/bank-files");
    try {
        return respond(write, services.writes.run(write, [&](store::Session& session) {
            const auto imported = services.imports.import(session, file, who.uid);
            return answer(201, json_of(imported.file), "/admin/bank-files/" + imported.file.uuid.text());
        }));
    } catch (const service::BankFileRefused& refusal) {
        if (!write.dry_run) services.imports.note_refused(file, refusal, who.uid);
        return refused(request, refusal);
    }
}

Response list_files(const Request& request, const AdminBankServices& services)
{
    operator_of(request, services.accounts);
    return http::list_page(
        request, services.cursors, "bank-files", [&](auto after, int limit) { return services.work.files(after, limit); },
        [](const auto& file) { return file.id; }, [](const auto& file) { return json_of(file); });
}

store::BankBookingFilter filter_of(const Request& request)
{
    store::BankBookingFilter filter;
    if (const auto state = request.query_value("state"); !state.empty()) {
        filter.state = domain::bank_booking_state_from(state);
        if (!filter.state) throw http::BadRequest{"state must be done, open, waiting, assigned, credited, refunded or offset"};
    }
    if (const auto file = request.query_value("file"); !file.empty()) {
        filter.file = domain::Uuid::parse(file);
        if (!filter.file) throw http::BadRequest{"file must be the uuid of a file: GET /admin/bank-files"};
    }
    return filter;
}

Response list_bookings(const Request& request, const AdminBankServices& services)
{
    operator_of(request, services.accounts);
    const auto filter = filter_of(request);
    const auto scope =
        "bank-bookings:" + std::string{filter.state ? domain::to_text(*filter.state) : ""} + ':' + (filter.file ? filter.file->text() : "");
    return http::list_page(
        request, services.cursors, scope, [&](auto after, int limit) { return services.work.page(filter, after, limit); },
        [](const auto& booking) { return booking.booking.told.id; }, [](const auto& booking) { return json_of(booking); });
}

/// Carries out a decision on the booking of the path.
template <class Decide>
Response decide(
    const Request& request, const AdminBankServices& services, const domain::Identity& who, const std::string& what, Decide decide)
{
    const auto booking = uuid_segment(request);
    const auto write = write_request(request, who.member, "/admin/bank-bookings/{uuid}/" + what);
    return respond(
        write, services.writes.run(write, [&](store::Session& session) { return answer(200, json_of(decide(session, booking))); }));
}

Response assign(const Request& request, const AdminBankServices& services)
{
    const auto who = operator_of(request, services.accounts);
    http::Form form{http::parse_object(request.body)};
    service::BankTarget target;
    target.invoice = form.optional_text("invoice", 32).value_or("");
    target.username = form.optional_text("username", 64).value_or("");
    const auto booking = form.optional_text("booking", 36);
    if (booking) {
        target.booking = domain::Uuid::parse(*booking);
        if (!target.booking) form.fault("booking", "invalid", "must be the uuid of a booking");
    }
    if (!target.invoice.empty() + !target.username.empty() + booking.has_value() != 1)
        form.fault("invoice", "required", "say one of invoice, username and booking: what the money belongs to");
    form.finish();
    return decide(request, services, who, "assign",
        [&](store::Session& session, const domain::Uuid& uuid) { return services.work.assign(session, uuid, target, who.uid); });
}

Response credit(const Request& request, const AdminBankServices& services)
{
    const auto who = operator_of(request, services.accounts);
    http::Form form{http::parse_object(request.body)};
    const auto username = form.text("username", 64);
    form.finish();
    return decide(request, services, who, "credit",
        [&](store::Session& session, const domain::Uuid& uuid) { return services.work.credit(session, uuid, username, who.uid); });
}

Response refund(const Request& request, const AdminBankServices& services)
{
    const auto who = operator_of(request, services.accounts);
    http::Form form{http::parse_object(request.body.empty() ? "{}" : request.body)};
    const service::BankPayee payee{
        .name = form.optional_text("payee_name", 140).value_or(""), .iban = form.optional_text("payee_iban", 34).value_or("")};
    form.finish();
    return decide(request, services, who, "refund",
        [&](store::Session& session, const domain::Uuid& uuid) { return services.work.refund(session, uuid, payee, who.uid); });
}

Response create_payouts(const Request& request, const AdminBankServices& services)
{
    const auto who = operator_of(request, services.accounts);
    http::Form form{http::parse_object(request.body.empty() ? "{}" : request.body)};
    form.finish();
    const auto write = write_request(request, who.member, "/admin/bank-payouts");
    return respond(write, services.writes.run(write, [&](store::Session& session) {
        auto items = JsonText::array();
        for (const auto& payout : services.payouts.create(session, who.uid)) items.push(json_of(payout));
        return answer(201, JsonText::object().set("items", items).set("next", JsonText::null()));
    }));
}

Response list_payouts(const Request& request, const AdminBankServices& services)
{
    operator_of(request, services.accounts);
    auto items = JsonText::array();
    for (const auto& payout : services.payouts.newest(shown_payouts)) items.push(json_of(payout));
    return {.body = JsonText::object().set("items", items).set("next", JsonText::null()).dump()};
}

Response read_payout(const Request& request, const AdminBankServices& services)
{
    operator_of(request, services.accounts);
    const auto payout = services.payouts.read(uuid_segment(request));
    return Response{.body = payout.document, .content_type = "application/xml"}.with(
        "Content-Disposition", "attachment; filename=\"payout-" + payout.uuid.text() + ".xml\"");
}

} // namespace

void add_admin_bank_routes(http::Router& router, const AdminBankServices& services)
{
    router.on("GET", "/admin/bank-files", [=](const Request& request) { return list_files(request, services); });
    router.on("POST", "/admin/bank-files", {"application/xml", "text/xml"},
        [=](const Request& request) { return import_file(request, services); });
    router.on("GET", "/admin/bank-files/{uuid}", [=](const Request& request) {
        operator_of(request, services.accounts);
        return Response{.body = json_of(services.work.file(uuid_segment(request))).dump()};
    });
    router.on("GET", "/admin/bank-bookings", [=](const Request& request) { return list_bookings(request, services); });
    router.on("GET", "/admin/bank-bookings/{uuid}", [=](const Request& request) {
        operator_of(request, services.accounts);
        return Response{.body = json_of(services.work.read(uuid_segment(request))).dump()};
    });
    router.on("POST", "/admin/bank-bookings/{uuid}/assign", [=](const Request& request) { return assign(request, services); });
    router.on("POST", "/admin/bank-bookings/{uuid}/credit", [=](const Request& request) { return credit(request, services); });
    router.on("POST", "/admin/bank-bookings/{uuid}/refund", [=](const Request& request) { return refund(request, services); });
    router.on("GET", "/admin/bank-payouts", [=](const Request& request) { return list_payouts(request, services); });
    router.on("POST", "/admin/bank-payouts", [=](const Request& request) { return create_payouts(request, services); });
    router.on("GET", "/admin/bank-payouts/{uuid}.xml", [=](const Request& request) { return read_payout(request, services); });
}

} // namespace api
