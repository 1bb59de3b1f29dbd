#pragma once
#include "gateway/ovh_client.h"
#include "gateway/supplier.h"

#include <memory>
#include <string>

namespace gateway {

/// A supplier that is ordered from by the OVH API: OVH, or whoever serves the same. `subsidiary` decides currency and catalogue.
std::unique_ptr<Supplier> make_ovh_supplier(OvhSettings settings, std::string subsidiary);

} // namespace gateway
