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

    /// What can be ordered in the currency on the day: servers, then options, each by code.
    std::vector<domain::Plan> offered(domain::Currency currency, domain::Date day);

    /// The plan, be it sold or not: domain::is_offered() tells. Without prices where it has none.
    std::optional<domain::Plan> by_code(const std::string& code, domain::Currency currency, domain::Date day);

    /// The plans of the ids, be they sold or not, each once, by id.
    std::vector<domain::Plan> by_ids(const std::vector<std::int64_t>& plans, domain::Currency currency, domain::Date day);

    /// The options of a server that can be ordered in the currency on the day, in the order of its families.
    std::vector<domain::Plan> options_of(const domain::Plan& server, domain::Currency currency, domain::Date day);

private:
    void complete(std::vector<domain::Plan>& plans, domain::Currency currency, domain::Date day);

    Session& session_;
};

} // namespace store
