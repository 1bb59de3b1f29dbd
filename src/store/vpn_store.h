#pragma once
#include "domain/vpn.h"
#include "domain/vpn_peer.h"
#include "store/database.h"

#include <optional>
#include <string>
#include <vector>

namespace store {

/// How much of a pool is where.
struct PoolUse {
    domain::VpnPool pool{};
    std::int64_t given{0}, quarantined{0}, free{0};
};

/// What the server should have for an order's prefix.
struct WantedPeer {
    domain::OrderId order{};
    domain::VpnPeer peer{};
};

/// Rows of `vpn_pools` and `vpn_prefixes`. A VPN is an order of its product, with or without a prefix.
class VpnStore {
public:
    explicit VpnStore(Session& session) : session_{session} {}

    /// Adds the pool with all its prefixes but the first. Returns false if the name, or one of the prefixes, is there already.
    bool add_pool(const domain::VpnPool& pool, domain::Instant now);

    /// Other clients' configurations from now on. Returns false if there is no such pool.
    bool change_server(const std::string& pool, const domain::VpnServer& server);

    /// In the order in which they are given away; `now` tells which prefixes are still in quarantine.
    std::vector<PoolUse> pools(domain::Instant now);

    /// The member's VPNs, newest first; those that are over and taken back are left out.
    std::vector<domain::Vpn> page(domain::MemberId member, std::optional<std::int64_t> before, int limit);
    std::optional<domain::Vpn> by_order(domain::MemberId member, const domain::Uuid& order);

    /// As by_order; competitors, and whoever changes the order, wait.
    std::optional<domain::Vpn> lock(domain::MemberId member, const domain::Uuid& order);

    /// For the worker, whose VPNs are everybody's.
    std::optional<domain::Vpn> by_order(const domain::Uuid& order);

    /// Gives the order a prefix that never was anybody's, the lowest number of the oldest pool that has one; else the one whose quarantine
    /// is over longest. Returns false if there is none. @throws Conflict if others are just taking all that there are
    bool give_prefix(domain::OrderId order, domain::Instant now);

    /// The order's prefix is nobody's from now on, and not given away until then. Its key may be another VPN's.
    void release_prefix(domain::OrderId order, domain::Instant quarantined_until);

    /// Returns false if another VPN has the key.
    bool set_key(domain::OrderId order, const domain::WireguardKey& key);

    /// True if the key is a server's.
    bool is_server_key(const domain::WireguardKey& key);

    /// Notes what the server was seen to have for the prefix.
    void set_configured(domain::OrderId order, const std::optional<domain::WireguardKey>& key);

    /// All peers that the server should have: those of active orders.
    std::vector<WantedPeer> wanted();

    /// Notes that the server was seen to have these, and no others.
    void set_configured(const std::vector<WantedPeer>& peers);

    /// The orders with a prefix of these members, and how often they were changed.
    struct VersionedOrder {
        domain::Uuid uuid{};
        std::int64_t version{0};
    };
    std::vector<VersionedOrder> orders_of(const std::vector<domain::MemberId>& members);

private:
    Session& session_;
};

} // namespace store
