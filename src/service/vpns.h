#pragma once
#include "domain/vpn.h"
#include "store/database.h"

#include <optional>
#include <string>
#include <vector>

namespace service {

/// A member's VPNs; they are ordered as everything is. Only rows and jobs are written here, the server is the worker's.
class Vpns {
public:
    explicit Vpns(store::Database& database) : database_{database} {}

    /// Newest first.
    std::vector<domain::Vpn> page(domain::MemberId member, std::optional<std::int64_t> before, int limit);

    /// @throws domain::Refusal not_found
    domain::Vpn read(domain::MemberId member, const domain::Uuid& order);

    /// As read(), of a VPN that has its prefix. @throws domain::Refusal vpn_not_ready
    domain::Vpn read_with_prefix(domain::MemberId member, const domain::Uuid& order);

    /// The key is the VPN's from now on, in the place of the one before; the worker tells the server. The same once more changes nothing.
    /// @param expected_version if given, what the VPN's version must be. @throws domain::Refusal not_found, changed_meanwhile,
    /// vpn_not_ready, vpn_key_in_use
    domain::Vpn set_key(store::Session& session, domain::MemberId member, const domain::Uuid& order, const domain::WireguardKey& key,
        const std::optional<std::string>& expected_version = std::nullopt);

private:
    store::Database& database_;
};

/// Lets the worker bring the server to what these members' orders, which have just been suspended or reinstated, entitle them to.
void settle_vpns(store::Session& session, const std::vector<domain::MemberId>& members);

} // namespace service
