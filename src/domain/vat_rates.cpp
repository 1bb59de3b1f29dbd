#include "domain/vat_rates.h"

#include <algorithm>
#include <stdexcept>

namespace domain {

VatRates::VatRates(const std::vector<VatRateFact>& facts)
{
    std::map<std::pair<std::string, std::string>, std::vector<VatHistory::Entry>> entries;
    for (const auto& fact : facts) entries[{fact.country, fact.vat_class}].push_back({fact.from, fact.rate});
    for (auto& [key, history] : entries) {
        std::ranges::sort(history, {}, &VatHistory::Entry::from);
        histories_.emplace(key, VatHistory{std::move(history)});
    }
}

const VatHistory& VatRates::of(std::string_view country, std::string_view vat_class) const
{
    const auto known = histories_.find(std::pair{std::string{country}, std::string{vat_class}});
    if (known == histories_.end())
        throw std::domain_error{
            "no " + std::string{vat_class} + " VAT rate of " + std::string{country} + " is known: uncloud vat rate add"};
    return known->second;
}

VatHistory VatRates::under(const VatDecision& decision, std::string_view vat_class) const
{
    if (vat_class.empty() || !decision.is_taxed()) return {};
    return decision.treatment == VatTreatment::ch_domestic ? of("CH", vat_class) : of(decision.country, standard_rate);
}

std::vector<VatPart> vat_parts(
    const VatDecision& decision, const VatRates& rates, std::string_view vat_class, const Period& days, std::int64_t net)
{
    if (decision.is_held()) return {};
    return split_by_rate(rates.under(decision, vat_class), days, net);
}

} // namespace domain
