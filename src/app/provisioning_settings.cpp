#include "app/provisioning_settings.h"

#include "app/config_section.h"

#include <set>
#include <utility>

namespace app {
namespace {

ProductProvisioning read_product(Section section)
{
    ProductProvisioning product;
    section.read("product", product.product);
    const auto driver = section.choice("driver", "exec", {"exec", "storage"});
    section.read("program", product.exec.program);
    section.read("deadline_seconds", product.exec.deadline);
    section.read("image", product.has_image);
    section.finish();
    if (product.product.empty()) section.fail("product", "must name a product that is sold, such as ipv6-only-vm");
    if (driver == "storage") {
        if (!product.exec.program.empty()) section.fail("program", "is for driver = \"exec\"");
        if (!product.has_image) section.fail("image", "must be true with driver = \"storage\", which makes nothing else");
        return product;
    }
    if (!product.exec.program.starts_with('/')) section.fail("program", "must be the path of a program, from the root on");
    const bool bounded = product.exec.deadline >= std::chrono::seconds{1} && product.exec.deadline <= std::chrono::hours{1};
    if (!bounded) section.fail("deadline_seconds", "must be 1 to 3600");
    return product;
}

} // namespace

void read_provisioning(Section section, ProvisioningSettings& settings)
{
    section.read("give_up_days", settings.give_up_days);
    std::set<std::string> named;
    for (auto& each : section.sections("products")) {
        auto product = read_product(std::move(each));
        if (!named.insert(product.product).second) section.fail("products", product.product + " is there twice");
        if (!product.exec.program.empty()) settings.products.push_back(std::move(product));
    }
    section.finish();
}

} // namespace app
