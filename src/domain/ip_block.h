#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace domain {

/// A range of IP addresses, "192.0.2.0/24" or "2001:db8::/32". An address of IPv4 that comes as one of IPv6 is the former.
class IpBlock {
public:
    /// An address alone is a block of one. Bits behind the mask are dropped. nullopt: it is none.
    static std::optional<IpBlock> parse(std::string_view text);

    /// False, too, if the text is no address.
    bool contains(std::string_view address) const;

    /// In its canonical form, always with the mask.
    std::string text() const;

    friend bool operator==(const IpBlock&, const IpBlock&) = default;

private:
    std::array<std::uint8_t, 16> bytes_{};
    int bits_{0}; ///< of the address as one of IPv6
    bool ipv4_{false};
};

/// One block a line, and back. @throws std::invalid_argument for a line that is none
std::string to_text(std::span<const IpBlock> blocks);
std::vector<IpBlock> ip_blocks_of(std::string_view text);

} // namespace domain
