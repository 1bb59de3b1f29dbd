#include "service/vpn_fulfilment.h"

#include "logging/log.h"
#include "store/job_store.h"
#include "store/order_store.h"
#include "store/vpn_store.h"
#include "store/vpn_waiting_store.h"

#include <stdexcept>

namespace service {
namespace {

using domain::OrderStatus;
using gateway::WireguardAnswer;

constexpr int served_at_once = 250; // each is a job afterwards, and other jobs are to have their turn, too
const std::string actor{"worker"};

/// What the server should have of each active order, and which addresses are ours.
struct Wanted {
    std::vector<store::WantedPeer> peers{};
    std::vector<domain::VpnPool> pools{};
};

domain::PeerComparison compared(const Wanted& wanted, const std::vector<domain::ServerPeer>& there)
{
    std::vector<domain::VpnPeer> peers;
    for (const auto& [order, peer] : wanted.peers) peers.push_back(peer);
    std::vector<domain::Ipv6Prefix> pools;
    for (const auto& pool : wanted.pools) pools.push_back(pool.prefix);
    return domain::compare_peers(peers, there, pools);
}

} // namespace

std::string wireguard_error(WireguardAnswer answer)
{
    switch (answer) {
    case WireguardAnswer::done: return "";
    case WireguardAnswer::differs: return "vpn_server_differs";
    case WireguardAnswer::busy: return "vpn_server_busy";
    case WireguardAnswer::denied: return "vpn_server_denied";
    case WireguardAnswer::unavailable: return "vpn_server_unavailable";
    case WireguardAnswer::unknown: return "vpn_server_unknown";
    }
    throw std::logic_error{"no such answer of a VPN server"};
}

JobReport VpnFulfilment::create(const domain::Uuid& uuid)
{
    const bool is_first_to_wait = database_.transact([&](store::Session& session) {
        store::OrderStore orders{session};
        store::VpnWaitingStore queue{session};
        const auto order = orders.lock(uuid);
        if (!order || !domain::is_entitled_to_prefix(order->status) || queue.lock(order->id)) return false;
        const auto vpn = store::VpnStore{session}.by_order(uuid); // read after the queue: what was taken out of it has its prefix
        if (!vpn) return false;
        if (!vpn->prefix) {
            const bool others_wait = queue.is_anybody_waiting();
            if (others_wait || !store::VpnStore{session}.give_prefix(order->id, clock_.now())) {
                queue.add(order->id, clock_.now());
                orders.note(*order, actor, "waits for a free prefix", clock_.now());
                return !others_wait;
            }
        }
        if (order->status == OrderStatus::provisioning)
            orders.change_status(*order, OrderStatus::active, actor, "its prefix is given", clock_.now());
        return false;
    });
    if (is_first_to_wait) logging::event("error", "vpn_pool_exhausted", {{"order", uuid.text()}, {"remedy", "uncloud vpn pool add"}});
    return {};
}

std::size_t VpnFulfilment::serve_waiting()
{
    return database_.transact([&](store::Session& session) {
        const auto orders = store::VpnWaitingStore{session}.serve(clock_.now(), served_at_once);
        store::JobStore{session}.add(domain::JobKind::vpn_create, orders, "served");
        return orders.size();
    });
}

JobReport VpnFulfilment::settle(const domain::Uuid& uuid)
{
    const auto vpn = read(uuid);
    if (!vpn || !vpn->prefix) return {};
    std::optional<domain::WireguardKey> key;
    auto report = revise(*vpn, key);
    if (report.outcome == JobOutcome::done)
        database_.transact([&](store::Session& session) { store::VpnStore{session}.set_configured(vpn->order, key); });
    return report;
}

JobReport VpnFulfilment::remove(const domain::Uuid& uuid)
{
    const bool is_over = database_.transact([&](store::Session& session) {
        const auto order = store::OrderStore{session}.by_uuid(uuid);
        if (!order || domain::is_running(order->status)) return false;
        store::VpnWaitingStore{session}.remove(order->id);
        return true;
    });
    const auto vpn = is_over ? read(uuid) : std::nullopt;
    if (!vpn || !vpn->prefix) return {};
    std::optional<domain::WireguardKey> none;
    auto report = revise(*vpn, none);
    if (report.outcome == JobOutcome::done)
        database_.transact(
            [&](store::Session& session) { store::VpnStore{session}.release_prefix(vpn->order, clock_.now() + quarantine_); });
    return report;
}

/// `wanted` is the key that the server has after it, if any. A prefix that is not the order's any more is let alone: it may be another's.
JobReport VpnFulfilment::revise(const domain::Vpn& vpn, std::optional<domain::WireguardKey>& wanted)
{
    const auto answer = wireguard_.revise([&](const std::vector<domain::ServerPeer>& peers) {
        const auto now = read(vpn.order_uuid);
        if (!now || now->prefix != vpn.prefix) return domain::PeerChange{};
        wanted = domain::wanted_key(*now);
        return domain::change_for(*vpn.prefix, wanted, peers);
    });
    if (answer == WireguardAnswer::done) return {};
    if (answer == WireguardAnswer::busy) return {JobOutcome::postponed, wireguard_error(answer)};
    return {JobOutcome::again, wireguard_error(answer)};
}

VpnComparison VpnFulfilment::compare(bool apply)
{
    const auto read_wanted = [&] {
        return database_.read([&](store::Session& session) {
            store::VpnStore vpns{session};
            Wanted wanted{.peers = vpns.wanted()};
            for (auto& use : vpns.pools(clock_.now())) wanted.pools.push_back(std::move(use.pool));
            return wanted;
        });
    };
    VpnComparison comparison;
    const auto server = wireguard_.server_key();
    for (const auto& pool : read_wanted().pools)
        if (!server.key.empty() && pool.server.public_key.text() != server.key) comparison.wrong_pools.push_back(pool.name);
    if (!apply) {
        const auto listing = wireguard_.list();
        comparison.answer = listing.answer;
        if (listing.answer == WireguardAnswer::done) comparison.found = compared(read_wanted(), listing.peers);
        return comparison;
    }
    bool is_first = true;
    Wanted wanted;
    comparison.answer = wireguard_.revise([&](const std::vector<domain::ServerPeer>& peers) {
        wanted = read_wanted();
        const auto found = compared(wanted, peers);
        if (std::exchange(is_first, false)) comparison.found = found;
        return found.change();
    });
    if (comparison.answer == WireguardAnswer::done)
        database_.transact([&](store::Session& session) { store::VpnStore{session}.set_configured(wanted.peers); });
    return comparison;
}

std::optional<domain::Vpn> VpnFulfilment::read(const domain::Uuid& order)
{
    return database_.read([&](store::Session& session) { return store::VpnStore{session}.by_order(order); });
}

} // namespace service
