#pragma once
#include "fake/till.h"
#include "store/vpn_store.h"

#include <random>
#include <string>

namespace fake {

inline const std::string key_alphabet{"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"};

/// A public key that nobody has yet: any reduced 32 bytes will do where no handshake follows.
inline domain::WireguardKey new_key()
{
    static thread_local std::random_device random;
    while (true) {
        std::string text(44, '=');
        for (std::size_t i = 0; i < 43; ++i) text[i] = key_alphabet[random() % 64];
        text[42] = key_alphabet[4 * (random() % 16)];
        if (auto key = domain::WireguardKey::parse(text)) return *std::move(key);
    }
}

/// A pool that only this case gives away: all others are used up for as long as it lives.
class OwnPool {
public:
    explicit OwnPool(const std::string& prefix) : name{new_name()}
    {
        change("DELETE FROM vpn_waiting");
        change("UPDATE vpn_prefixes SET quarantined_until = '2999-01-01' WHERE order_id IS NULL AND quarantined_until = '2000-01-01'");
        const domain::VpnPool pool{name, domain::Ipv6Prefix::parse(prefix).value(), {server_key, "vpn.example.ch:51820", ""}};
        in_transaction([&](store::Session& session) {
            if (!store::VpnStore{session}.add_pool(pool, monday)) throw std::runtime_error{"the case's pool overlaps another one's"};
        });
    }
    ~OwnPool()
    {
        change("DELETE v FROM vpn_prefixes v JOIN vpn_pools p ON p.id = v.pool_id WHERE p.name = ?", name);
        change("DELETE FROM vpn_pools WHERE name = ?", name);
        change("UPDATE vpn_prefixes SET quarantined_until = '2000-01-01' WHERE quarantined_until = '2999-01-01'");
        change("DELETE FROM vpn_waiting");
    }
    OwnPool(const OwnPool&) = delete;
    OwnPool& operator=(const OwnPool&) = delete;

    std::int64_t given() const
    {
        return count(
            "SELECT COUNT(*) FROM vpn_prefixes v JOIN vpn_pools p ON p.id = v.pool_id WHERE p.name = ? AND v.order_id IS NOT NULL", name);
    }

    const std::string name;
    const domain::WireguardKey server_key = new_key();
};

/// An order of a VPN by the member, ordered on monday.
inline domain::Order vpn_order(domain::MemberId member, domain::OrderStatus status = domain::OrderStatus::provisioning)
{
    auto order = machine_order(member);
    order.sku = std::string{domain::vpn_sku};
    order.parameters = {};
    order.status = status;
    return order;
}

/// The shop with a pool of seven prefixes, 2001:db8:1:: to 2001:db8:7::.
struct VpnDesk : Till {
    OwnPool pool{"2001:db8::/45"};

    domain::Order new_vpn() { return added(vpn_order(nico.member)); }
    domain::Order given_vpn()
    {
        const auto order = new_vpn();
        vpns_work.create(order.uuid);
        return order;
    }
    domain::Order configured_vpn(const domain::WireguardKey& key)
    {
        const auto order = given_vpn();
        set_key(order, key);
        vpns_work.settle(order.uuid);
        return order;
    }
    domain::Vpn set_key(const domain::Order& order, const domain::WireguardKey& key)
    {
        return in_transaction([&](store::Session& session) { return vpns.set_key(session, order.member, order.uuid, key); });
    }
    void end(const domain::Order& order)
    {
        fake::change("UPDATE orders SET status = 'ended', version = version + 1 WHERE uuid = ?", order.uuid);
        orders_work.end(order.uuid);
    }
    static std::string prefix_of(const domain::Order& order)
    {
        return text("SELECT COALESCE((SELECT prefix FROM vpn_prefixes WHERE order_id = ?), 'none')", number(order.id));
    }
    domain::VpnState state(const domain::Order& order) { return domain::state_of(vpns.read(order.member, order.uuid)); }
};

} // namespace fake
