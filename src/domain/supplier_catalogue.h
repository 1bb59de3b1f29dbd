#pragma once
#include "domain/calendar.h"
#include "domain/money.h"
#include "domain/plan.h"

#include <string>
#include <vector>

// What a supplier sells, in its own words and at its own prices.
namespace domain {

/// The price of a plan in one pricing mode, without tax, in the currency of the catalogue.
struct SupplierPricing {
    std::string mode{};
    Interval duration{};
    int commitment_months{};
    int max_quantity{}; ///< of one item of a cart
    Money setup{};
    Money recurring{};
};

struct SupplierOptionFamily {
    std::string name{};
    bool mandatory{false};
    bool exclusive{false};
    std::string preset{}; ///< code of the option that is taken if nobody minds
    std::vector<std::string> options{};
};

struct SupplierPlan {
    std::string code{};
    PlanKind kind{};
    std::string name{};
    std::string family{};
    std::string product{}; ///< under which name it is put into a cart
    std::vector<SupplierPricing> pricings{};
    std::vector<PlanLabel> labels{};
    std::vector<SupplierOptionFamily> families{};
};

struct SupplierCatalogue {
    Currency currency{};
    std::vector<SupplierPlan> plans{}; ///< servers and options, each code once
};

} // namespace domain
