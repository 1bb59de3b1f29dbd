#include "app/vpn_settings.h"

#include "app/config_section.h"

namespace app {
namespace {

bool is_interface(const std::string& name)
{
    return !name.empty() && name.size() <= 15 && name.front() != '-' && name != "." && name != ".."
        && name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_=+.-") == std::string::npos;
}

} // namespace

void read_vpn(Section section, VpnSettings& vpn)
{
    vpn.driver = section.choice("driver", "wg", {"wg", "file"}) == "wg" ? VpnDriver::wg : VpnDriver::file;
    section.read("interface", vpn.interface);
    section.read("file", vpn.file);
    int days = static_cast<int>(vpn.quarantine.count());
    section.read("quarantine_days", days);
    vpn.quarantine = std::chrono::days{days};
    section.finish();
    if (!is_interface(vpn.interface))
        section.fail("interface", "must be the name of a network interface: at most 15 characters, such as wg0");
    if (vpn.driver == VpnDriver::file && !vpn.file.starts_with('/')) section.fail("file", "must be the path of the file, beginning with /");
}

} // namespace app
