#include "domain/holdings.h"

#include "domain/billing.h"

#include <algorithm>
#include <stdexcept>

namespace domain {
namespace {

constexpr std::int64_t max_price = 1'000'000'000;
constexpr std::size_t unknown = static_cast<std::size_t>(-1);

/// The sum of base price and units, or nullopt above max_price.
std::optional<std::int64_t> total(std::int64_t base, const Units& per_unit, const Units& units)
{
    std::int64_t sum = base;
    for (const auto& [unit, price] : per_unit) {
        const auto count = units.find(unit);
        if (count != units.end() && __builtin_add_overflow(sum, count->second * price, &sum)) return std::nullopt;
    }
    return sum > max_price ? std::nullopt : std::optional{sum};
}

} // namespace

const ScenarioItem& Holdings::item(const std::string& sku) const
{
    const auto found = std::ranges::find_if(catalogue_, [&](const ScenarioItem& known) { return known.item.sku == sku; });
    if (found == catalogue_.end()) throw std::domain_error{"no such item: " + sku};
    return *found;
}

std::size_t Holdings::find(const std::string& name) const
{
    const auto found = std::ranges::find(entries_, name, &Entry::name);
    return found == entries_.end() ? unknown : static_cast<std::size_t>(found - entries_.begin());
}

/// Only what a step names is checked: units that stay from an earlier version may mean nothing to a new item.
Refused Holdings::check_units(const ScenarioItem& item, const Units& named) const
{
    for (const auto& [unit, count] : named)
        if (!item.prices.recurring_per.contains(unit) && !item.prices.setup_per.contains(unit)) return "unknown_unit";
    return std::nullopt;
}

Holdings::Price Holdings::price(const ScenarioItem& item, const Units& units, int quantity) const
{
    const auto& prices = item.prices;
    const auto recurring = total(prices.recurring_minor, prices.recurring_per, units);
    const auto once = total(prices.setup_minor, prices.setup_per, units);
    if (!recurring || !once || *recurring * quantity > max_price || *once * quantity > max_price) return {.refused = "too_large"};
    return {.unit_minor = *recurring, .once_minor = *once};
}

namespace {

/// True if the demand holds at this price: cheap ones may need another item, dear ones not.
bool demands(const ScenarioItem& item, std::int64_t unit_minor, std::int64_t once_minor, int quantity)
{
    if (item.requires_sku.empty()) return false;
    if (!item.requires_below) return true;
    return (item.item.interval ? unit_minor : once_minor) * quantity < *item.requires_below;
}

} // namespace

/// Another one than number `index` must hold on the day what the item requires; a pause does not matter.
Refused Holdings::check_requirement(std::size_t index, const ScenarioItem& item, const Price& price, int quantity, Day day) const
{
    if (!demands(item, price.unit_minor, price.once_minor, quantity)) return std::nullopt;
    for (std::size_t other = 0; other < entries_.size(); ++other) {
        const auto& held = entries_[other].subscription;
        if (other == index || day < held.start || day >= held.end.value_or(never)) continue;
        if (version_on(held, day).item->sku == item.requires_sku) return std::nullopt;
    }
    return "requires";
}

Refused Holdings::subscribe(Day today, const SubscribeStep& step)
{
    const auto& sold = item(step.sku);
    const auto start = step.start.value_or(today);
    if (find(step.sub) != unknown) return "duplicate_sub";
    if (start < today) return "backdated";
    if (const auto refused = check_units(sold, step.units)) return refused;
    const auto cost = price(sold, step.units, step.quantity);
    if (cost.refused) return cost.refused;
    if (const auto refused = check_requirement(entries_.size(), sold, cost, step.quantity, start)) return refused;
    if (!sold.item.interval && (step.anchor || step.trial_days)) return "not_recurring";

    const auto trial_end = start + std::chrono::days{step.trial_days.value_or(sold.trial_days)};
    Subscription subscription{.start = start, .trial_end = trial_end};
    subscription.versions.push_back({.from = start,
        .item = &sold.item,
        .anchor = step.anchor.value_or(trial_end),
        .unit_minor = cost.unit_minor,
        .once_minor = cost.once_minor,
        .quantity = step.quantity,
        .charges_once = true});
    accepted_.push_back({today, entries_.size(), subscription});
    entries_.push_back({step.sub, std::move(subscription), {step.units}});
    return std::nullopt;
}

/// The checks that every step on a subscription begins with.
Refused Holdings::check_alive(std::size_t index, Day today) const
{
    if (index == unknown) return "unknown_sub";
    const auto& subscription = entries_[index].subscription;
    if (subscription.one_time()) return "not_recurring";
    if (subscription.end && today >= *subscription.end) return "not_active";
    return std::nullopt;
}

Day Holdings::term_end(const Subscription& subscription, Day today) const
{
    if (today < subscription.start) return subscription.start;
    if (today < subscription.trial_end) return subscription.trial_end;
    const auto& version = version_on(subscription, today);
    return period_holding(version.anchor, *version.item->interval, today).end;
}

Day Holdings::effective_day(const Subscription& subscription, Day today, When when, Day day) const
{
    switch (when) {
    case When::now: return today;
    case When::term_end: return term_end(subscription, today);
    case When::on_day: return day;
    }
    return day;
}

Refused Holdings::change(Day today, const ChangeStep& step)
{
    const auto index = find(step.sub);
    if (const auto refused = check_alive(index, today)) return refused;
    auto& [name, subscription, known_units] = entries_[index];
    const auto day = effective_day(subscription, today, step.when, step.day);
    if (day < today) return "backdated";
    if (subscription.end && day >= *subscription.end) return "not_active";

    // What is left out stays as in the version before, of those that this change does not discard.
    auto before = subscription.versions.rbegin();
    while (before + 1 != subscription.versions.rend() && before->from >= day) ++before;
    const auto& sold = step.sku ? item(*step.sku) : item_of(*before);
    if (!sold.item.interval) return "not_recurring";
    if (day < subscription.start) return "before_start";
    const auto quantity = step.quantity.value_or(before->quantity);
    const auto units = step.units.value_or(known_units[static_cast<std::size_t>(before->label)]);
    if (step.units)
        if (const auto refused = check_units(sold, *step.units)) return refused;
    const auto cost = price(sold, units, quantity);
    if (cost.refused) return cost.refused;
    if (const auto refused = check_requirement(index, sold, cost, quantity, day)) return refused;

    Version version{.from = day,
        .item = &sold.item,
        .anchor = before->anchor,
        .unit_minor = cost.unit_minor,
        .once_minor = cost.once_minor,
        .quantity = quantity,
        .charges_once = step.setup,
        .label = static_cast<std::int64_t>(known_units.size())};
    if (step.anchor) version.anchor = *step.anchor;
    if (step.reset_anchor) version.anchor = day;
    known_units.push_back(units);
    accept(today, index, BeginVersion{version});
    return std::nullopt;
}

bool Holdings::outlives(const Entry& entry, Day end) const { return !entry.subscription.end || *entry.subscription.end > end; }

/// Another subscription that outlives `end` needs the sku of this one, and no further one of the sku lasts as long.
bool Holdings::is_required(std::size_t index, Day end) const
{
    const auto& sku = entries_[index].subscription.versions.back().item->sku;
    bool needed = false;
    for (std::size_t other = 0; other < entries_.size(); ++other) {
        if (other == index || !outlives(entries_[other], end)) continue;
        const auto& version = entries_[other].subscription.versions.back();
        if (version.item->sku == sku) return false;
        const auto& sold = item_of(version);
        if (sold.requires_sku == sku && demands(sold, version.unit_minor, version.once_minor, version.quantity)) needed = true;
    }
    return needed;
}

Refused Holdings::cancel(Day today, const CancelStep& step)
{
    const auto index = find(step.sub);
    if (const auto refused = check_alive(index, today)) return refused;
    const auto& subscription = entries_[index].subscription;
    const auto day = effective_day(subscription, today, step.when, step.day);
    if (day < today) return "backdated";
    const auto end = std::max(day, subscription.start);
    if (subscription.end && *subscription.end <= end) return "already_cancelled";
    if (is_required(index, end)) return "still_required";
    accept(today, index, SetEnd{end, step.credit});
    return std::nullopt;
}

Refused Holdings::uncancel(Day today, const UncancelStep& step)
{
    const auto index = find(step.sub);
    if (const auto refused = check_alive(index, today)) return refused;
    if (!entries_[index].subscription.end) return "not_cancelled";
    accept(today, index, RemoveEnd{});
    return std::nullopt;
}

namespace {

bool is_paused(const Subscription& subscription) { return !subscription.pauses.empty() && !subscription.pauses.back().until; }

} // namespace

Refused Holdings::pause(Day today, const PauseStep& step)
{
    const auto index = find(step.sub);
    if (const auto refused = check_alive(index, today)) return refused;
    const auto& subscription = entries_[index].subscription;
    if (is_paused(subscription)) return "already_paused";
    if (today < subscription.start) return "before_start";
    accept(today, index, BeginPause{today, step.credit});
    return std::nullopt;
}

Refused Holdings::resume(Day today, const ResumeStep& step)
{
    const auto index = find(step.sub);
    if (const auto refused = check_alive(index, today)) return refused;
    if (!is_paused(entries_[index].subscription)) return "not_paused";
    accept(today, index, EndPause{today});
    return std::nullopt;
}

void Holdings::accept(Day today, std::size_t index, Amendment amendment)
{
    amend(entries_[index].subscription, amendment);
    accepted_.push_back({today, index, std::move(amendment)});
}

} // namespace domain
