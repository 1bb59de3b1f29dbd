#include "domain/billing.h"

#include "domain/money.h"
#include "domain/proration.h"

#include <algorithm>
#include <stdexcept>

namespace domain {
namespace {

using Target = Stretch::Target;

void append(std::vector<Period>& runs, const Period& days)
{
    if (days.start >= days.end) return;
    if (!runs.empty() && runs.back().end == days.start) runs.back().end = days.end;
    else runs.push_back(days);
}

/// `runs` without `taken`; both ascending.
std::vector<Period> without(const std::vector<Period>& runs, const std::vector<Period>& taken)
{
    std::vector<Period> left;
    for (auto run : runs) {
        for (const auto& hole : taken) {
            if (hole.end <= run.start || hole.start >= run.end) continue;
            append(left, {run.start, hole.start});
            run.start = std::max(run.start, hole.end);
        }
        append(left, run);
    }
    return left;
}

/// Days with one key, all in one period of one version.
struct Part {
    Period days{};
    const Version* version{nullptr};
    Period whole{};
};

bool same_key(const Part& part, const BilledCharge& charge)
{
    return charge.unit_minor == part.version->unit_minor && charge.quantity == part.version->quantity && charge.whole == part.whole
        && charge.sku == part.version->item->sku;
}

bool same_key(const Version& a, const Version& b)
{
    return a.unit_minor == b.unit_minor && a.quantity == b.quantity && (a.item == b.item || a.item->sku == b.item->sku);
}

/// Bills one day of one subscription. The tax is computed when all lines of the document are known.
class DayOfSubscription {
public:
    DayOfSubscription(BillingAccount& account, std::size_t index, Day day, std::vector<DraftLine>& lines)
        : account_{account},
          index_{index},
          day_{day},
          own_{account.subscriptions[index]},
          open_from_{account.open_from[index]},
          lines_{lines}
    {
    }

    void bill()
    {
        charge_once();
        if (own_.one_time()) return;
        collect_charges();
        read_targets();
        credit();
        charge();
        account_.open_from[index_] = still_open_;
    }

private:
    void charge_once();
    void collect_charges();
    void read_targets();
    void credit();
    void credit(BilledCharge& charge);
    std::vector<Period> still_wanted(const BilledCharge& charge) const;
    void charge();
    void charge(const Part& part, Period days);
    bool is_due(const Part& part) const
    {
        return part.version->item->mode == BillingMode::advance ? part.days.start <= day_ : part.days.end <= day_;
    }

    BillingAccount& account_;
    std::size_t index_;
    Day day_;
    Subscription& own_;
    Day open_from_;
    std::vector<DraftLine>& lines_;

    std::vector<std::size_t> charges_{}; ///< with days that may be looked at, ascending by those
    std::vector<Part> parts_{};          ///< what is to be charged, from open_from_ on
    std::vector<Period> kept_{};         ///< days that stay as they are
    Day read_until_{};                   ///< all targets before it are known
    Day still_open_{};
};

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
            .label = version.label});
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
        .label = version.label};
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

/// Tax on running sums, per rate and kind of price list.
class RunningTaxes {
public:
    /// The share of the next charge of `amount`.
    std::int64_t next(std::int64_t amount, VatRate rate, bool includes_vat)
    {
        auto sum = std::ranges::find_if(sums_, [&](const Sum& known) { return known.rate == rate && known.includes_vat == includes_vat; });
        if (sum == sums_.end()) sum = sums_.insert(sums_.end(), {rate, includes_vat, 0});
        const auto before = vat_of(sum->amount, rate, includes_vat);
        if (__builtin_add_overflow(sum->amount, amount, &sum->amount)) throw std::domain_error{"amount too large"};
        return vat_of(sum->amount, rate, includes_vat) - before;
    }

private:
    struct Sum {
        VatRate rate{};
        bool includes_vat{false};
        std::int64_t amount{0};
    };
    std::vector<Sum> sums_{};
};

void set_amounts(DraftLine& line, std::int64_t amount, std::int64_t vat, bool includes_vat)
{
    line.vat = vat;
    line.net = includes_vat ? amount - vat : amount;
    line.gross = line.net + vat;
}

/// Gives the new charges, which stand behind the first `known` ones, their tax and their place on the document.
void complete_charges(BillingAccount& account, std::size_t known, std::vector<DraftLine>& lines, std::int64_t document)
{
    RunningTaxes taxes;
    auto charge = account.charges.begin() + static_cast<std::ptrdiff_t>(known);
    int position = 0;
    for (auto& line : lines) {
        ++position;
        if (!is_charge(line.kind)) continue;
        while (charge->amount == 0) ++charge; // has no line
        charge->vat = taxes.next(charge->amount, charge->rate, charge->includes_vat);
        charge->ref = {document, position};
        line.rate = charge->rate;
        set_amounts(line, charge->amount, charge->vat, charge->includes_vat);
        ++charge;
    }
}

