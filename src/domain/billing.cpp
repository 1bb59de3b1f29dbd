#include "domain/billing.h"

#include "domain/day_runs.h"
#include "domain/subscription_day.h"

#include <algorithm>
#include <map>
#include <stdexcept>

namespace domain {
namespace {

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
    line.includes_vat = includes_vat;
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
        line.regime = charge->regime;
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
    case LineKind::fee: return "fee";
    }
    throw std::domain_error{"no such line kind"};
}

LineKind line_kind_from(std::string_view text)
{
    using enum LineKind;
    for (const auto kind : {setup, once, recurring, credit, adjustment, fee})
        if (to_text(kind) == text) return kind;
    throw std::domain_error{"no such line kind"};
}

bool is_charge(LineKind kind) { return kind != LineKind::credit && kind != LineKind::adjustment; }

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

std::vector<Draft> apart_by_regime(std::vector<Draft> drafts, std::int64_t first_document)
{
    std::vector<Draft> apart;
    std::map<LineRef, LineRef> moved;
    for (auto& draft : drafts) {
        std::map<int, std::size_t> of_regime; // its document among those of the day
        for (const auto& line : draft.lines) of_regime[line.regime];
        for (auto& [regime, index] : of_regime) {
            index = apart.size();
            apart.push_back({first_document + static_cast<std::int64_t>(index), draft.billed_on, {}});
        }
        int position = 0;
        for (auto& line : draft.lines) {
            if (line.credits)
                if (const auto now = moved.find(*line.credits); now != moved.end()) line.credits = now->second;
            auto& target = apart[of_regime[line.regime]];
            target.lines.push_back(std::move(line));
            moved[{draft.document, ++position}] = {target.document, static_cast<int>(target.lines.size())};
        }
    }
    return apart;
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
        .label = charge.label,
        .regime = charge.regime};
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
