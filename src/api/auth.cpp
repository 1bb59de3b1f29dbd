#include "api/auth.h"

#include "domain/refusal.h"
#include "logging/log.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

namespace api {
namespace {

using http::Request;
using http::Response;
using service::SignInOutcome;

Response denied(int status, const char* reason)
{
    auto response = Response{.status = status}.with("X-Auth-Reason", reason);
    if (status == 401) response.headers.emplace_back("WWW-Authenticate", "Basic realm=\"uncloud\", charset=\"UTF-8\"");
    return response;
}

Response told(const service::SignedIn& result)
{
    switch (result.outcome) {
    case SignInOutcome::accepted: break;
    case SignInOutcome::credentials_required: return denied(401, "credentials_required");
    case SignInOutcome::invalid_credentials: return denied(401, "invalid_credentials");
    case SignInOutcome::too_many_failed_logins: return denied(401, "too_many_failed_logins");
    case SignInOutcome::directory_unavailable: return denied(503, "directory_unavailable");
    }
    const auto& identity = result.identity;
    return Response{.status = 204}
        .with("X-Auth-User", identity.uid)
        .with("X-Auth-Member", std::to_string(static_cast<std::int64_t>(identity.member)))
        .with("X-Auth-Groups", identity.operator_ ? "operators" : "");
}

/// Where the body may carry the credentials, a POST without the header goes through unidentified.
bool may_sign_in_by_body(const Request& request)
{
    return request.param("AUTH_MODE") == "optional" && request.param("ORIGINAL_METHOD") == "POST"
        && request.param("HTTP_AUTHORIZATION").empty();
}

Response check(const Request& request, service::SignIns& sign_ins)
{
    if (may_sign_in_by_body(request)) return {.status = 204};
    auto [uid, password] = credentials_of(request.param("HTTP_AUTHORIZATION"));
    try {
        const auto result = sign_ins.check(uid, password, std::string{request.param("REMOTE_ADDR")});
        OPENSSL_cleanse(password.data(), password.size());
        return told(result);
    } catch (const domain::Unavailable& missing) {
        logging::event("error", "unavailable", {{"request_id", request.id}, {"what", missing.what()}});
        return denied(503, "database_unavailable");
    }
}

} // namespace

void add_auth_routes(http::Router& router, service::SignIns& sign_ins)
{
    router.on("GET", "/internal/auth", [&](const Request& request) { return check(request, sign_ins); });
}

Credentials credentials_of(std::string_view authorization)
{
    constexpr std::string_view scheme{"basic "};
    if (authorization.size() <= scheme.size() || authorization.size() > 4096) return {};
    for (std::size_t i = 0; i < scheme.size(); ++i)
        if ((authorization[i] | 0x20) != scheme[i]) return {};
    auto encoded = authorization.substr(scheme.size());
    while (encoded.starts_with(' ')) encoded.remove_prefix(1);
    if (encoded.empty() || encoded.size() % 4 != 0) return {};

    std::string decoded(encoded.size() / 4 * 3, '\0');
    const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(decoded.data()),
        reinterpret_cast<const unsigned char*>(encoded.data()), static_cast<int>(encoded.size()));
    if (size < 0) return {};
    const auto padding = encoded.ends_with("==") ? 2u : encoded.ends_with('=') ? 1u : 0u;
    decoded.resize(static_cast<std::size_t>(size) - padding);
    const auto colon = decoded.find(':');
    if (colon == std::string::npos || decoded.find('\0') != std::string::npos) return {};

    Credentials credentials{decoded.substr(0, colon), decoded.substr(colon + 1)};
    OPENSSL_cleanse(decoded.data(), decoded.size());
    return credentials;
}

} // namespace api
