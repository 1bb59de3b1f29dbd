#include "client/endpoints.h"

namespace client {
namespace {

constexpr Endpoint known[] = {
    {"ovh-eu", "https://eu.api.ovh.com/1.0", "https://www.ovh.com/auth/oauth2/token"},
    {"ovh-ca", "https://ca.api.ovh.com/1.0", "https://ca.ovh.com/auth/oauth2/token"},
    {"ovh-us", "https://api.us.ovhcloud.com/1.0", "https://us.ovhcloud.com/auth/oauth2/token"},
    {"kimsufi-eu", "https://eu.api.kimsufi.com/1.0", ""},
    {"kimsufi-ca", "https://ca.api.kimsufi.com/1.0", ""},
    {"soyoustart-eu", "https://eu.api.soyoustart.com/1.0", ""},
    {"soyoustart-ca", "https://ca.api.soyoustart.com/1.0", ""},
};

} // namespace

std::span<const Endpoint> endpoints() { return known; }

std::optional<Endpoint> endpoint_from(std::string_view text)
{
    for (const auto& endpoint : known)
        if (endpoint.name == text) return endpoint;
    if (text.starts_with("https://") || text.starts_with("http://")) return Endpoint{.name = text, .url = text};
    return std::nullopt;
}

std::string create_app_page(std::string_view url)
{
    for (const std::string_view version : {"/", "/1.0", "/v1"})
        if (url.ends_with(version)) url.remove_suffix(version.size());
    return std::string{url} + "/createApp/";
}

} // namespace client
