#include "domain/ip_block.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <stdexcept>

namespace domain {
namespace {

using Bytes = std::array<std::uint8_t, 16>;

constexpr int mapped_bits = 96; // ::ffff:0:0/96 holds the addresses of IPv4 (RFC 4291 §2.5.5.2)

bool is_mapped(const Bytes& bytes)
{
    return std::all_of(bytes.begin(), bytes.begin() + 10, [](auto byte) { return byte == 0; }) && bytes[10] == 0xff && bytes[11] == 0xff;
}

std::optional<Bytes> address_in(std::string_view text)
{
    const std::string copy{text};
    Bytes bytes{};
    if (::inet_pton(AF_INET6, copy.c_str(), bytes.data()) == 1) return bytes;
    if (::inet_pton(AF_INET, copy.c_str(), bytes.data() + 12) != 1) return std::nullopt;
    bytes[10] = bytes[11] = 0xff;
    return bytes;
}

void clear_behind(Bytes& bytes, int bits)
{
    for (int i = 0; i < 16; ++i) {
        const int kept = std::clamp(bits - 8 * i, 0, 8);
        auto& byte = bytes[static_cast<std::size_t>(i)];
        byte = static_cast<std::uint8_t>(byte & (0xff00 >> kept));
    }
}

/// Digits without a sign or leading zeros.
std::optional<int> mask_in(std::string_view text)
{
    int bits = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), bits);
    if (error != std::errc{} || end != text.data() + text.size() || std::to_string(bits) != text || bits < 0) return std::nullopt;
    return bits;
}

} // namespace

std::optional<IpBlock> IpBlock::parse(std::string_view text)
{
    const auto slash = text.find('/');
    const auto address = text.substr(0, slash);
    const auto bytes = address_in(address);
    if (!bytes || text.find('\0') != std::string_view::npos) return std::nullopt;

    const bool dotted = address.find(':') == std::string_view::npos;
    const int width = dotted ? 32 : 128;
    const auto mask = slash == std::string_view::npos ? std::optional{width} : mask_in(text.substr(slash + 1));
    if (!mask || *mask > width) return std::nullopt;

    IpBlock block;
    block.bytes_ = *bytes;
    block.bits_ = dotted ? *mask + mapped_bits : *mask;
    block.ipv4_ = is_mapped(*bytes) && block.bits_ >= mapped_bits;
    clear_behind(block.bytes_, block.bits_);
    return block;
}

bool IpBlock::contains(std::string_view address) const
{
    auto bytes = address_in(address);
    if (!bytes || is_mapped(*bytes) != ipv4_) return false;
    clear_behind(*bytes, bits_);
    return *bytes == bytes_;
}

std::string IpBlock::text() const
{
    char text[INET6_ADDRSTRLEN];
    if (ipv4_) ::inet_ntop(AF_INET, bytes_.data() + 12, text, sizeof text);
    else ::inet_ntop(AF_INET6, bytes_.data(), text, sizeof text);
    return std::string{text} + '/' + std::to_string(ipv4_ ? bits_ - mapped_bits : bits_);
}

std::string to_text(std::span<const IpBlock> blocks)
{
    std::string text;
    for (const auto& block : blocks) text += (text.empty() ? "" : "\n") + block.text();
    return text;
}

std::vector<IpBlock> ip_blocks_of(std::string_view text)
{
    std::vector<IpBlock> blocks;
    while (!text.empty()) {
        const auto line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(text.size(), line.size() + 1));
        const auto block = IpBlock::parse(line);
        if (!block) throw std::invalid_argument{"no block of IP addresses"};
        blocks.push_back(*block);
    }
    return blocks;
}

} // namespace domain
