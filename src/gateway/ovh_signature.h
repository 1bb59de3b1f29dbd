#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace gateway {

/// What the signature of a call to the OVH API covers.
struct OvhSignedCall {
    std::string_view application_secret{};
    std::string_view consumer_key{};
    std::string_view method{}; ///< upper case
    std::string_view url{};    ///< the full one, with scheme, host, base path and query exactly as they are sent
    std::string_view body{};   ///< exact bytes; empty if there is none
    std::int64_t timestamp{0}; ///< Unix seconds by the server's clock
};

/// The value of X-Ovh-Signature: "$1$" and 40 lower-case hexadecimal digits, the SHA-1 of secret, consumer key, method,
/// URL, body and timestamp joined by "+". Source: docs.ovh.com, "First steps with the API"; the same in all official clients.
/// @throws std::runtime_error if SHA-1 is not to be had
std::string ovh_signature(const OvhSignedCall& call);

/// True if `given` is that value. Compares in constant time.
bool is_ovh_signature_of(std::string_view given, const OvhSignedCall& call);

} // namespace gateway
