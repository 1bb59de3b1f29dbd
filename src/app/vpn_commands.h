#pragma once
#include <ostream>
#include <string>

namespace app {

struct VpnPoolArguments {
    std::string name{};
    std::string prefix{};     ///< "2001:db8::/40"; not for a change
    std::string public_key{}; ///< of the server
    std::string endpoint{};   ///< host:port
    std::string dns{};        ///< addresses with commas between them
};

/// Adds a pool; orders that wait for a prefix are looked at again at once.
/// @throws std::invalid_argument for arguments that make no sense; domain::Refusal vpn_pool_exists if the name or a part of the prefix is
/// in use
void add_vpn_pool(std::ostream& out, const VpnPoolArguments& arguments);

/// What members' configurations say of the server from now on; what is empty stays as it is, and "none" stands for no name servers.
/// @throws domain::Refusal not_found
void change_vpn_pool(std::ostream& out, const VpnPoolArguments& arguments);

/// The pools, with how much of them is given away.
void list_vpn_pools(std::ostream& out);

/// Holds the server's peers against the database and says what differs. @returns the exit status: 0 if nothing does, or it was put right
int sync_vpn(std::ostream& out, bool apply);

} // namespace app
