#pragma once
#include "domain/calendar.h"
#include "domain/ipv6_prefix.h"
#include "domain/member.h"
#include "domain/order.h"
#include "domain/uuid.h"
#include "domain/wireguard_key.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace domain {

/// The product that is a prefix over WireGuard.
inline constexpr std::string_view vpn_sku{"ipv6-vpn"};

/// Every VPN gets a /48 (RFC 6177 §2 leaves it to the provider).
inline constexpr int vpn_prefix_length = 48;

/// Where clients connect to.
struct VpnServer {
    WireguardKey public_key{};
    std::string endpoint{}; ///< host:port
    std::string dns{};      ///< addresses with commas between them; may be empty
};

/// A block of addresses that is given away in /48s, its first one excepted.
struct VpnPool {
    std::string name{};
    Ipv6Prefix prefix{};
    VpnServer server{};
};

/// What a member has of its VPN. `awaiting_payment`: it is supplied when its first invoice is paid; `awaiting_prefix`: none is free, or it
/// is just being given; `awaiting_key`: for the member's public key; `configuring`: the server does not have the key yet; `suspended`: the
/// server was told to forget the peer, or is about to be, until it is paid for; `ending`: the order is over, and the prefix about to be
/// taken back.
enum class VpnState { awaiting_payment, awaiting_prefix, awaiting_key, configuring, active, suspended, ending };

std::string_view to_text(VpnState state);

/// A VPN is its order, and from the moment on that it is supplied, its prefix.
struct Vpn {
    OrderId order{};
    Uuid order_uuid{};
    MemberId member{};
    OrderStatus order_status{};
    Instant ordered_at{};
    std::optional<Ipv6Prefix> prefix{};
    std::optional<WireguardKey> public_key{};
    std::optional<WireguardKey> configured_key{}; ///< that the server was last seen to have
    std::optional<Instant> given_at{};            ///< the prefix
    std::optional<VpnServer> server{};
    std::int64_t order_version{0}, prefix_version{0};

    /// Changes whenever anything of it does.
    std::string version() const { return std::to_string(order_version) + '.' + std::to_string(prefix_version); }
};

VpnState state_of(const Vpn& vpn);

/// True once it is paid for, or need not be first, and until it is over: it is to have a prefix.
bool is_entitled_to_prefix(OrderStatus status);

/// The key with which its peer should be at the server: none while the order is not active.
std::optional<WireguardKey> wanted_key(const Vpn& vpn);

/// What a client needs, in the form that wg-quick(8) and the WireGuard apps read, with a placeholder where the private key goes: that one
/// never leaves the member's machine. @throws std::bad_optional_access if there is no prefix yet
std::string client_configuration(const Vpn& vpn);

/// "vpn.example.ch:51820", "192.0.2.1:51820" or "[2001:db8::1]:51820".
bool is_endpoint(std::string_view text);

} // namespace domain
