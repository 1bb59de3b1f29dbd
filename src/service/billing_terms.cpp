#include "service/billing_terms.h"

#include "store/catalogue_store.h"

#include <stdexcept>

namespace service {

BillingTerms::BillingTerms(store::Session& session)
{
    store::CatalogueStore catalogue{session};
    const auto histories = catalogue.vat_histories();
    for (const auto& [product, mode] : catalogue.conditions()) {
        names_[product.sku] = product.name;
        domain::Item item{.sku = product.sku, .mode = mode, .free_while = product.free_while};
        if (!product.tag.empty()) item.tags.push_back(product.tag);
        if (const auto history = histories.find(product.vat_class); history != histories.end()) item.vat = history->second;
        products_[product.sku] = std::move(item);
    }
}

const domain::Item& BillingTerms::item(const std::string& sku, const std::optional<std::string>& interval, bool includes_vat)
{
    const auto [known, is_new] = items_.try_emplace({sku, interval.value_or(""), includes_vat});
    auto& item = known->second;
    if (!is_new && !item.sku.empty()) return item;

    const auto product = products_.find(sku);
    if (product == products_.end()) throw std::domain_error{"there is no product " + sku};
    auto made = product->second;
    made.prices_include_vat = includes_vat;
    if (interval) made.interval = domain::interval_from(*interval);
    if (interval && !made.interval) throw std::domain_error{"there is no interval " + *interval};
    return item = std::move(made);
}

} // namespace service
