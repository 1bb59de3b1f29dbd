#pragma once
#include "domain/calendar.h"
#include "domain/money.h"
#include "domain/uuid.h"
#include "domain/vat.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace domain {

/// Which parameters an order of the product carries.
enum class ParameterKind { none, machine, snapshot, server };

std::string_view to_text(ParameterKind kind);

/// What is sold. Prices stand apart, with their dates.
struct Product {
    std::string sku{};
    std::string name{};
    std::string description{};
    std::optional<Interval> interval{}; ///< none: sold once
    ParameterKind parameters{};
    bool requires_membership{false};
    bool one_per_member{false}; ///< a member holds at most one running order of it
    std::string tag{};          ///< a running order gives the member this tag
    std::string free_while{};   ///< costs nothing on days on which the member has an active order with this tag
    std::string vat_class{};    ///< empty: no tax
};

/// Price of one unit ("core", "ram_half_gb", "ssd_gb", "gib") for a whole interval.
struct UnitPrice {
    std::string unit{};
    Money setup{};
    Money recurring{};
};

/// A product's price from `valid_from` on, until a later one begins.
struct Price {
    Date valid_from{};
    Money setup{};
    Money recurring{};
    bool includes_vat{true};
    std::vector<UnitPrice> units{};
};

/// What the member chose. Only the members of the product's ParameterKind are set.
struct Parameters {
    std::optional<int> cores{};
    std::optional<int> ram_mb{};
    std::optional<int> os_disk_gb{};
    std::optional<std::string> os{};
    std::optional<Uuid> vm{};
    bool require_fs{false};            ///< of a snapshot: with file systems at rest, or not at all
    std::optional<std::string> plan{}; ///< code of a server's plan
    friend bool operator==(const Parameters&, const Parameters&) = default;
};

/// Bounds of what a machine may have; RAM comes in steps of half a GB.
struct MachineLimits {
    static constexpr int max_cores = 64;
    static constexpr int ram_step_mb = 512;
    static constexpr int max_ram_mb = 512 * 1024;
    static constexpr int max_os_disk_gb = 16 * 1024;
    static constexpr std::size_t max_os_name = 64;
};

/// The priced units in the parameters: {"core", 2}, {"ram_half_gb", 8}, {"ssd_gb", 20}.
std::vector<std::pair<std::string_view, std::int64_t>> units_of(const Parameters& parameters);

/// What an order costs, frozen on it: once at the start, and for each whole interval.
struct Charge {
    Money setup{};
    Money recurring{};
    friend bool operator==(const Charge&, const Charge&) = default;
};

/// Base price plus units times unit prices. A unit without a price costs nothing.
/// @throws std::domain_error on overflow.
Charge charge_for(const Price& price, const Parameters& parameters);

} // namespace domain
