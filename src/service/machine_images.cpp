#include "service/machine_images.h"

#include "store/placement_store.h"

namespace service {

std::vector<MachineImage> with_storages(gateway::StorageSet& storages, std::vector<domain::PlacedImage> placed)
{
    std::vector<MachineImage> images;
    for (auto& one : placed) {
        auto image = gateway::image_of(one);
        auto& storage = storages.of(one.cluster);
        images.push_back({std::move(one), std::move(image), &storage});
    }
    return images;
}

std::vector<MachineImage> images_of(store::Database& database, gateway::StorageSet& storages, const domain::Uuid& machine)
{
    return with_storages(
        storages, database.read([&](store::Session& session) { return store::PlacementStore{session}.images_of(machine); }));
}

void note_power(std::vector<MachineImage>& images, gateway::GuestPower power)
{
    for (auto& image : images) image.image.is_off = power == gateway::GuestPower::off;
}

} // namespace service
