#pragma once
#include "domain/money.h"

namespace domain {

/// Hundredths of a percent: 8.1 % is 810.
struct VatRate {
    int basis_points{0};
    friend bool operator==(VatRate, VatRate) = default;
};

/// The tax contained in a sum that includes it, half up to one minor unit: gross · r / (100 % + r).
Money vat_within(Money gross, VatRate rate);

/// The tax to be added to a sum without it, half up to one minor unit.
Money vat_on(Money net, VatRate rate);

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
