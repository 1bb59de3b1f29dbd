#pragma once
#include "domain/calendar.h"
#include "domain/plan.h"
#include "store/database.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace store {

/// Rows of `plans` with their prices, labels and options, whole plans in a few statements whatever their number.
class PlanStore {
public:
    explicit PlanStore(Session& session) : session_{session} {}

    /// Every plan with its prices of the day, in the order in which they were entered.
    std::vector<domain::Plan> all(domain::Currency currency, domain::Date day);

    /// What can be ordered in the currency on the day, in the order in which it was entered.
    std::vector<domain::Plan> offered(domain::Currency currency, domain::Date day);

    /// The plan, be it sold or not: domain::is_offered() tells. Without prices where it has none.
    std::optional<domain::Plan> by_code(const std::string& code, domain::Currency currency, domain::Date day);

    /// The plans of the ids, be they sold or not, each once, by id.
    std::vector<domain::Plan> by_ids(const std::vector<std::int64_t>& plans, domain::Currency currency, domain::Date day);

    /// The options of a server that can be ordered in the currency on the day, in the order of its families.
    std::vector<domain::Plan> options_of(const domain::Plan& server, domain::Currency currency, domain::Date day);

    /// Adds a price that begins on the day. Returns false if there is one of its mode, duration and currency that does.
    bool add_price(std::int64_t plan, const domain::PlanPricing& pricing, domain::Date from);

    /// Puts the plan on sale, or takes it off. Returns false if there is none of this code.
    bool sell(const std::string& code, bool sold);

private:
    void complete(std::vector<domain::Plan>& plans, domain::Currency currency, domain::Date day);

    Session& session_;
};

} // namespace store
