#include "app/api_settings.h"

#include "app/config_section.h"

namespace app {
namespace {

/// Scheme, host and perhaps port; clients append the path.
bool is_base(const std::string& url)
{
    const auto scheme = url.starts_with("https://") ? 8u : url.starts_with("http://") ? 7u : 0u;
    return scheme != 0 && url.size() > scheme && url.find_first_of("/?# @", scheme) == std::string::npos;
}

/// Where nothing is said: base_url, and the same as clients sign it that only know https and no ports.
std::vector<std::string> default_bases(const std::string& base_url)
{
    const auto host = base_url.substr(base_url.find("://") + 3);
    const auto bracket = host.rfind(']'); // of an address of IPv6
    const auto colon = host.find(':', bracket == std::string::npos ? 0 : bracket);
    const auto portless = "https://" + host.substr(0, colon);
    return portless == base_url ? std::vector{base_url} : std::vector{base_url, portless};
}

} // namespace

void read_api(Section section, const std::string& base_url, ApiSettings& api)
{
    api.secret_key = section.secret("secret_key_file");
    api.previous_secret_key = section.secret("previous_secret_key_file");
    if (is_base(base_url)) api.bases = default_bases(base_url);
    section.read("bases", api.bases);
    section.finish();
    for (const auto& base : api.bases)
        if (!is_base(base)) section.fail("bases", base + " must be like https://api.example.ch or http://127.0.0.1:8080, without a path");
}

} // namespace app
