#include "domain/ipv6_prefix.h"

#include <arpa/inet.h>

#include <charconv>
#include <stdexcept>

namespace domain {
namespace {

using Bytes = std::array<std::uint8_t, 16>;

constexpr int address_bits = 128;

bool bit(const Bytes& bytes, int at) { return (bytes[static_cast<std::size_t>(at / 8)] >> (7 - at % 8)) & 1; }

void set_bit(Bytes& bytes, int at) { bytes[static_cast<std::size_t>(at / 8)] |= static_cast<std::uint8_t>(1u << (7 - at % 8)); }

/// Digits without a sign or leading zeros, 0 to 128.
std::optional<int> length_in(std::string_view text)
{
    int length = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), length);
    if (error != std::errc{} || end != text.data() + text.size() || std::to_string(length) != text) return std::nullopt;
    return length >= 0 && length <= address_bits ? std::optional{length} : std::nullopt;
}

std::string address_text(const Bytes& bytes)
{
    char text[INET6_ADDRSTRLEN];
    ::inet_ntop(AF_INET6, bytes.data(), text, sizeof text);
    return text;
}

} // namespace

std::optional<Ipv6Prefix> Ipv6Prefix::parse(std::string_view text)
{
    const auto slash = text.find('/');
    if (slash == std::string_view::npos || text.find('\0') != std::string_view::npos) return std::nullopt;
    Ipv6Prefix prefix;
    const auto length = length_in(text.substr(slash + 1));
    if (!length || ::inet_pton(AF_INET6, std::string{text.substr(0, slash)}.c_str(), prefix.bytes_.data()) != 1) return std::nullopt;
    prefix.length_ = *length;
    for (int at = *length; at < address_bits; ++at)
        if (bit(prefix.bytes_, at)) return std::nullopt;
    return prefix;
}

std::int32_t Ipv6Prefix::parts(int length) const
{
    if (length < length_ || length > address_bits || length - length_ > 30) throw std::out_of_range{"a prefix cannot be cut so"};
    return std::int32_t{1} << (length - length_);
}

Ipv6Prefix Ipv6Prefix::part(int length, std::int32_t number) const
{
    if (number < 0 || number >= parts(length)) throw std::out_of_range{"a prefix has not so many parts"};
    auto part = *this;
    part.length_ = length;
    for (int at = length - 1; number > 0; --at, number >>= 1)
        if (number & 1) set_bit(part.bytes_, at);
    return part;
}

bool Ipv6Prefix::contains(const Ipv6Prefix& other) const
{
    if (other.length_ < length_) return false;
    for (int at = 0; at < length_; ++at)
        if (bit(bytes_, at) != bit(other.bytes_, at)) return false;
    return true;
}

std::string Ipv6Prefix::first_host() const
{
    auto host = bytes_;
    if (length_ < address_bits) set_bit(host, address_bits - 1);
    return address_text(host);
}

std::string Ipv6Prefix::text() const { return address_text(bytes_) + '/' + std::to_string(length_); }

} // namespace domain
