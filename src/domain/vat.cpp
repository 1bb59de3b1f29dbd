#include "domain/vat.h"

#include <algorithm>

namespace domain {

VatRate VatHistory::rate_on(Day day) const
{
    const auto after = std::ranges::upper_bound(entries_, day, {}, &Entry::from);
    return after == entries_.begin() ? VatRate{} : std::prev(after)->rate;
}

Day VatHistory::next_change(Day day) const
{
    const auto rate = rate_on(day);
    auto after = std::ranges::upper_bound(entries_, day, {}, &Entry::from);
    while (after != entries_.end() && after->rate == rate) ++after;
    return after == entries_.end() ? never : after->from;
}

Money vat_within(Money gross, VatRate rate)
{
    return {half_up(gross.minor, rate.basis_points, 10'000 + rate.basis_points), gross.currency};
}

Money vat_on(Money net, VatRate rate) { return {half_up(net.minor, rate.basis_points, 10'000), net.currency}; }

std::int64_t vat_of(std::int64_t amount, VatRate rate, bool includes_vat)
{
    return half_up(amount, rate.basis_points, 10'000 + (includes_vat ? rate.basis_points : 0));
}

std::int64_t vat_credited(std::int64_t credited, std::int64_t amount, std::int64_t vat, VatRate rate, bool includes_vat)
{
    return credited == amount ? vat : std::min(vat, vat_of(credited, rate, includes_vat));
}

std::string percent_text(VatRate rate)
{
    auto text = std::to_string(rate.basis_points / 100);
    const int hundredths = rate.basis_points % 100;
    if (hundredths == 0) return text;
    text += '.';
    text += static_cast<char>('0' + hundredths / 10);
    if (hundredths % 10 != 0) text += static_cast<char>('0' + hundredths % 10);
    return text;
}

RunningVat::Share RunningVat::next(Money amount)
{
    if (!started_) sum_ = {0, amount.currency};
    started_ = true;

    const auto before = tax(sum_);
    sum_ = sum_ + amount;
    const auto vat = tax(sum_) - before;
    if (gross_mode_) return {.net = amount - vat, .vat = vat, .gross = amount};
    return {.net = amount, .vat = vat, .gross = amount + vat};
}

} // namespace domain
