#pragma once
#include "gateway/guest.h"
#include "gateway/storage_set.h"
#include "store/database.h"

#include <vector>

namespace service {

/// An image of a machine, and the storage that it lies in.
struct MachineImage {
    domain::PlacedImage placed{};
    gateway::Image image{};
    gateway::Storage* storage{nullptr}; ///< never null
};

/// The same images with the storages of their clusters.
std::vector<MachineImage> with_storages(gateway::StorageSet& storages, std::vector<domain::PlacedImage> placed);

/// The machine's images by ordinal; none if it has not been placed yet.
std::vector<MachineImage> images_of(store::Database& database, gateway::StorageSet& storages, const domain::Uuid& machine);

/// Lets storage know whether the machine is off.
void note_power(std::vector<MachineImage>& images, gateway::GuestPower power);

} // namespace service
