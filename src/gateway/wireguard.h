#pragma once
#include "domain/vpn_peer.h"
#include "gateway/child_process.h"

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace gateway {

/// What came of a revision. `differs`: the server took the change and has something else all the same; `busy`: somebody else revises;
/// `unknown`: a part of the change may have happened, or may still: revise again.
enum class WireguardAnswer { done, differs, busy, denied, unavailable, unknown };

struct PeerListing {
    WireguardAnswer answer{WireguardAnswer::unknown};
    std::vector<domain::ServerPeer> peers{};
};

/// The server's own public key; empty if nobody can tell here.
struct ServerKey {
    WireguardAnswer answer{WireguardAnswer::unknown};
    std::string key{};
};

/// A WireGuard server and its peers. Calls block up to their deadline and never throw for what the server does.
class Wireguard {
public:
    using Decide = std::function<domain::PeerChange(const std::vector<domain::ServerPeer>&)>;

    virtual ~Wireguard() = default;

    /// Alone with the server, in all processes of this machine: lists its peers, lets `decide` say what is to be changed, changes it, and
    /// compares: `decide` must find nothing more to change in what is listed then. Let it read what is wanted anew each time, so that
    /// who comes last has seen the newest. What it throws comes out.
    WireguardAnswer revise(const Decide& decide);

    virtual PeerListing list() = 0;
    virtual ServerKey server_key() = 0;

private:
    /// A lock that lasts as long as the descriptor, and no longer than its process.
    virtual Descriptor lock_file() = 0;

    /// May be called again with the same change. `held` is the lock, which a child at work keeps when this process dies.
    virtual WireguardAnswer change(const domain::PeerChange& change, const Descriptor& held) = 0;
};

/// An interface of this machine, by the `wg` tool; who made it, the kernel or wireguard-go, is all the same.
/// @param run_directory where its lock file stands
std::unique_ptr<Wireguard> make_wg_tool(const std::string& interface, const std::string& run_directory = "/run/lock");

/// A file with the peers in the form of wg(8), for a server that is somebody else's to configure: `wg addconf`, `wg syncconf`.
std::unique_ptr<Wireguard> make_peer_file(const std::string& file);

} // namespace gateway
