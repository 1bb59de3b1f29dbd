#include "domain/vpn.h"
#include "domain/vpn_peer.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <map>
#include <random>

namespace {

using domain::Ipv6Prefix;
using domain::OrderStatus;
using domain::PeerChange;
using domain::ServerPeer;
using domain::Vpn;
using domain::VpnState;
using domain::WireguardKey;

Ipv6Prefix prefix(const std::string& text) { return Ipv6Prefix::parse(text).value(); }

WireguardKey key(char c) { return WireguardKey::parse(std::string(41, c) + "AA=").value(); }

const WireguardKey first = key('b'), second = key('c'), third = key('d');
const std::string ours{"2001:db8:101::/48"}, theirs{"2001:db8:102::/48"};

Vpn given()
{
    return {.order_uuid = domain::Uuid::parse("01a20dfd-41de-7c03-8f5b-0f64d2c1a7e9").value(),
        .order_status = OrderStatus::active,
        .prefix = prefix(ours),
        .server = domain::VpnServer{third, "vpn.example.ch:51820", "2001:db8:100::53,2001:db8:100::54"}};
}

/// What a server makes of a change: a prefix has one peer, whoever got it last.
void carry_out(std::map<std::string, std::vector<std::string>>& server, const PeerChange& change)
{
    for (const auto& gone : change.removed) server.erase(gone);
    for (const auto& peer : change.set) {
        for (auto& [other, prefixes] : server)
            for (const auto& taken : peer.allowed_ips) std::erase(prefixes, taken);
        server[peer.key] = peer.allowed_ips;
    }
}

std::vector<ServerPeer> listed(const std::map<std::string, std::vector<std::string>>& server)
{
    std::vector<ServerPeer> peers;
    for (const auto& [text, prefixes] : server) peers.push_back({text, prefixes});
    return peers;
}

} // namespace

BOOST_AUTO_TEST_SUITE(vpn)

BOOST_AUTO_TEST_CASE(its_state_is_told_by_order_prefix_and_keys)
{
    Vpn it = given();
    BOOST_TEST((domain::state_of(it) == VpnState::awaiting_key));
    it.public_key = first;
    BOOST_TEST((domain::state_of(it) == VpnState::configuring));
    it.configured_key = second;
    BOOST_TEST((domain::state_of(it) == VpnState::configuring));
    it.configured_key = first;
    BOOST_TEST((domain::state_of(it) == VpnState::active));
    BOOST_TEST((domain::wanted_key(it) == first));
    it.order_status = OrderStatus::suspended;
    BOOST_TEST((domain::state_of(it) == VpnState::suspended));
    BOOST_TEST(!domain::wanted_key(it).has_value());
    it.order_status = OrderStatus::ended;
    BOOST_TEST((domain::state_of(it) == VpnState::ending));
    BOOST_TEST(!domain::wanted_key(it).has_value());
    for (const auto status : {OrderStatus::placed, OrderStatus::awaiting_payment, OrderStatus::provisioning}) {
        Vpn waiting{.order_status = status};
        const bool is_paid = status == OrderStatus::provisioning;
        BOOST_TEST((domain::state_of(waiting) == (is_paid ? VpnState::awaiting_prefix : VpnState::awaiting_payment)));
    }
}

BOOST_AUTO_TEST_CASE(the_configuration_has_all_but_the_private_key)
{
    auto it = given();
    it.public_key = first;
    BOOST_TEST(domain::client_configuration(it)
        == "# IPv6 VPN 01a20dfd-41de-7c03-8f5b-0f64d2c1a7e9, 2001:db8:101::/48\n"
           "# For the private key that belongs to bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbAA=.\n"
           "# Save it as /etc/wireguard/vpn.conf with your private key in it, then: wg-quick up vpn\n"
           "\n"
           "[Interface]\n"
           "PrivateKey = YOUR_PRIVATE_KEY\n"
           "Address = 2001:db8:101::1/128\n"
           "DNS = 2001:db8:100::53,2001:db8:100::54\n"
           "# On a router that hands the prefix on, so that what nobody has of it is not sent to and fro:\n"
           "# PostUp = ip -6 route replace unreachable 2001:db8:101::/48 metric 4096\n"
           "\n"
           "[Peer]\n"
           "PublicKey = dddddddddddddddddddddddddddddddddddddddddAA=\n"
           "Endpoint = vpn.example.ch:51820\n"
           "AllowedIPs = ::/0\n"
           "PersistentKeepalive = 25\n");
}

