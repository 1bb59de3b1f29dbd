#pragma once
#include <chrono>
#include <span>
#include <string>
#include <string_view>

namespace gateway {

/// What is wrong with a webhook's signature, in the order in which it is looked at.
enum class SignatureFault {
    none,
    no_timestamp, ///< no t, two of them, or one that is no number
    no_match,     ///< no v1 fits the body under any of the secrets
    out_of_time,  ///< signed too long ago, or too far in the future
};

std::string_view to_text(SignatureFault fault);

/// Checks a Stripe-Signature header, "t=UNIX,v1=HEX64[,v1=…]": an HMAC-SHA256 of t, "." and the raw body under the whole
/// secret, "whsec_" included. Any v1 may fit, under any secret; other schemes are not looked at. The time may differ from
/// `now` by `tolerance` in both directions; 0: it is not looked at. Compares in constant time.
/// Source: docs.stripe.com/webhooks#verify-manually; stricter than Stripe's libraries where these differ.
SignatureFault check_webhook_signature(std::string_view header, std::string_view body, std::span<const std::string> secrets,
    std::chrono::sys_seconds now, std::chrono::seconds tolerance);

/// A header that fits: for whoever plays the gateway.
std::string webhook_signature(std::string_view body, const std::string& secret, std::chrono::sys_seconds now);

} // namespace gateway
