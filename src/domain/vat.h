#pragma once
#include "domain/calendar.h"

#include <cstdint>
#include <string>
#include <utility>
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

/// The tax of an amount in minor units, half up: contained in it, amount · r / (100 % + r), if prices include the tax,
/// else to be added to it.
std::int64_t vat_of(std::int64_t amount, VatRate rate, bool includes_vat);

/// Tax that is given back with the first `credited` minor units of a line of `amount` and `vat`; with the last unit all
/// of it. Credits take the differences, so that they add up to the line's tax exactly.
std::int64_t vat_credited(std::int64_t credited, std::int64_t amount, std::int64_t vat, VatRate rate, bool includes_vat);

/// "8.1", the rate in percent as JSON and documents show it.
std::string percent_text(VatRate rate);

} // namespace domain
