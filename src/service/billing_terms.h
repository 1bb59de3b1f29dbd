#pragma once
#include "domain/billing.h"
#include "domain/vat_rates.h"
#include "store/database.h"

#include <map>
#include <string>
#include <tuple>

namespace service {

/// What billing has to know of the products, read once for a run. Not for two threads at once.
class BillingTerms {
public:
    explicit BillingTerms(store::Session& session);

    /// The item of orders of the product that have this interval and kind of price, for somebody whose tax is decided so; stays where
    /// it is. @throws std::domain_error if the product, the interval or the rate is unknown.
    const domain::Item& item(
        const std::string& sku, const std::optional<std::string>& interval, bool includes_vat, const domain::VatDecision& decision);

    /// A price of the list, as it is reckoned for somebody whose tax is decided so: list prices that include the Swiss tax do so for
    /// Swiss customers alone; the others pay the same net price, at the Swiss rate of `day`, and their own tax on it.
    struct Reckoned {
        std::int64_t minor{0};
        std::int64_t alike_minor{0}; ///< the other way round; 0: it is the same
    };
    Reckoned reckon(
        std::int64_t list_minor, const std::string& sku, bool includes_vat, domain::Day day, const domain::VatDecision& decision);

    const std::string& name(const std::string& sku) const { return names_.at(sku); }

private:
    struct Product {
        domain::Item item{};
        std::string vat_class{};
    };
    const Product& product(const std::string& sku) const;

    domain::VatRates rates_{};
    std::map<std::string, Product> products_{};
    std::map<std::string, std::string> names_{};
    std::map<std::tuple<std::string, std::string, bool, std::string>, domain::Item> items_{};
};

} // namespace service
