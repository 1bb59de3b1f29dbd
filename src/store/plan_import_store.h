#pragma once
#include "domain/calendar.h"
#include "domain/margin.h"
#include "domain/plan.h"
#include "domain/supplier_catalogue.h"
#include "store/database.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace store {

/// A plan as it is to be sold, with where it comes from.
struct ImportedPlan {
    std::string code{};
    std::string supplier_code{};
    domain::SupplierPlan plan{}; ///< options are named by our codes
};

/// What a plan is to cost and to be sold for, in one currency, mode and duration.
struct ImportedPrice {
    std::int64_t plan{0};
    domain::Currency currency{};
    std::string mode{};
    std::string duration{};
    int commitment_months{0};
    int max_quantity{0};
    std::int64_t setup{0};
    std::int64_t recurring{0};
    domain::Money cost_setup{};
    domain::Money cost_recurring{};
    bool withdrawn{false}; ///< not sold in this mode any more
    friend bool operator==(const ImportedPrice&, const ImportedPrice&) = default;
};

/// Writes a supplier's plans, in bulk.
class PlanImportStore {
public:
    explicit PlanImportStore(Session& session) : session_{session} {}

    struct Known {
        std::int64_t id{0};
        std::string supplier{};
        bool sold{false};
    };

    /// All plans by code, whoever delivers them, and nobody else imports until the transaction ends.
    std::map<std::string, Known> lock_all();

    void write_plans(const std::string& supplier, const std::vector<ImportedPlan>& plans);
    void stop_selling(const std::vector<std::int64_t>& plans);

    /// Labels and options of the supplier's plans become these. `ids`: of all plans, by code.
    void write_choices(const std::string& supplier, const std::vector<ImportedPlan>& plans, const std::map<std::string, std::int64_t>& ids);

    /// What the supplier's plans cost on the day.
    std::vector<ImportedPrice> prices(const std::string& supplier, domain::Date day);

    /// Prices from the day on.
    void write_prices(const std::vector<ImportedPrice>& prices, domain::Date from);

    /// Notes the rate with which prices are made from the day on, if it is another one.
    void write_rate(const std::string& supplier, domain::Currency cost, domain::Currency price, domain::Millionths rate, domain::Date from);

private:
    Session& session_;
};

} // namespace store
