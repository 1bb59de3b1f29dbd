#pragma once
#include "domain/subscription.h"

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

// What one member may subscribe to, change, end and pause, and when that is refused.
namespace domain {

/// Prices and conditions of a catalogue item at a time.
struct ItemPrices {
    std::int64_t recurring_minor{0};
    std::int64_t setup_minor{0};
    std::map<std::string, std::int64_t> recurring_per{};
    std::map<std::string, std::int64_t> setup_per{};
};

struct ScenarioItem {
    Item item{};
    ItemPrices prices{};
    int trial_days{0};
    std::string requires_sku{};
    std::optional<std::int64_t> requires_below{};
};

/// When a change or an end takes effect.
enum class When { now, term_end, on_day };

using Units = std::map<std::string, std::int64_t>;

struct SubscribeStep {
    std::string sub{}, sku{};
    int quantity{1};
    Units units{};
    std::optional<Day> start{}, anchor{};
    std::optional<int> trial_days{};
};
struct ChangeStep {
    std::string sub{};
    std::optional<std::string> sku{};
    std::optional<int> quantity{};
    std::optional<Units> units{};
    When when{When::now};
    Day day{}; ///< for When::on_day
    std::optional<Day> anchor{};
    bool reset_anchor{false};
    bool setup{false};
};
struct CancelStep {
    std::string sub{};
    When when{When::term_end};
    Day day{};
    bool credit{true};
};
struct UncancelStep {
    std::string sub{};
};
struct PauseStep {
    std::string sub{};
    bool credit{true};
};
struct ResumeStep {
    std::string sub{};
};
/// Why a step is refused: a stable slug; nullopt: it is accepted.
using Refused = std::optional<std::string_view>;

/// What was accepted, in order, for the one who bills: each entry is known from its day on.
struct Accepted {
    Day on{};
    std::size_t subscription{0};
    std::variant<Subscription, Amendment> what{};
};

/// A member's subscriptions as they were accepted. A refused step changes nothing.
class Holdings {
public:
    /// `catalogue` outlives it; its prices may change between the steps.
    explicit Holdings(const std::vector<ScenarioItem>& catalogue) : catalogue_{catalogue} {}

    Refused subscribe(Day today, const SubscribeStep& step);
    Refused change(Day today, const ChangeStep& step);
    Refused cancel(Day today, const CancelStep& step);
    Refused uncancel(Day today, const UncancelStep& step);
    Refused pause(Day today, const PauseStep& step);
    Refused resume(Day today, const ResumeStep& step);

    struct Entry {
        std::string name{};
        Subscription subscription{};
        std::vector<Units> units{}; ///< by the versions' label
    };
    const std::vector<Entry>& entries() const { return entries_; }

    /// What was accepted and not yet taken from here by the one who bills.
    std::deque<Accepted>& accepted() { return accepted_; }

private:
    struct Price {
        Refused refused{};
        std::int64_t unit_minor{0}, once_minor{0};
    };

    const ScenarioItem& item(const std::string& sku) const;
    const ScenarioItem& item_of(const Version& version) const { return item(version.item->sku); }
    std::size_t find(const std::string& name) const;
    Refused check_units(const ScenarioItem& item, const Units& named) const;
    Price price(const ScenarioItem& item, const Units& units, int quantity) const;
    Refused check_requirement(std::size_t index, const ScenarioItem& item, const Price& price, int quantity, Day day) const;
    bool is_required(std::size_t index, Day end) const;
    bool outlives(const Entry& entry, Day end) const;
    Refused check_alive(std::size_t index, Day today) const;
    Day term_end(const Subscription& subscription, Day today) const;
    Day effective_day(const Subscription& subscription, Day today, When when, Day day) const;
    void accept(Day today, std::size_t index, Amendment amendment);

    const std::vector<ScenarioItem>& catalogue_;
    std::vector<Entry> entries_{};
    std::deque<Accepted> accepted_{};
};

} // namespace domain
