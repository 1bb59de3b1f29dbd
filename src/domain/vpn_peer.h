#pragma once
#include "domain/ipv6_prefix.h"
#include "domain/wireguard_key.h"

#include <optional>
#include <string>
#include <vector>

namespace domain {

/// A VPN's key and the prefix that is its alone.
struct VpnPeer {
    WireguardKey key{};
    Ipv6Prefix prefix{};
};

/// A peer as a WireGuard server has it; several allowed IPs, or none, are possible there.
struct ServerPeer {
    std::string key{};
    std::vector<std::string> allowed_ips{};

    friend bool operator==(const ServerPeer&, const ServerPeer&) = default;
};

/// What is to be done about a server's peers: first those that go, then what each of the others is to be allowed, no more and no less.
struct PeerChange {
    std::vector<std::string> removed{};
    std::vector<ServerPeer> set{};

    bool empty() const { return removed.empty() && set.empty(); }
};

/// What makes the prefix the key's alone, or nobody's if there is no key. WireGuard takes a prefix from a peer without a word when another
/// one gets it, so whoever else has it is looked for; who has more than that keeps the rest.
PeerChange change_for(const Ipv6Prefix& prefix, const std::optional<WireguardKey>& key, const std::vector<ServerPeer>& peers);

/// What a server has against what it should have.
struct PeerComparison {
    std::vector<VpnPeer> missing{};    ///< wanted, and not there, or with other allowed IPs
    std::vector<ServerPeer> strays{};  ///< there, in one of our pools or without any allowed IPs, and wanted by nobody
    std::vector<ServerPeer> foreign{}; ///< there, outside our pools: somebody else's, never touched

    /// Brings the wanted ones about and removes the strays.
    PeerChange change() const;
};

PeerComparison compare_peers(
    const std::vector<VpnPeer>& wanted, const std::vector<ServerPeer>& peers, const std::vector<Ipv6Prefix>& pools);

} // namespace domain
