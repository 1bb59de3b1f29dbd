#include "domain/product.h"

#include <stdexcept>

namespace domain {

std::string_view to_text(ParameterKind kind)
{
    switch (kind) {
    case ParameterKind::none: return "none";
    case ParameterKind::machine: return "machine";
    case ParameterKind::snapshot: return "snapshot";
    case ParameterKind::server: return "server";
    }
    throw std::domain_error{"no such parameter kind"};
}

std::vector<std::pair<std::string_view, std::int64_t>> units_of(const Parameters& parameters)
{
    std::vector<std::pair<std::string_view, std::int64_t>> units;
    if (parameters.cores) units.emplace_back("core", *parameters.cores);
    if (parameters.ram_mb) units.emplace_back("ram_half_gb", *parameters.ram_mb / MachineLimits::ram_step_mb);
    // A machine pays its disk as SSD; a snapshot pays the size of the image it was taken of.
    if (parameters.os_disk_gb) units.emplace_back(parameters.vm ? "gib" : "ssd_gb", *parameters.os_disk_gb);
    return units;
}

Charge charge_for(const Price& price, const Parameters& parameters)
{
    Charge charge{.setup = price.setup, .recurring = price.recurring};
    for (const auto& [unit, quantity] : units_of(parameters)) {
        for (const auto& unit_price : price.units) {
            if (unit_price.unit != unit) continue;
            charge.setup = charge.setup + unit_price.setup * quantity;
            charge.recurring = charge.recurring + unit_price.recurring * quantity;
        }
    }
    return charge;
}

} // namespace domain
