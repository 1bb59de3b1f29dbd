#pragma once
#include "domain/calendar.h"
#include "domain/money.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What dedicated servers are sold by: plans of servers, and plans of the options that go with them.
namespace domain {

enum class PlanKind { server, option };

std::string_view to_text(PlanKind kind);

/// @throws std::domain_error if there is no such kind.
PlanKind plan_kind_from(std::string_view text);

/// The price of one piece of a plan in one pricing mode, without tax.
struct PlanPricing {
    std::string mode{};      ///< "default": no commitment; "upfront12": twelve months paid in advance
    Interval duration{};     ///< a period of its billing: months or years
    int commitment_months{}; ///< 0: none
    int max_quantity{};      ///< of one item of a cart
    Money setup{};           ///< once
    Money recurring{};       ///< for each whole period
};

/// What is to be chosen for a plan, beside options.
struct PlanLabel {
    std::string name{};
    std::string type{}; ///< "String", "Boolean", "Integer"
    bool required{false};
    std::optional<std::vector<std::string>> allowed{}; ///< nullopt: whatever fits the type
};

struct PlanOption {
    std::int64_t plan{0}; ///< id of the option's own plan
    std::string code{};
    bool is_default{false}; ///< what is taken if nobody minds
};

/// Options of one sort that a server can have.
struct PlanOptionFamily {
    std::string name{};
    bool mandatory{false}; ///< one of them must be taken
    bool exclusive{false}; ///< at most one can
    std::vector<PlanOption> options{};
};

/// A server, or an option that goes with one, as it is sold in one currency on one day.
struct Plan {
    std::int64_t id{0};
    std::string code{};
    PlanKind kind{};
    std::string name{};           ///< on offers and documents
    std::string family{};         ///< of a server its range, of an option what it is
    std::string specifications{}; ///< JSON, as catalogues show it
    std::string supplier{};       ///< who delivers it; empty: our own stock
    bool sold{false};
    std::vector<PlanPricing> pricings{}; ///< those without a commitment first
    std::vector<PlanLabel> labels{};
    std::vector<PlanOptionFamily> families{}; ///< of a server, with the options that are sold
};

/// 12 for "P1Y" and "P12M"; nullopt for what is not measured in months.
std::optional<int> months_in(Interval duration);

/// True if the plan can be ordered: it is sold, and has a price in the currency on the day.
bool is_offered(const Plan& plan);

/// The pricing of the mode and duration; durations of the same length are the same ("P12M", "P1Y"). nullptr if there is none.
const PlanPricing* pricing_of(const Plan& plan, std::string_view mode, std::string_view duration);

/// "P1M in mode default, P1Y in mode upfront12": what can be asked for, in messages.
std::string pricings_text(const Plan& plan);

/// nullptr if the plan has no such label.
const PlanLabel* label_of(const Plan& plan, std::string_view name);

/// True if the label may have the value: one of those allowed, else one of its type.
bool may_be(const PlanLabel& label, std::string_view value);

/// "gla, zrh" or "true, false" or "an integer": what may_be() takes, in messages.
std::string values_text(const PlanLabel& label);

/// The family through which the server takes the option; nullptr if it does not.
const PlanOptionFamily* family_of(const Plan& server, std::string_view option_code);

/// "ram-64g, ram-128g": the codes of a family's options, in messages.
std::string options_text(const PlanOptionFamily& family);

} // namespace domain
