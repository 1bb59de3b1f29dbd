#include "domain/vpn.h"

#include "domain/ip_block.h"

#include <algorithm>
#include <charconv>
#include <stdexcept>

namespace domain {
namespace {

bool is_host_name(std::string_view text)
{
    const auto allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
    };
    return !text.empty() && text.size() <= 200 && text.front() != '-' && text.front() != '.' && std::ranges::all_of(text, allowed);
}

bool is_port(std::string_view text)
{
    unsigned port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    return error == std::errc{} && end == text.data() + text.size() && port >= 1 && port <= 65535 && text.front() != '0';
}

} // namespace

std::string_view to_text(VpnState state)
{
    switch (state) {
    case VpnState::awaiting_payment: return "awaiting_payment";
    case VpnState::awaiting_prefix: return "awaiting_prefix";
    case VpnState::awaiting_key: return "awaiting_key";
    case VpnState::configuring: return "configuring";
    case VpnState::active: return "active";
    case VpnState::suspended: return "suspended";
    case VpnState::ending: return "ending";
    }
    throw std::domain_error{"no such state of a VPN"};
}

VpnState state_of(const Vpn& vpn)
{
    if (!is_running(vpn.order_status)) return VpnState::ending;
    if (!vpn.prefix) return is_entitled_to_prefix(vpn.order_status) ? VpnState::awaiting_prefix : VpnState::awaiting_payment;
    if (vpn.order_status == OrderStatus::suspended) return VpnState::suspended;
    if (!vpn.public_key) return VpnState::awaiting_key;
    return vpn.public_key == vpn.configured_key ? VpnState::active : VpnState::configuring;
}

bool is_entitled_to_prefix(OrderStatus status)
{
    return is_running(status) && status != OrderStatus::placed && status != OrderStatus::awaiting_payment;
}

std::optional<WireguardKey> wanted_key(const Vpn& vpn) { return vpn.order_status == OrderStatus::active ? vpn.public_key : std::nullopt; }

std::string client_configuration(const Vpn& vpn)
{
    const auto& prefix = vpn.prefix.value();
    const auto& server = vpn.server.value();
    const auto order = vpn.order_uuid.text();
    std::string text{"# IPv6 VPN " + order + ", " + prefix.text() + "\n"};
    if (vpn.public_key) text += "# For the private key that belongs to " + vpn.public_key->text() + ".\n";
    else text += "# No public key is registered yet: wg genkey | tee private.key | wg pubkey, then PUT /vpn/" + order + "/key.\n";
    text += "# Save it as /etc/wireguard/vpn.conf with your private key in it, then: wg-quick up vpn\n\n"
            "[Interface]\n"
            "PrivateKey = YOUR_PRIVATE_KEY\n"
            "Address = "
        + prefix.first_host() + "/128\n";
    if (!server.dns.empty()) text += "DNS = " + server.dns + "\n";
    text += "# On a router that hands the prefix on, so that what nobody has of it is not sent to and fro:\n"
            "# PostUp = ip -6 route replace unreachable "
        + prefix.text() + " metric 4096\n\n"
        + "[Peer]\n"
          "PublicKey = "
        + server.public_key.text() + "\nEndpoint = " + server.endpoint
        + "\nAllowedIPs = ::/0\n"
          "PersistentKeepalive = 25\n";
    return text;
}

bool is_endpoint(std::string_view text)
{
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos || colon == 0 || colon + 1 == text.size() || !is_port(text.substr(colon + 1))) return false;
    const auto host = text.substr(0, colon);
    if (host.front() != '[') return is_host_name(host);
    if (host.back() != ']' || host.find(':') == std::string_view::npos || host.find('/') != std::string_view::npos) return false;
    return IpBlock::parse(host.substr(1, host.size() - 2)).has_value();
}

} // namespace domain
