#include "api/account.h"

#include "api/answers.h"
#include "api/identity.h"
#include "api/writing.h"
#include "http/form.h"

#include <charconv>

namespace api {
namespace {

using http::Request;
using http::Response;

std::string etag_of(const domain::Member& member) { return '"' + std::to_string(member.version) + '"'; }

/// The version in If-Match; nullopt if there is none to compare.
std::optional<std::int64_t> expected_version(const Request& request)
{
    auto text = request.param("HTTP_IF_MATCH");
    if (text.empty() || text == "*") return std::nullopt;
    if (text.size() >= 2 && text.front() == '"' && text.back() == '"') text = text.substr(1, text.size() - 2);
    std::int64_t version = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), version);
    if (error != std::errc{} || end != text.data() + text.size()) return 0; // matches no row
    return version;
}

/// Text that may also be empty: the field is cleared.
std::optional<std::string> clearable(http::Form& form, const char* name, std::size_t max)
{
    if (form.is_empty_text(name)) return "";
    return form.optional_text(name, max);
}

std::string upper(std::string text)
{
    for (auto& c : text)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return text;
}

std::optional<std::string> read_country(http::Form& form)
{
    auto country = form.optional_text("country", 2);
    if (!country) return country;
    *country = upper(*country);
    const auto is_letter = [](char c) { return c >= 'A' && c <= 'Z'; };
    if (country->size() != 2 || !is_letter((*country)[0]) || !is_letter((*country)[1]))
        form.fault("country", "invalid", "must be two letters (ISO 3166-1), such as CH");
    return country;
}

service::AccountChanges changes_of(const Request& request)
{
    http::Form form{http::parse_object(request.body)};
    service::AccountChanges changes{.expected_version = expected_version(request)};
    auto& address = form.object("billing_address");
    changes.company = clearable(address, "company", 100);
    changes.name = clearable(address, "name", 100);
    changes.street = clearable(address, "street", 100);
    changes.house_number = clearable(address, "house_number", 20);
    changes.postal_code = clearable(address, "postal_code", 20);
    changes.city = clearable(address, "city", 100);
    changes.country = read_country(address);
    changes.language = form.optional_choice("language", {"de", "fr", "it", "en"});
    if (const auto currency = form.optional_choice("currency", {"CHF", "EUR"})) changes.currency = domain::currency_from(*currency);
    if (const auto kind = form.optional_choice("customer_kind", {"consumer", "business"})) changes.kind = domain::customer_kind_from(*kind);
    if (!form.is_null("vat_id")) changes.vat_id = clearable(form, "vat_id", 30);
    else changes.vat_id = "";
    for (const char* name : {"uuid", "username", "name", "email", "vat_id_state", "joined_at"})
        form.accept(name); // what GET shows may be sent back
    form.finish();
    return changes;
}

} // namespace

void add_account_routes(http::Router& router, const AccountServices& services)
{
    router.on("GET", "/account", [=](const Request& request) {
        const auto member = services.accounts.read(identity_of(request, services.accounts).member);
        return Response{.body = json_of(member).dump()}.with("ETag", etag_of(member));
    });
    router.on("PUT", "/account", [=](const Request& request) {
        const auto who = identity_of(request, services.accounts);
        const auto changes = changes_of(request);
        const auto write = write_request(request, who.member, "/account");
        std::string etag;
        auto response = respond(write, services.writes.run(write, [&](store::Session& session) {
            const auto member = services.accounts.change(session, who.member, changes);
            etag = etag_of(member);
            return answer(200, json_of(member));
        }));
        return std::move(response).with("ETag", etag);
    });
}

} // namespace api
