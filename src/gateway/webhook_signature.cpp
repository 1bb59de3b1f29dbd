#include "gateway/webhook_signature.h"

#include "domain/hex.h"

#include <openssl/crypto.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <stdexcept>
#include <vector>

namespace gateway {
namespace {

struct SignatureHeader {
    std::optional<std::int64_t> time{}; ///< nullopt: none, or not exactly one number
    std::vector<std::string_view> v1{};
};

/// Digits only, and no more of them than seconds will have for a long time.
std::optional<std::int64_t> time_in(std::string_view text)
{
    std::int64_t seconds = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    const bool canonical = std::to_string(seconds) == text && seconds > 0 && text.size() <= 12;
    if (error != std::errc{} || end != text.data() + text.size() || !canonical) return std::nullopt;
    return seconds;
}

SignatureHeader parse(std::string_view header)
{
    SignatureHeader parsed;
    int times = 0;
    while (!header.empty()) {
        const auto item = header.substr(0, header.find(','));
        header.remove_prefix(std::min(header.size(), item.size() + 1));
        if (item.starts_with("t=") && ++times == 1) parsed.time = time_in(item.substr(2));
        if (item.starts_with("v1=")) parsed.v1.push_back(item.substr(3));
    }
    if (times > 1) parsed.time.reset(); // Stripe's libraries disagree on which one counts
    return parsed;
}

std::string signature_of(std::int64_t time, std::string_view body, const std::string& secret)
{
    const auto message = std::to_string(time) + '.' + std::string{body};
    unsigned char mac[32];
    unsigned size = sizeof mac;
    if (!HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()), reinterpret_cast<const unsigned char*>(message.data()),
            message.size(), mac, &size))
        throw std::runtime_error{"HMAC-SHA256 is not to be had"};
    return domain::to_hex(mac);
}

bool equal(std::string_view a, std::string_view b) { return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0; }

} // namespace

std::string_view to_text(SignatureFault fault)
{
    switch (fault) {
    case SignatureFault::none: return "none";
    case SignatureFault::no_timestamp: return "no_timestamp";
    case SignatureFault::no_match: return "no_match";
    case SignatureFault::out_of_time: return "out_of_time";
    }
    throw std::domain_error{"no such fault of a signature"};
}

SignatureFault check_webhook_signature(std::string_view header, std::string_view body, std::span<const std::string> secrets,
    std::chrono::sys_seconds now, std::chrono::seconds tolerance)
{
    const auto parsed = parse(header);
    if (!parsed.time) return SignatureFault::no_timestamp;

    bool matches = false;
    for (const auto& secret : secrets) {
        const auto wanted = signature_of(*parsed.time, body, secret);
        for (const auto given : parsed.v1) matches = equal(given, wanted) || matches;
    }
    if (!matches) return SignatureFault::no_match;

    const auto age = now - std::chrono::sys_seconds{std::chrono::seconds{*parsed.time}};
    const bool in_time = tolerance == std::chrono::seconds{0} || (age <= tolerance && age >= -tolerance);
    return in_time ? SignatureFault::none : SignatureFault::out_of_time;
}

std::string webhook_signature(std::string_view body, const std::string& secret, std::chrono::sys_seconds now)
{
    const auto time = now.time_since_epoch().count();
    return "t=" + std::to_string(time) + ",v1=" + signature_of(time, body, secret);
}

} // namespace gateway
