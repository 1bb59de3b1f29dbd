#pragma once
#include "domain/vpn.h"
#include "gateway/clock.h"
#include "gateway/wireguard.h"
#include "service/job_report.h"
#include "store/database.h"

#include <chrono>
#include <optional>
#include <string>

namespace service {

/// What an operator is told of the server and the database, before anything was changed.
struct VpnComparison {
    gateway::WireguardAnswer answer{gateway::WireguardAnswer::unknown};
    domain::PeerComparison found{};
    std::vector<std::string> wrong_pools{}; ///< whose clients look for a server with another key
};

/// The worker's side of VPNs. All jobs may run twice and be cut off anywhere: what the server should have is read from the database each
/// time, alone with the server.
class VpnFulfilment {
public:
    VpnFulfilment(store::Database& database, gateway::Wireguard& wireguard, gateway::Clock& clock, std::chrono::days quarantine)
        : database_{database}, wireguard_{wireguard}, clock_{clock}, quarantine_{quarantine}
    {
    }

    /// Gives the order its prefix, and makes it active. Without a free one, or behind others who wait for one, it waits from then on, which
    /// costs nothing: serve_waiting() comes for it.
    JobReport create(const domain::Uuid& order);

    /// Gives prefixes that have become free to the orders that wait, first come, first served, and lets them be made active. A bounded
    /// number at once. @returns how many were served
    std::size_t serve_waiting();

    /// Brings the server to what the order entitles to: the peer with its present key, or none.
    JobReport settle(const domain::Uuid& order);

    /// Takes the peer of an order that is over off the server, and then the prefix into quarantine.
    JobReport remove(const domain::Uuid& order);

    /// Holds all peers against the database; with `apply` the wanted ones are brought about and strays in our pools removed.
    VpnComparison compare(bool apply);

private:
    std::optional<domain::Vpn> read(const domain::Uuid& order);
    JobReport revise(const domain::Vpn& vpn, std::optional<domain::WireguardKey>& wanted);

    store::Database& database_;
    gateway::Wireguard& wireguard_;
    gateway::Clock& clock_;
    std::chrono::days quarantine_;
};

/// The slug under which operators see what the server said.
std::string wireguard_error(gateway::WireguardAnswer answer);

} // namespace service
