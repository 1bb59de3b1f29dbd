#include "domain/wireguard_key.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <stdexcept>

namespace domain {
namespace {

using Bytes = std::array<std::uint8_t, 32>; // little-endian (RFC 7748 §5)

constexpr std::size_t text_length = 44;
constexpr std::string_view alphabet{"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"};

/// 43 characters and "=". The last character's two bits behind the 256th must be 0, else a key had four spellings.
std::optional<Bytes> bytes_in(std::string_view text)
{
    Bytes bytes{};
    std::uint32_t bits = 0;
    int held = 0;
    std::size_t written = 0;
    if (text.back() != '=') return std::nullopt;
    for (const char c : text.substr(0, text_length - 1)) {
        const auto value = alphabet.find(c);
        if (value == std::string_view::npos) return std::nullopt;
        bits = (bits << 6) | static_cast<std::uint32_t>(value);
        held += 6;
        if (held < 8) continue;
        held -= 8;
        bytes[written++] = static_cast<std::uint8_t>(bits >> held);
    }
    return (bits & 0x3) == 0 ? std::optional{bytes} : std::nullopt;
}

/// Less than the field's prime, 2^255 - 19.
bool is_reduced(const Bytes& bytes)
{
    Bytes prime{};
    prime.fill(0xff);
    prime.front() = 0xed;
    prime.back() = 0x7f;
    return std::lexicographical_compare(bytes.rbegin(), bytes.rend(), prime.rbegin(), prime.rend());
}

/// The reduced points of order 1, 2, 4 and 8 (https://cr.yp.to/ecdh.html#validate).
bool is_of_small_order(const Bytes& bytes)
{
    static constexpr std::array<Bytes, 5> points{{
        {},
        {1},
        {0xe0, 0xeb, 0x7a, 0x7c, 0x3b, 0x41, 0xb8, 0xae, 0x16, 0x56, 0xe3, 0xfa, 0xf1, 0x9f, 0xc4, 0x6a, 0xda, 0x09, 0x8d, 0xeb, 0x9c, 0x32,
            0xb1, 0xfd, 0x86, 0x62, 0x05, 0x16, 0x5f, 0x49, 0xb8, 0x00},
        {0x5f, 0x9c, 0x95, 0xbc, 0xa3, 0x50, 0x8c, 0x24, 0xb1, 0xd0, 0xb1, 0x55, 0x9c, 0x83, 0xef, 0x5b, 0x04, 0x44, 0x5c, 0xc4, 0x58, 0x1c,
            0x8e, 0x86, 0xd8, 0x22, 0x4e, 0xdd, 0xd0, 0x9f, 0x11, 0x57},
        {0xec, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
            0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f},
    }};
    return std::ranges::find(points, bytes) != points.end();
}

} // namespace

WireguardKeyFault check_wireguard_key(std::string_view text)
{
    if (text.size() != text_length) return WireguardKeyFault::wrong_length;
    const auto bytes = bytes_in(text);
    if (!bytes) return WireguardKeyFault::not_base64;
    if (!is_reduced(*bytes)) return WireguardKeyFault::no_point;
    if (is_of_small_order(*bytes)) return WireguardKeyFault::weak;
    return WireguardKeyFault::none;
}

std::string_view explanation_of(WireguardKeyFault fault)
{
    switch (fault) {
    case WireguardKeyFault::none: return "";
    case WireguardKeyFault::wrong_length: return "must be the 44 characters that `wg pubkey` prints";
    case WireguardKeyFault::not_base64: return "must be base64 as `wg pubkey` prints it: 43 characters of A-Z a-z 0-9 + / and one =";
    case WireguardKeyFault::no_point: return "is no public key; make one: wg genkey | tee private.key | wg pubkey";
    case WireguardKeyFault::weak: return "is a key that protects nothing; make one: wg genkey | tee private.key | wg pubkey";
    }
    throw std::domain_error{"no such fault of a key"};
}

std::optional<WireguardKey> WireguardKey::parse(std::string_view text)
{
    if (check_wireguard_key(text) != WireguardKeyFault::none) return std::nullopt;
    WireguardKey key;
    key.text_ = text;
    return key;
}

} // namespace domain
