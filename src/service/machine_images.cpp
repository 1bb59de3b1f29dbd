#include "service/machine_images.h"

#include "store/placement_store.h"

namespace service {

std::vector<MachineImage> images_of(store::Database& database, gateway::StorageSet& storages, const domain::Uuid& machine)
{
    std::vector<MachineImage> images;
    for (auto& placed : database.read([&](store::Session& session) { return store::PlacementStore{session}.images_of(machine); })) {
        auto image = gateway::image_of(placed);
        auto& storage = storages.of(placed.cluster);
        images.push_back({std::move(placed), std::move(image), &storage});
    }
    return images;
}

} // namespace service
