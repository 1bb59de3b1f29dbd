#include "domain/subscription_day.h"

#include "domain/day_runs.h"
#include "domain/proration.h"

#include <algorithm>

namespace domain {
namespace {

using Target = Stretch::Target;

/// Where a customer lives decides how its price is reckoned: what was charged before it moved is the same price.
bool same_price(const Version& version, const BilledCharge& charge)
{
    const bool reckoned_alike = charge.includes_vat == version.item->prices_include_vat || version.alike_minor == 0;
    return charge.unit_minor == (reckoned_alike ? version.unit_minor : version.alike_minor);
}

bool same_key(const Part& part, const BilledCharge& charge)
{
    return same_price(*part.version, charge) && charge.quantity == part.version->quantity && charge.whole == part.whole
        && charge.sku == part.version->item->sku;
}

bool same_key(const Version& a, const Version& b)
{
    return a.unit_minor == b.unit_minor && a.quantity == b.quantity && (a.item == b.item || a.item->sku == b.item->sku);
}

} // namespace

void DayOfSubscription::charge_once()
{
    for (auto& version : own_.versions) {
        if (!version.charges_once || version.once_billed || version.from > day_) continue;
        version.once_billed = true;
        if (version.once_minor == 0) continue;
        const auto kind = own_.one_time() ? LineKind::once : LineKind::setup;
        lines_.push_back({.subscription = index_,
            .kind = kind,
            .sku = version.item->sku,
            .days = {version.from, version.from},
            .quantity = version.quantity,
            .unit_minor = version.once_minor,
            .label = version.label});
        account_.charges.push_back({.kind = kind,
            .subscription = index_,
            .sku = version.item->sku,
            .days = {version.from, version.from},
            .quantity = version.quantity,
            .unit_minor = version.once_minor,
            .amount = version.once_minor * version.quantity,
            .rate = version.item->vat.rate_on(version.from),
            .includes_vat = version.item->prices_include_vat,
            .label = version.label,
            .regime = version.item->regime});
    }
}

void DayOfSubscription::collect_charges()
{
    for (std::size_t i = 0; i < account_.charges.size(); ++i) {
        auto& charge = account_.charges[i];
        if (charge.subscription != index_ || charge.live.empty()) continue;
        if (charge.live.back().end > open_from_) charges_.push_back(i);
    }
    std::ranges::sort(charges_, {}, [&](std::size_t i) { return account_.charges[i].days.start; });
}

/// Up to the last billed day and the end of the period that holds the day.
void DayOfSubscription::read_targets()
{
    read_until_ = day_ + std::chrono::days{1};
    for (const auto i : charges_) read_until_ = std::max(read_until_, account_.charges[i].live.back().end);
    for (Day day = open_from_; day < read_until_;) {
        const auto stretch = stretch_from(account_.subscriptions, index_, day);
        day = stretch.days.end;
        if (stretch.target == Target::keep) append(kept_, stretch.days);
        if (stretch.target != Target::charge) continue;
        if (stretch.days.start <= day_) read_until_ = std::max(read_until_, stretch.whole.end); // its part may go on
        auto* last = parts_.empty() ? nullptr : &parts_.back();
        if (last && last->days.end == stretch.days.start && last->whole == stretch.whole && same_key(*last->version, *stretch.version))
            last->days.end = stretch.days.end;
        else parts_.push_back({stretch.days, stretch.version, stretch.whole});
    }
}

/// The live days of a charge that are to stay billed as they are, and those that are settled.
std::vector<Period> DayOfSubscription::still_wanted(const BilledCharge& charge) const
{
    std::vector<Period> wanted{{Day::min(), open_from_}};
    auto part = parts_.begin();
    auto kept = kept_.begin();
    while (part != parts_.end() || kept != kept_.end()) {
        const bool take_part = kept == kept_.end() || (part != parts_.end() && part->days.start < kept->start);
        if (!take_part) append(wanted, *kept++);
        else if (same_key(*part, charge)) append(wanted, (part++)->days);
        else ++part;
    }
    return wanted;
}

void DayOfSubscription::credit()
{
    const auto first = lines_.size();
    for (const auto i : charges_) credit(account_.charges[i]);
    std::stable_sort(lines_.begin() + static_cast<std::ptrdiff_t>(first), lines_.end(),
        [](const DraftLine& a, const DraftLine& b) { return std::tie(a.days.start, *a.credits) < std::tie(b.days.start, *b.credits); });
}

void DayOfSubscription::credit(BilledCharge& charge)
{
    const auto unwanted = without(charge.live, still_wanted(charge));
    if (unwanted.empty()) return;
    charge.live = without(charge.live, unwanted);
    for (const auto& days : unwanted) {
        const auto price = price_of_days(charge.unit_minor * charge.quantity, charge.whole, days);
        const auto amount = std::min(price, charge.amount - charge.credited);
        if (amount == 0) continue;
        auto line = adjust(charge, amount);
        line.kind = LineKind::credit;
        line.days = days;
        lines_.push_back(std::move(line));
    }
}

void DayOfSubscription::charge()
{
    std::vector<Period> billed;
    for (const auto i : charges_)
        for (const auto& days : account_.charges[i].live) billed.push_back(days);
    std::ranges::sort(billed, {}, &Period::start);

    still_open_ = std::max(open_from_, read_until_);
    for (const auto& part : parts_) {
        const auto unbilled = without({part.days}, billed);
        if (unbilled.empty()) continue;
        if (!is_due(part)) {
            still_open_ = std::min(still_open_, part.days.start);
            continue;
        }
        for (const auto& days : unbilled) {
            auto rest = days; // a change of the tax cuts it
            while (rest.start < rest.end) {
                const auto until = std::min(rest.end, part.version->item->vat.next_change(rest.start));
                charge(part, {rest.start, until});
                rest.start = until;
            }
        }
    }
}

void DayOfSubscription::charge(const Part& part, Period days)
{
    const auto& version = *part.version;
    BilledCharge charge{.subscription = index_,
        .sku = version.item->sku,
        .days = days,
        .whole = part.whole,
        .quantity = version.quantity,
        .unit_minor = version.unit_minor,
        .amount = price_of_days(version.unit_minor * version.quantity, part.whole, days),
        .rate = version.item->vat.rate_on(days.start),
        .includes_vat = version.item->prices_include_vat,
        .live = {days},
        .label = version.label,
        .regime = version.item->regime};
    if (charge.amount != 0)
        lines_.push_back({.subscription = index_,
            .kind = LineKind::recurring,
            .sku = charge.sku,
            .days = days,
            .whole = part.whole,
            .quantity = charge.quantity,
            .unit_minor = charge.unit_minor,
            .label = version.label});
    account_.charges.push_back(std::move(charge));
}

} // namespace domain
