#include "api/vpn.h"

#include "api/identity.h"
#include "api/writing.h"
#include "http/form.h"

namespace api {
namespace {

using http::JsonText;
using http::Request;
using http::Response;

JsonText json_of(const domain::VpnServer& server)
{
    auto dns = JsonText::array();
    for (std::string rest = server.dns; !rest.empty();) {
        const auto comma = rest.find(',');
        dns.push(rest.substr(0, comma));
        rest.erase(0, comma == std::string::npos ? comma : comma + 1);
    }
    return JsonText::object().set("public_key", server.public_key.text()).set("endpoint", server.endpoint).set("dns", dns);
}

JsonText json_of(const domain::Vpn& vpn)
{
    auto json = JsonText::object();
    json.set("order", vpn.order_uuid.text()).set("status", domain::to_text(domain::state_of(vpn)));
    json.set("prefix", vpn.prefix ? JsonText{vpn.prefix->text()} : JsonText::null());
    json.set("public_key", vpn.public_key ? JsonText{vpn.public_key->text()} : JsonText::null());
    json.set("server", vpn.server ? json_of(*vpn.server) : JsonText::null());
    json.set("ordered_at", domain::to_text(vpn.ordered_at));
    json.set("given_at", vpn.given_at ? JsonText{domain::to_text(*vpn.given_at)} : JsonText::null());
    return json;
}

std::string etag_of(const domain::Vpn& vpn) { return '"' + vpn.version() + '"'; }

/// The version in If-Match; nullopt if there is none to compare.
std::optional<std::string> expected_version(const Request& request)
{
    const auto text = request.param("HTTP_IF_MATCH");
    if (text.empty() || text == "*") return std::nullopt;
    const bool is_quoted = text.size() >= 2 && text.front() == '"' && text.back() == '"';
    return std::string{is_quoted ? text.substr(1, text.size() - 2) : text};
}

domain::WireguardKey key_in(const Request& request)
{
    http::Form form{http::parse_object(request.body)};
    if (form.has("private_key"))
        form.fault(
            "private_key", "not_allowed", "keep it to yourself: only the public key is needed, and this private key is to be replaced");
    form.accept("private_key");
    const auto text = form.text("public_key");
    const auto fault = domain::check_wireguard_key(text);
    if (!text.empty() && fault != domain::WireguardKeyFault::none)
        form.fault("public_key", "invalid", std::string{domain::explanation_of(fault)});
    form.finish();
    return domain::WireguardKey::parse(text).value();
}

Response list(const Request& request, const VpnServices& services)
{
    const auto who = identity_of(request, services.accounts);
    const auto scope = "vpn:" + std::to_string(static_cast<std::int64_t>(who.member));
    return http::list_page(
        request, services.cursors, scope, [&](auto after, int limit) { return services.vpns.page(who.member, after, limit); },
        [](const auto& vpn) { return vpn.order; }, [](const auto& vpn) { return json_of(vpn); });
}

Response read(const Request& request, const VpnServices& services)
{
    const auto who = identity_of(request, services.accounts);
    const auto vpn = services.vpns.read(who.member, uuid_segment(request));
    return Response{.body = json_of(vpn).dump()}.with("ETag", etag_of(vpn));
}

/// 202 while the server has yet to hear of it.
Response set_key(const Request& request, const VpnServices& services)
{
    const auto who = identity_of(request, services.accounts);
    const auto order = uuid_segment(request);
    const auto key = key_in(request);
    const auto write = write_request(request, who.member, "/vpn/{order}/key");
    std::string etag;
    auto response = respond(write, services.writes.run(write, [&](store::Session& session) {
        const auto vpn = services.vpns.set_key(session, who.member, order, key, expected_version(request));
        etag = etag_of(vpn);
        return answer(domain::state_of(vpn) == domain::VpnState::configuring ? 202 : 200, json_of(vpn));
    }));
    return std::move(response).with("ETag", etag);
}

Response configuration(const Request& request, const VpnServices& services)
{
    const auto who = identity_of(request, services.accounts);
    const auto vpn = services.vpns.read_with_prefix(who.member, uuid_segment(request));
    return Response{.body = domain::client_configuration(vpn), .content_type = "text/plain; charset=utf-8"}
        .with("ETag", etag_of(vpn))
        .with("Content-Disposition", R"(attachment; filename="vpn.conf")");
}

} // namespace

void add_vpn_routes(http::Router& router, const VpnServices& services)
{
    router.on("GET", "/vpn", [=](const Request& request) { return list(request, services); });
    router.on("GET", "/vpn/{order}", [=](const Request& request) { return read(request, services); });
    router.on("PUT", "/vpn/{order}/key", [=](const Request& request) { return set_key(request, services); });
    router.on("GET", "/vpn/{order}/config", [=](const Request& request) { return configuration(request, services); });
}

} // namespace api
