#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace domain {

/// A block of IPv6 addresses, "2001:db8:100::/40".
class Ipv6Prefix {
public:
    /// nullopt: it is none, it has no length, or bits behind its length.
    static std::optional<Ipv6Prefix> parse(std::string_view text);

    int length() const noexcept { return length_; }

    /// How many prefixes of that length it has. @throws std::out_of_range if it is longer itself, or there are 2^31 or more
    std::int32_t parts(int length) const;

    /// Its `number`-th prefix of that length, from 0 on. @throws std::out_of_range
    Ipv6Prefix part(int length, std::int32_t number) const;

    bool contains(const Ipv6Prefix& other) const;

    /// Its first address but for the one that stands for the routers of a network (RFC 4291 §2.6.1): "2001:db8:100::1".
    std::string first_host() const;

    /// In its canonical form (RFC 5952).
    std::string text() const;

    friend bool operator==(const Ipv6Prefix&, const Ipv6Prefix&) = default;

private:
    std::array<std::uint8_t, 16> bytes_{};
    int length_{0};
};

} // namespace domain
