#include "api/admin_mail.h"

#include "api/identity.h"
#include "api/writing.h"
#include "http/problem.h"

namespace api {
namespace {

using http::JsonText;
using http::Request;
using http::Response;

JsonText instant_or_null(const std::optional<domain::Instant>& instant)
{
    return instant ? JsonText{domain::to_text(*instant)} : JsonText::null();
}

std::optional<domain::MailState> state_of(const Request& request)
{
    const auto text = request.query_value("state");
    const auto state = domain::mail_state_from(text);
    if (!text.empty() && !state) throw http::BadRequest{"state must be queued, sending, sent, refused, failed, obsolete or no_address"};
    return state;
}

Response list(const Request& request, const AdminMailServices& services)
{
    operator_of(request, services.accounts);
    const auto state = state_of(request);
    const auto scope = "mail:" + (state ? std::string{domain::to_text(*state)} : "");
    const auto page = http::page_of(request, services.cursors, scope);
    auto mails = services.outbox.page(state, page.after, page.limit + 1);
    const bool more = mails.size() > static_cast<std::size_t>(page.limit);
    if (more) mails.pop_back();
    auto items = JsonText::array();
    for (const auto& mail : mails) items.push(json_of(mail));
    return http::list_answer(request, items, page, services.cursors, scope, more ? std::optional{mails.back().id} : std::nullopt);
}

Response retry(const Request& request, const AdminMailServices& services)
{
    const auto who = operator_of(request, services.accounts);
    const auto mail = uuid_segment(request);
    const auto write = write_request(request, who.member, "/admin/mail/{uuid}/retry");
    return respond(write, services.writes.run(write, [&](store::Session& session) {
        services.outbox.retry(session, mail, who.uid);
        return answer(200, JsonText::object().set("uuid", mail.text()).set("state", "queued"));
    }));
}

} // namespace

JsonText json_of(const store::MailRecord& mail)
{
    auto json = JsonText::object();
    json.set("uuid", mail.uuid.text()).set("username", mail.username).set("kind", mail.kind).set("about", mail.about);
    json.set("state", domain::to_text(mail.state)).set("attempts", mail.attempts).set("address", mail.address).set("error", mail.error);
    json.set("queued_at", domain::to_text(mail.queued_at)).set("next_at", domain::to_text(mail.next_at));
    return std::move(json.set("tried_at", instant_or_null(mail.tried_at)).set("finished_at", instant_or_null(mail.finished_at)));
}

void add_admin_mail_routes(http::Router& router, const AdminMailServices& services)
{
    router.on("GET", "/admin/mail", [=](const Request& request) { return list(request, services); });
    router.on("POST", "/admin/mail/{uuid}/retry", [=](const Request& request) { return retry(request, services); });
}

} // namespace api
