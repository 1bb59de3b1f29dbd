#pragma once
#include "domain/calendar.h"
#include "domain/money.h"

#include <vector>

namespace domain {

/// Hundredths of a percent: 8.1 % is 810.
struct VatRate {
    int basis_points{0};
    friend bool operator==(VatRate, VatRate) = default;
};

/// The rates of one class of supplies, each from a day on. Tax follows the day of supply (MWSTG Art. 115).
class VatHistory {
public:
    struct Entry {
        Day from{};
        VatRate rate{};
    };

    VatHistory() = default; ///< no tax at any time
    /// `entries` strictly ascending by `from`; before the first one the rate is 0.
    explicit VatHistory(std::vector<Entry> entries) : entries_{std::move(entries)} {}

    VatRate rate_on(Day day) const;

    /// The first day after `day` with another rate; `never` if there is none.
    Day next_change(Day day) const;

private:
    std::vector<Entry> entries_;
};

/// The tax contained in a sum that includes it, half up to one minor unit: gross · r / (100 % + r).
Money vat_within(Money gross, VatRate rate);

/// The tax to be added to a sum without it, half up to one minor unit.
Money vat_on(Money net, VatRate rate);

/// As the two above, chosen by whether list prices include the tax; on an amount in minor units.
std::int64_t vat_of(std::int64_t amount, VatRate rate, bool includes_vat);

/// Tax that is given back with the first `credited` minor units of a line of `amount` and `vat`; with the last unit all
/// of it. Credits take the differences, so that they add up to the line's tax exactly.
std::int64_t vat_credited(std::int64_t credited, std::int64_t amount, std::int64_t vat, VatRate rate, bool includes_vat);

/// "8.1", the rate in percent as JSON and documents show it.
std::string percent_text(VatRate rate);

/// Splits line amounts of one document and rate into net and tax so that the lines add up to the tax on the sum:
/// each line gets T(sum so far) − T(sum before it). `T` is vat_within or vat_on, as the price list is gross or net.
class RunningVat {
public:
    RunningVat(VatRate rate, bool prices_include_vat) : rate_{rate}, gross_mode_{prices_include_vat} {}

    struct Share {
        Money net{}, vat{}, gross{};
    };

    /// The share of the next line, `amount` being gross or net as the price list is.
    Share next(Money amount);

private:
    Money tax(Money sum) const { return gross_mode_ ? vat_within(sum, rate_) : vat_on(sum, rate_); }

    VatRate rate_;
    bool gross_mode_;
    Money sum_{};
    bool started_{false};
};

} // namespace domain
