#pragma once
#include "gateway/ovh_client.h"
#include "gateway/supplier.h"

#include <string>

namespace gateway {

/// Reads the public catalogues of dedicated servers, baremetalServers and eco; of those that are not there the old formatted/dedicated,
/// which tells monthly prices and no configurations.
SupplierReply<domain::SupplierCatalogue> read_ovh_catalogue(OvhClient& client, const std::string& subsidiary);

} // namespace gateway
