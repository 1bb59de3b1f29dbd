#pragma once
#include "domain/calendar.h"
#include "domain/vat.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

// What a member holds over time, and on which days it is to be charged. The engine counts in civil days and in minor
// units of the account's one currency.
namespace domain {

enum class BillingMode { advance, arrears };

/// The rules under which something is sold; prices stand on the versions of a subscription.
struct Item {
    std::string sku{};
    std::optional<Interval> interval{}; ///< none: sold once
    BillingMode mode{BillingMode::advance};
    VatHistory vat{};
    bool prices_include_vat{false};
    std::vector<std::string> tags{};
    std::string free_while{}; ///< a tag: free on days on which another active subscription of the member has it
    int regime{0};            ///< under which `vat` holds; the caller's own, the engine only hands it on
};

/// What a subscription is from a day on, until its next version. `item` outlives it.
struct Version {
    Day from{};
    const Item* item{nullptr};
    Date anchor{};
    std::int64_t unit_minor{0};  ///< one piece for a whole period
    std::int64_t alike_minor{0}; ///< the same price in the other reckoning, with or without tax; 0: they are the same
    std::int64_t once_minor{0};  ///< one piece, once
    int quantity{1};
    bool charges_once{false}; ///< the once price falls due on `from` …
    bool once_billed{false};  ///< … and was charged
    std::int64_t label{0};    ///< the caller's own; the engine only hands it on
};

struct Pause {
    Day from{};
    std::optional<Day> until{};
    bool credit{true};
};

struct Subscription {
    Day start{};
    Day trial_end{};                 ///< `start` without a trial
    std::vector<Version> versions{}; ///< ascending by `from`, the first from `start`; of equal ones the later counts
    std::optional<Day> end{};
    bool end_credits{true};
    std::vector<Pause> pauses{}; ///< ascending, not overlapping
    bool known{true};            ///< false: on the day that is billed nobody knew of it yet
    bool one_time() const { return !versions.front().item->interval; }
};

/// The version in force on the day; the first one before `start`.
const Version& version_on(const Subscription& subscription, Day day);

/// start ≤ day < end and not paused; a trial counts.
bool is_active(const Subscription& subscription, Day day);

/// Days with the same target. `keep`: whatever is billed on them stays as it is.
struct Stretch {
    enum class Target { nothing, keep, charge };
    Period days{};
    Target target{};
    const Version* version{nullptr}; ///< of a charge
    Period whole{};                  ///< the version's period that holds the days of a charge
};

/// The stretch that begins on `day`, for number `index` of a member's subscriptions. It ends at `never` at the latest.
/// Stretches that follow each other may have the same target.
Stretch stretch_from(std::span<const Subscription> subscriptions, std::size_t index, Day day);

// What happens to a subscription after it was made.
struct BeginVersion {
    Version version{};
};
struct SetEnd {
    Day end{};
    bool credit{true};
};
struct RemoveEnd {};
struct BeginPause {
    Day from{};
    bool credit{true};
};
struct EndPause {
    Day on{};
};
using Amendment = std::variant<BeginVersion, SetEnd, RemoveEnd, BeginPause, EndPause>;

/// Applies it. A version discards the earlier ones that begin on its day or later, save the first; a pause that ends on
/// its first day is none.
void amend(Subscription& subscription, const Amendment& amendment);

} // namespace domain
