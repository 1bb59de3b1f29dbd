#pragma once
#include "domain/vat.h"
#include "domain/vat_treatment.h"

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace domain {

/// The rate of a class of supplies in a country, from a day on.
struct VatRateFact {
    std::string country{};   ///< as VAT ids name it: "CH", "DE", "EL"
    std::string vat_class{}; ///< "standard", "reduced", "lodging"
    Day from{};
    VatRate rate{};
    std::string source{}; ///< where it is written; what is not sure says so
};

/// The class of what a host supplies in the EU: electronic services, for which no state has a reduced rate.
inline constexpr std::string_view standard_rate = "standard";

/// All rates that are known. Rates are facts of the database: a change is a row.
class VatRates {
public:
    VatRates() = default;
    explicit VatRates(const std::vector<VatRateFact>& facts); ///< in any order

    /// The rates of a class in a country. @throws std::domain_error if none is known.
    const VatHistory& of(std::string_view country, std::string_view vat_class) const;

    /// The rates that a decision leads to, for something of the product's class (of Swiss law; "" is outside VAT
    /// everywhere): the Swiss ones of the class, the standard ones of the customer's state, or none.
    VatHistory under(const VatDecision& decision, std::string_view vat_class) const;

private:
    std::map<std::pair<std::string, std::string>, VatHistory, std::less<>> histories_{};
};

/// The parts into which the decision cuts a net amount for some days: none while it is held, one without tax where no tax
/// is due, else one per rate. The period must not be empty.
std::vector<VatPart> vat_parts(
    const VatDecision& decision, const VatRates& rates, std::string_view vat_class, const Period& days, std::int64_t net);

} // namespace domain
