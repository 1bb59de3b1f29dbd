#pragma once
#include "gateway/provisioner.h"

#include <string>
#include <vector>

namespace app {

class Section;

/// A product that a program makes. Products that are not named have the driver `storage`: their image, and nothing else.
struct ProductProvisioning {
    std::string product{};
    gateway::ExecProvisionerSettings exec{};
    bool has_image{true};
};

struct ProvisioningSettings {
    std::vector<ProductProvisioning> products{};
    int give_up_days{7}; ///< how long an order waits after its making failed, or for a VPN's prefix; 0: for ever
};

/// The table [provisioning]. @throws std::runtime_error naming what cannot be used
void read_provisioning(Section section, ProvisioningSettings& settings);

} // namespace app
