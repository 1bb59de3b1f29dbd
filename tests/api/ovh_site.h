#pragma once
#include "site.h"

#include <cstdint>
#include <string>
#include <vector>

// The cart API of the stack under test, as an OVH client sees it.
namespace site {

/// What a client signs with.
struct ApiKey {
    std::string id{}; ///< of the credential
    std::string application_key{};
    std::string application_secret{};
    std::string consumer_key{};
};

/// A key that the member makes: POST /api-keys. `access_rules` is a JSON list; empty: the default ones.
ApiKey api_key(const Member& member, const std::string& access_rules = "");

/// The seconds since the epoch, as clients sign them.
std::int64_t unix_seconds();

/// The four headers of a signed call. `url` is the whole one.
std::vector<std::string> signed_headers(
    const ApiKey& key, const std::string& method, const std::string& url, const std::string& body, std::int64_t timestamp);

/// Calls as the official clients do. Paths are told below the version: "/order/cart".
struct OvhClient {
    ApiKey key{};                                  ///< without a consumer key calls are not signed
    std::string base{environment("TEST_TLS_URL")}; ///< or TEST_URL
    std::string version{"/1.0"};                   ///< or "/v1"

    Answer call(const std::string& method, const std::string& path, const std::string& body = "") const;
    Answer get(const std::string& path) const { return call("GET", path); }
    Answer post(const std::string& path, const std::string& body = "") const { return call("POST", path, body); }
    Answer put(const std::string& path, const std::string& body) const { return call("PUT", path, body); }
    Answer remove(const std::string& path) const { return call("DELETE", path); }
};

/// A client that acts for the member by a key of its own.
OvhClient ovh_client(const Member& member);

/// A client without a login, for the open routes.
OvhClient anonymous_client();

} // namespace site
