#include "app/commands.h"

#include "api/table_text.h"
#include "app/app.h"
#include "app/operator.h"
#include "domain/ip_block.h"
#include "domain/refusal.h"
#include "service/vpn_fulfilment.h"
#include "store/audit_store.h"
#include "store/vpn_store.h"
#include "store/vpn_waiting_store.h"

#include <CLI/CLI.hpp>

#include <stdexcept>

namespace app {
namespace {

struct VpnPoolArguments {
    std::string name{};
    std::string prefix{};     ///< "2001:db8::/40"; not for a change
    std::string public_key{}; ///< of the server
    std::string endpoint{};   ///< host:port
    std::string dns{};        ///< addresses with commas between them
};

constexpr int shortest_prefix = 32; // 65,535 VPNs; each is a row

domain::Ipv6Prefix prefix_in(const std::string& text)
{
    const auto prefix = domain::Ipv6Prefix::parse(text);
    if (!prefix || prefix->length() < shortest_prefix || prefix->length() >= domain::vpn_prefix_length)
        throw std::invalid_argument{
            "the prefix must be one of IPv6 of 32 to 47 bits, with nothing behind them, such as 2001:db8:100::/40: " + text};
    return *prefix;
}

domain::WireguardKey key_in(const std::string& text)
{
    const auto key = domain::WireguardKey::parse(text);
    if (!key)
        throw std::invalid_argument{
            "--public-key " + std::string{domain::explanation_of(domain::check_wireguard_key(text))} + " (wg show INTERFACE public-key)"};
    return *key;
}

std::string endpoint_in(const std::string& text)
{
    if (!domain::is_endpoint(text))
        throw std::invalid_argument{"--endpoint must be a host and a port, such as vpn.example.ch:51820 or [2001:db8::1]:51820: " + text};
    return text;
}

std::string dns_in(const std::string& text)
{
    for (std::size_t start = 0; start < text.size();) {
        const auto end = std::min(text.find(',', start), text.size());
        const auto address = text.substr(start, end - start);
        if (address.find('/') != std::string::npos || !domain::IpBlock::parse(address) || end + 1 == text.size())
            throw std::invalid_argument{"--dns must be addresses with commas between them: " + text};
        start = end + 1;
    }
    return text;
}

std::string told(const domain::ServerPeer& peer)
{
    std::string text = peer.key;
    for (const auto& prefix : peer.allowed_ips) text += ' ' + prefix;
    return peer.allowed_ips.empty() ? text + " (no allowed IPs)" : text;
}

void tell(std::ostream& out, const service::VpnComparison& comparison, bool apply)
{
    for (const auto& pool : comparison.wrong_pools)
        out << "wrong key  pool " << pool << ": members are told another public key than the server's; uncloud vpn pool change\n";
    for (const auto& peer : comparison.found.missing)
        out << (apply ? "set        " : "missing    ") << peer.key.text() << ' ' << peer.prefix.text() << '\n';
    for (const auto& peer : comparison.found.strays) out << (apply ? "removed    " : "stray      ") << told(peer) << '\n';
    for (const auto& peer : comparison.found.foreign) out << "foreign    " << told(peer) << ", left alone\n";
}

/// Adds a pool; orders that wait for a prefix are looked at again at once.
/// @throws std::invalid_argument for arguments that make no sense; domain::Refusal vpn_pool_exists if the name or a part of the prefix is
/// in use
void add_vpn_pool(std::ostream& out, const VpnPoolArguments& arguments)
{
    App app{"uncloud", std::chrono::minutes{2}};
    const domain::VpnPool pool{arguments.name, prefix_in(arguments.prefix),
        {key_in(arguments.public_key), endpoint_in(arguments.endpoint), dns_in(arguments.dns)}};
    app.database.transact([&](store::Session& session) {
        if (!store::VpnStore{session}.add_pool(pool, app.clock->now()))
            throw domain::Refusal{domain::Reason::vpn_pool_exists,
                "there is a pool of this name, or one that has a part of this prefix, already: uncloud vpn pool list"};
        store::AuditStore{session}.add({.at = app.clock->now(),
            .actor = operator_name(),
            .action = "vpn_pool.add",
            .subject = pool.name,
            .detail = pool.prefix.text() + " at " + pool.server.endpoint});
    });
    out << "the pool " << pool.name << " has " << pool.prefix.parts(domain::vpn_prefix_length) - 1 << " prefixes to give away\n";
}

/// What members' configurations say of the server from now on; what is empty stays as it is, and "none" stands for no name servers.
/// @throws domain::Refusal not_found
void change_vpn_pool(std::ostream& out, const VpnPoolArguments& arguments)
{
    App app{"uncloud"};
    app.database.transact([&](store::Session& session) {
        store::VpnStore vpns{session};
        for (auto& use : vpns.pools(app.clock->now())) {
            if (use.pool.name != arguments.name) continue;
            auto server = use.pool.server;
            if (!arguments.public_key.empty()) server.public_key = key_in(arguments.public_key);
            if (!arguments.endpoint.empty()) server.endpoint = endpoint_in(arguments.endpoint);
            if (!arguments.dns.empty()) server.dns = arguments.dns == "none" ? "" : dns_in(arguments.dns);
            vpns.change_server(arguments.name, server);
            store::AuditStore{session}.add({.at = app.clock->now(),
                .actor = operator_name(),
                .action = "vpn_pool.change",
                .subject = arguments.name,
                .detail = server.public_key.text() + " at " + server.endpoint});
            return;
        }
        throw domain::Refusal{domain::Reason::not_found, "there is no pool " + arguments.name + "; uncloud vpn pool list"};
    });
    out << "members of the pool " << arguments.name << " get the new configuration when they download it again\n";
}

/// The pools, with how much of them is given away.
void list_vpn_pools(std::ostream& out)
{
    App app{"uncloud"};
    store::Table table{.columns = {"pool", "prefix", "endpoint", "public_key", "dns", "given", "quarantined", "free"},
        .numeric = {false, false, false, false, false, true, true, true}};
    const auto [pools, queue] = app.database.read([&](store::Session& session) {
        return std::pair{store::VpnStore{session}.pools(app.clock->now()), store::VpnWaitingStore{session}.queue()};
    });
    for (const auto& [pool, given, quarantined, free] : pools)
        table.rows.push_back({pool.name, pool.prefix.text(), pool.server.endpoint, pool.server.public_key.text(), pool.server.dns,
            std::to_string(given), std::to_string(quarantined), std::to_string(free)});
    out << api::plain_of(table);
    if (queue.orders > 0)
        out << queue.orders << (queue.orders == 1 ? " order waits" : " orders wait") << " for a free prefix, the first since "
            << domain::to_text(*queue.since) << ": uncloud report vpn-waiting, uncloud vpn pool add\n";
}

/// Holds the server's peers against the database and says what differs. @returns the exit status: 0 if nothing does, or it was put right
int sync_vpn(std::ostream& out, bool apply)
{
    App app{"uncloud", std::chrono::minutes{2}};
    const auto wireguard = app.wireguard();
    service::VpnFulfilment vpns{app.database, *wireguard, *app.clock, app.config.vpn.quarantine};
    const auto comparison = vpns.compare(apply);
    tell(out, comparison, apply);
    if (comparison.answer != gateway::WireguardAnswer::done) {
        out << "the server could not be " << (apply ? "put right" : "asked") << ": " << service::wireguard_error(comparison.answer) << '\n';
        return EXIT_FAILURE;
    }
    const auto change = comparison.found.change();
    if (apply && !change.empty()) {
        app.database.transact([&](store::Session& session) {
            store::AuditStore{session}.add({.at = app.clock->now(),
                .actor = operator_name(),
                .action = "vpn.sync",
                .subject = "wireguard",
                .detail = std::to_string(change.set.size()) + " set, " + std::to_string(change.removed.size()) + " removed"});
        });
    }
    if (change.empty() && comparison.wrong_pools.empty()) out << "the server has what the database says\n";
    return comparison.wrong_pools.empty() && (apply || change.empty()) ? EXIT_SUCCESS : EXIT_FAILURE;
}

} // namespace

void add_vpn_commands(CLI::App& cli, std::ostream& out, int& status)
{
    static VpnPoolArguments pool;
    static bool apply = false;

    auto* vpn = cli.add_subcommand("vpn", "IPv6 VPNs over WireGuard")->require_subcommand(1);
    auto* sync = vpn->add_subcommand("sync", "hold the server's peers against the database; exit status 1 if they differ");
    sync->add_flag("--apply", apply, "put them right: set what is missing, remove strays in our pools");
    sync->callback([&] { status = sync_vpn(out, apply); });
    auto* pools = vpn->add_subcommand("pool", "the blocks of addresses that are given away as /48s")->require_subcommand(1);
    pools->add_subcommand("list", "all, in the order in which they are given away")->callback([&out] { list_vpn_pools(out); });
    auto* add = pools->add_subcommand("add", "a block behind the WireGuard server; its first /48 stays yours");
    auto* change = pools->add_subcommand("change", "what members are told of the server");
    for (auto* command : {add, change}) {
        const bool is_new = command == add;
        command->add_option("name", pool.name)->required()->check([](const std::string& name) {
            return name.empty() || name.size() > 64 ? std::string{"1 to 64 characters"} : std::string{};
        });
        if (is_new) command->add_option("prefix", pool.prefix, "such as 2001:db8:100::/40")->required();
        command->add_option("--public-key", pool.public_key, "of the server: wg show INTERFACE public-key")->required(is_new);
        command->add_option("--endpoint", pool.endpoint, "where clients find it, HOST:PORT")->required(is_new);
        command->add_option("--dns", pool.dns, is_new ? "name servers for clients, ADDRESS,ADDRESS" : "name servers for clients, or none");
    }
    add->callback([&out] { add_vpn_pool(out, pool); });
    change->callback([&out] { change_vpn_pool(out, pool); });
}

} // namespace app
