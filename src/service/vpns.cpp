#include "service/vpns.h"

#include "domain/refusal.h"
#include "store/job_store.h"
#include "store/vpn_store.h"

namespace service {
namespace {

using domain::Reason;
using domain::Refusal;

domain::Vpn found(std::optional<domain::Vpn> vpn)
{
    if (!vpn) throw Refusal{Reason::not_found, "you have no VPN of this order; GET /vpn lists them"};
    return *std::move(vpn);
}

void require_prefix(const domain::Vpn& vpn)
{
    if (!domain::is_running(vpn.order_status)) throw Refusal{Reason::vpn_not_ready, "the order of this VPN is over; place a new one"};
    if (!vpn.prefix)
        throw Refusal{Reason::vpn_not_ready,
            domain::state_of(vpn) == domain::VpnState::awaiting_payment
                ? "the VPN has no prefix yet: its first invoice is to be paid first; GET /invoices"
                : "the VPN has no prefix yet: who waits longest gets the next one that is free; look again later"};
}

} // namespace

std::vector<domain::Vpn> Vpns::page(domain::MemberId member, std::optional<std::int64_t> before, int limit)
{
    return database_.read([&](store::Session& session) { return store::VpnStore{session}.page(member, before, limit); });
}

domain::Vpn Vpns::read(domain::MemberId member, const domain::Uuid& order)
{
    return found(database_.read([&](store::Session& session) { return store::VpnStore{session}.by_order(member, order); }));
}

domain::Vpn Vpns::read_with_prefix(domain::MemberId member, const domain::Uuid& order)
{
    auto vpn = read(member, order);
    require_prefix(vpn);
    return vpn;
}

domain::Vpn Vpns::set_key(store::Session& session, domain::MemberId member, const domain::Uuid& order, const domain::WireguardKey& key,
    const std::optional<std::string>& expected_version)
{
    store::VpnStore vpns{session};
    const auto vpn = found(vpns.lock(member, order));
    if (expected_version && *expected_version != vpn.version())
        throw Refusal{Reason::changed_meanwhile, "the VPN was changed since you read it; read it again"};
    require_prefix(vpn);
    if (vpn.public_key == key) return vpn;
    if (vpns.is_server_key(key)) throw Refusal{Reason::vpn_key_in_use, "this is the server's key; give the public key of your own machine"};
    if (!vpns.set_key(vpn.order, key))
        throw Refusal{
            Reason::vpn_key_in_use, "another VPN has this key, and each needs its own; make one: wg genkey | tee private.key | wg pubkey"};
    auto changed = found(vpns.by_order(member, order));
    store::JobStore{session}.add(domain::JobKind::vpn_key, order, changed.version());
    return changed;
}

void settle_vpns(store::Session& session, const std::vector<domain::MemberId>& members)
{
    store::JobStore jobs{session};
    for (const auto& [order, version] : store::VpnStore{session}.orders_of(members))
        jobs.add(domain::JobKind::vpn_key, order, "order " + std::to_string(version));
}

} // namespace service