bool is_passive(const BillingAccount& account, std::size_t index)
{
    return !account.subscriptions[index].known || (!account.passive.empty() && account.passive[index]);
}

} // namespace

std::string_view to_text(LineKind kind)
{
    switch (kind) {
    case LineKind::setup: return "setup";
    case LineKind::once: return "once";
    case LineKind::recurring: return "recurring";
    case LineKind::credit: return "credit";
    case LineKind::adjustment: return "adjustment";
    }
    throw std::domain_error{"no such line kind"};
}

LineKind line_kind_from(std::string_view text)
{
    using enum LineKind;
    for (const auto kind : {setup, once, recurring, credit, adjustment})
        if (to_text(kind) == text) return kind;
    throw std::domain_error{"no such line kind"};
}

bool is_charge(LineKind kind) { return kind == LineKind::setup || kind == LineKind::once || kind == LineKind::recurring; }

DraftTotals totals_of(const std::vector<DraftLine>& lines)
{
    DraftTotals totals;
    for (const auto& line : lines) {
        totals.net += line.net;
        totals.vat += line.vat;
        totals.gross += line.gross;
    }
    return totals;
}

std::vector<TaxSum> taxes_of(const std::vector<DraftLine>& lines)
{
    std::vector<TaxSum> sums;
    for (const auto& line : lines) {
        auto sum = std::ranges::lower_bound(sums, line.rate.basis_points, {}, [](const TaxSum& known) { return known.rate.basis_points; });
        if (sum == sums.end() || sum->rate != line.rate) sum = sums.insert(sum, {line.rate, 0, 0});
        sum->net += line.net;
        sum->vat += line.vat;
    }
    return sums;
}

void BilledCharge::take_out(const Period& credited_days) { live = without(live, {credited_days}); }

std::size_t BillingAccount::add(Subscription subscription)
{
    open_from.push_back(subscription.start);
    subscriptions.push_back(std::move(subscription));
    return subscriptions.size() - 1;
}

void BillingAccount::reopen(Day from)
{
    for (auto& open : open_from) open = std::min(open, from);
}

std::vector<DraftLine> bill(BillingAccount& account, Day day, std::int64_t document)
{
    std::vector<DraftLine> lines;
    const auto known = account.charges.size();
    for (std::size_t index = 0; index < account.subscriptions.size(); ++index)
        if (!is_passive(account, index)) DayOfSubscription{account, index, day, lines}.bill();
    complete_charges(account, known, lines, document);
    return lines;
}

Day next_due(const BillingAccount& account, std::size_t index, Day day)
{
    const auto& subscription = account.subscriptions[index];
    Day next = stretch_from(account.subscriptions, index, day).days.end;
    for (const auto& version : subscription.versions)
        if (version.charges_once && !version.once_billed && version.from > day) next = std::min(next, version.from);
    return next;
}

Day next_due(const BillingAccount& account, Day day)
{
    Day next = never;
    for (std::size_t index = 0; index < account.subscriptions.size(); ++index)
        if (!is_passive(account, index)) next = std::min(next, next_due(account, index, day));
    return next;
}

std::vector<Draft> bill_days(
    BillingAccount& account, Day from, Day through, std::int64_t first_document, const std::function<Day(BillingAccount&, Day)>& learn)
{
    std::vector<Draft> drafts;
    auto document = first_document;
    for (Day day = from; day <= through;) {
        const Day news = learn(account, day);
        if (auto lines = bill(account, day, document); !lines.empty()) drafts.push_back({document++, day, std::move(lines)});
        day = std::min(news, next_due(account, day));
    }
    return drafts;
}

DraftLine adjust(BilledCharge& charge, std::int64_t amount)
{
    const auto given_back = [&] { return vat_credited(charge.credited, charge.amount, charge.vat, charge.rate, charge.includes_vat); };
    const auto before = given_back();
    charge.credited += amount;
    DraftLine line{.subscription = charge.subscription,
        .kind = LineKind::adjustment,
        .sku = charge.sku,
        .days = charge.days,
        .whole = charge.whole,
        .quantity = charge.quantity,
        .unit_minor = charge.unit_minor,
        .rate = charge.rate,
        .credits = charge.ref,
        .label = charge.label};
    set_amounts(line, -amount, before - given_back(), charge.includes_vat);
    return line;
}

std::optional<Day> ever_billed_through(const BillingAccount& account, std::size_t subscription)
{
    std::optional<Day> last;
    for (const auto& charge : account.charges)
        if (charge.subscription == subscription && charge.kind == LineKind::recurring)
            last = std::max(last.value_or(Day::min()), charge.days.end);
    return last;
}

std::optional<Day> billed_through(const BillingAccount& account, std::size_t subscription)
{
    std::optional<Day> last;
    for (const auto& charge : account.charges)
        if (charge.subscription == subscription && !charge.live.empty()) last = std::max(last.value_or(Day::min()), charge.live.back().end);
    return last;
}

} // namespace domain
