#include "domain/vpn_peer.h"

#include <algorithm>
#include <map>

namespace domain {
namespace {

bool has(const ServerPeer& peer, const std::string& prefix)
{
    return std::ranges::find(peer.allowed_ips, prefix) != peer.allowed_ips.end();
}

ServerPeer wanted_form(const VpnPeer& peer) { return {peer.key.text(), {peer.prefix.text()}}; }

/// One without allowed IPs lost them to another, or was made by a call that did not end.
bool is_in_pools(const ServerPeer& peer, const std::vector<Ipv6Prefix>& pools)
{
    if (peer.allowed_ips.empty()) return true;
    return std::ranges::any_of(peer.allowed_ips, [&](const std::string& text) {
        const auto prefix = Ipv6Prefix::parse(text);
        return prefix && std::ranges::any_of(pools, [&](const Ipv6Prefix& pool) { return pool.contains(*prefix); });
    });
}

} // namespace

PeerChange change_for(const Ipv6Prefix& prefix, const std::optional<WireguardKey>& key, const std::vector<ServerPeer>& peers)
{
    PeerChange change;
    const auto text = prefix.text();
    bool is_set = !key;
    for (const auto& peer : peers) {
        if (key && peer.key == key->text()) {
            is_set = peer.allowed_ips == std::vector{text};
        } else if (has(peer, text)) {
            auto rest = peer;
            std::erase(rest.allowed_ips, text);
            if (rest.allowed_ips.empty()) change.removed.push_back(peer.key);
            else change.set.push_back(std::move(rest));
        }
    }
    if (!is_set) change.set.push_back({key->text(), {text}});
    return change;
}

PeerComparison compare_peers(const std::vector<VpnPeer>& wanted, const std::vector<ServerPeer>& peers, const std::vector<Ipv6Prefix>& pools)
{
    std::map<std::string, ServerPeer> there;
    for (const auto& peer : peers) there[peer.key] = peer;
    PeerComparison comparison;
    for (const auto& peer : wanted) {
        const auto node = there.extract(peer.key.text());
        if (node.empty() || node.mapped() != wanted_form(peer)) comparison.missing.push_back(peer);
    }
    for (auto& [key, peer] : there) (is_in_pools(peer, pools) ? comparison.strays : comparison.foreign).push_back(std::move(peer));
    return comparison;
}

PeerChange PeerComparison::change() const
{
    PeerChange change;
    for (const auto& peer : strays) change.removed.push_back(peer.key);
    for (const auto& peer : missing) change.set.push_back(wanted_form(peer));
    return change;
}

} // namespace domain
