#include "domain/plan.h"

#include "domain/code_text.h"

#include <algorithm>
#include <stdexcept>

namespace domain {
namespace {

/// The texts with ", " between them.
template <class Items, class Text> std::string listed(const Items& items, const Text& text_of)
{
    std::string list;
    for (const auto& item : items) list += (list.empty() ? "" : ", ") + text_of(item);
    return list;
}

bool is_integer(std::string_view text)
{
    constexpr std::size_t max_digits = 18;
    if (text.starts_with('-')) text.remove_prefix(1);
    return text.size() <= max_digits && all_digits(text);
}

} // namespace

std::string_view to_text(PlanKind kind)
{
    switch (kind) {
    case PlanKind::server: return "server";
    case PlanKind::option: return "option";
    }
    throw std::domain_error{"no such kind of plan"};
}

PlanKind plan_kind_from(std::string_view text)
{
    for (const auto kind : {PlanKind::server, PlanKind::option})
        if (to_text(kind) == text) return kind;
    throw std::domain_error{"no such kind of plan"};
}

std::optional<int> months_in(Interval duration)
{
    if (duration.unit == Interval::Unit::month) return duration.count;
    if (duration.unit == Interval::Unit::year) return 12 * duration.count;
    return std::nullopt;
}

bool is_offered(const Plan& plan) { return plan.sold && !plan.pricings.empty(); }

const PlanPricing* pricing_of(const Plan& plan, std::string_view mode, std::string_view duration)
{
    const auto interval = interval_from(duration);
    const auto months = interval ? months_in(*interval) : std::nullopt;
    if (!months) return nullptr;
    const auto found = std::ranges::find_if(
        plan.pricings, [&](const PlanPricing& pricing) { return pricing.mode == mode && months_in(pricing.duration) == months; });
    return found == plan.pricings.end() ? nullptr : &*found;
}

std::string pricings_text(const Plan& plan)
{
    return listed(plan.pricings, [](const PlanPricing& pricing) { return to_text(pricing.duration) + " in mode " + pricing.mode; });
}

const PlanLabel* label_of(const Plan& plan, std::string_view name)
{
    const auto found = std::ranges::find(plan.labels, name, &PlanLabel::name);
    return found == plan.labels.end() ? nullptr : &*found;
}

bool may_be(const PlanLabel& label, std::string_view value)
{
    if (label.allowed) return std::ranges::find(*label.allowed, value) != label.allowed->end();
    if (label.type == "Boolean") return value == "true" || value == "false";
    if (label.type == "Integer") return is_integer(value);
    return !value.empty();
}

std::string values_text(const PlanLabel& label)
{
    if (label.allowed) return listed(*label.allowed, [](const std::string& value) { return value; });
    if (label.type == "Boolean") return "true, false";
    return label.type == "Integer" ? "an integer" : "any text";
}

const PlanOptionFamily* family_of(const Plan& server, std::string_view option_code)
{
    for (const auto& family : server.families)
        if (std::ranges::find(family.options, option_code, &PlanOption::code) != family.options.end()) return &family;
    return nullptr;
}

std::string options_text(const PlanOptionFamily& family)
{
    return listed(family.options, [](const PlanOption& option) { return option.code; });
}

} // namespace domain
