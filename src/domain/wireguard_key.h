#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace domain {

/// Why a text is no public key of WireGuard: one value per cause, in the order they are checked. `no_point`: 32 bytes that no `wg pubkey`
/// ever makes; `weak`: a point of small order (RFC 7748 §6.1), with which everybody knows the shared secret.
enum class WireguardKeyFault { none, wrong_length, not_base64, no_point, weak };

WireguardKeyFault check_wireguard_key(std::string_view text);

/// What is wrong, and what to do about it; for people.
std::string_view explanation_of(WireguardKeyFault fault);

/// A public key of WireGuard: 32 bytes, a point of Curve25519, in the one form of base64 that stands for them (RFC 4648 §4, 44
/// characters). Two texts are therefore two keys.
class WireguardKey {
public:
    /// nullopt: it is none; check_wireguard_key() says why.
    static std::optional<WireguardKey> parse(std::string_view text);

    const std::string& text() const noexcept { return text_; }

    friend auto operator<=>(const WireguardKey&, const WireguardKey&) = default;

private:
    std::string text_{};
};

} // namespace domain
