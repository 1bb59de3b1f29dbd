#pragma once
#include "domain/billing.h"
#include "store/database.h"

#include <map>
#include <string>
#include <tuple>

namespace service {

/// What billing has to know of the products, read once for a run. Not for two threads at once.
class BillingTerms {
public:
    explicit BillingTerms(store::Session& session);

    /// The item of orders of the product that have this interval and kind of price; stays where it is.
    /// @throws std::domain_error if the product or the interval is unknown.
    const domain::Item& item(const std::string& sku, const std::optional<std::string>& interval, bool includes_vat);

    const std::string& name(const std::string& sku) const { return names_.at(sku); }

private:
    std::map<std::string, domain::Item> products_{};
    std::map<std::string, std::string> names_{};
    std::map<std::tuple<std::string, std::string, bool>, domain::Item> items_{};
};

} // namespace service