BOOST_AUTO_TEST_CASE(without_a_key_or_name_servers_it_says_what_is_missing_and_leaves_out_the_rest)
{
    auto it = given();
    it.server->dns = "";
    const auto text = domain::client_configuration(it);
    BOOST_TEST(text.find("PUT /vpn/01a20dfd-41de-7c03-8f5b-0f64d2c1a7e9/key") != std::string::npos);
    BOOST_TEST(text.find("DNS") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(endpoints_are_a_host_and_a_port)
{
    for (const char* good : {"vpn.example.ch:51820", "192.0.2.1:1", "[2001:db8::1]:65535", "a:80"})
        BOOST_TEST(domain::is_endpoint(good), good);
    for (const char* bad : {"", "vpn.example.ch", ":51820", "vpn.example.ch:", "vpn.example.ch:0", "vpn.example.ch:65536",
             "vpn.example.ch:080", "vpn.example.ch:51820\nPostUp = rm", "vpn example.ch:1", "2001:db8::1:51820", "[2001:db8::1]",
             "[2001:db8::/48]:1", "[]:1", "[192.0.2.1]:1", "-x:1", "http://vpn.example.ch:51820"})
        BOOST_TEST(!domain::is_endpoint(bad), bad);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(vpn_peers)

BOOST_AUTO_TEST_CASE(what_is_right_is_let_alone)
{
    BOOST_TEST(domain::change_for(prefix(ours), first, {{first.text(), {ours}}, {second.text(), {theirs}}}).empty());
    BOOST_TEST(domain::change_for(prefix(ours), std::nullopt, {{second.text(), {theirs}}}).empty());
    BOOST_TEST(domain::change_for(prefix(ours), std::nullopt, {{second.text(), {}}}).empty());
}

BOOST_AUTO_TEST_CASE(a_new_key_takes_the_place_of_the_old_one)
{
    const auto change = domain::change_for(prefix(ours), second, {{first.text(), {ours}}});
    BOOST_TEST((change.removed == std::vector{first.text()}));
    BOOST_TEST((change.set == std::vector<ServerPeer>{{second.text(), {ours}}}));
}

BOOST_AUTO_TEST_CASE(a_peer_that_lost_its_prefix_or_has_too_much_is_set_anew)
{
    for (const std::vector<std::string>& allowed : {std::vector<std::string>{}, {theirs}, {ours, theirs}})
        BOOST_TEST(
            (domain::change_for(prefix(ours), first, {{first.text(), allowed}}).set == std::vector<ServerPeer>{{first.text(), {ours}}}));
}

BOOST_AUTO_TEST_CASE(who_has_more_than_the_prefix_keeps_the_rest)
{
    const auto change = domain::change_for(prefix(ours), std::nullopt, {{first.text(), {theirs, ours}}});
    BOOST_TEST(change.removed.empty());
    BOOST_TEST((change.set == std::vector<ServerPeer>{{first.text(), {theirs}}}));
}

BOOST_AUTO_TEST_CASE(strays_of_ours_are_told_from_what_is_somebody_elses)
{
    const auto found = domain::compare_peers({{first, prefix(ours)}},
        {{second.text(), {theirs}}, {third.text(), {"10.0.0.0/8"}}, {key('e').text(), {}}}, {prefix("2001:db8:100::/40")});
    BOOST_TEST(found.missing.size() == 1);
    BOOST_TEST((found.strays == std::vector<ServerPeer>{{second.text(), {theirs}}, {key('e').text(), {}}}));
    BOOST_TEST((found.foreign == std::vector<ServerPeer>{{third.text(), {"10.0.0.0/8"}}}));
}

// S27: whatever the server has, after a change the prefix is the key's alone, another prefix has moved nowhere, and nothing more is to be
// done.
BOOST_AUTO_TEST_CASE(after_any_change_nothing_is_left_to_change)
{
    const auto seed = std::random_device{}();
    BOOST_TEST_CONTEXT("seed " << seed)
    {
        std::mt19937 random{seed};
        const auto pool = prefix("2001:db8:100::/40");
        const std::string letters{"bcdefghijk"};
        for (int round = 0; round < 500; ++round) {
            std::map<std::string, std::vector<std::string>> server;
            for (int number = 1; number <= 8; ++number)
                if (random() % 4) server[key(letters[random() % letters.size()]).text()].push_back(pool.part(48, number).text());
            auto there = server;
            const auto wanted = random() % 3 ? std::optional{key(letters[random() % letters.size()])} : std::nullopt;
            const auto mine = pool.part(48, 1 + static_cast<std::int32_t>(random() % 8));
            carry_out(there, domain::change_for(mine, wanted, listed(there)));
            BOOST_TEST(domain::change_for(mine, wanted, listed(there)).empty());
            for (const auto& [text, prefixes] : there) {
                const bool has_mine = std::ranges::find(prefixes, mine.text()) != prefixes.end();
                BOOST_TEST(has_mine == (wanted && text == wanted->text()));
                if (wanted && text == wanted->text()) continue;
                for (const auto& other : prefixes) BOOST_TEST((std::ranges::find(server[text], other) != server[text].end()));
            }

            std::vector<domain::VpnPeer> all;
            for (std::size_t i = 0; i < letters.size(); i += 1 + random() % 3)
                all.push_back({key(letters[i]), pool.part(48, static_cast<std::int32_t>(i) + 1)});
            carry_out(there, domain::compare_peers(all, listed(there), {pool}).change());
            const auto after = domain::compare_peers(all, listed(there), {pool});
            BOOST_TEST(after.change().empty());
            BOOST_TEST(there.size() == all.size());
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
