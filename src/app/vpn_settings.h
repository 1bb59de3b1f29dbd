#pragma once
#include <chrono>
#include <string>

namespace app {

class Section;

/// `wg`: an interface of the worker's machine; `file`: a file that the machine with the interface takes its peers from.
enum class VpnDriver { wg, file };

struct VpnSettings {
    VpnDriver driver{VpnDriver::wg};
    std::string interface {
        "wg0"
    };
    std::string file{};
    std::chrono::days quarantine{30}; ///< how long nobody gets a prefix that was somebody's
};

/// The table [vpn]: where the peers of VPNs go. @throws std::runtime_error naming what cannot be used
void read_vpn(Section section, VpnSettings& vpn);

} // namespace app
