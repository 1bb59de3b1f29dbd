#include "domain/vat.h"

#include "domain/money.h"

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

} // namespace domain
