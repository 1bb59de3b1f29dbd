#include "service/billing_terms.h"

#include "store/catalogue_store.h"
#include "store/vat_store.h"

#include <stdexcept>

namespace service {
namespace {

bool is_swiss(const domain::VatDecision& decision) { return decision.treatment == domain::VatTreatment::ch_domestic; }

} // namespace

BillingTerms::BillingTerms(store::Session& session) : rates_{store::VatStore{session}.rates()}
{
    for (const auto& [product, mode] : store::CatalogueStore{session}.conditions()) {
        names_[product.sku] = product.name;
        domain::Item item{.sku = product.sku, .mode = mode, .free_while = product.free_while};
        if (!product.tag.empty()) item.tags.push_back(product.tag);
        products_[product.sku] = {std::move(item), product.vat_class};
    }
}

const BillingTerms::Product& BillingTerms::product(const std::string& sku) const
{
    const auto known = products_.find(sku);
    if (known == products_.end()) throw std::domain_error{"there is no product " + sku};
    return known->second;
}

const domain::Item& BillingTerms::item(
    const std::string& sku, const std::optional<std::string>& interval, bool includes_vat, const domain::VatDecision& decision)
{
    const auto [known, is_new] =
        items_.try_emplace({sku, interval.value_or(""), includes_vat, decision.is_taxed() ? decision.country : "untaxed"});
    auto& item = known->second;
    if (!is_new && !item.sku.empty()) return item;

    auto made = product(sku).item;
    made.vat = rates_.under(decision, product(sku).vat_class);
    made.prices_include_vat = includes_vat && is_swiss(decision);
    if (interval) made.interval = domain::interval_from(*interval);
    if (interval && !made.interval) throw std::domain_error{"there is no interval " + *interval};
    return item = std::move(made);
}

BillingTerms::Reckoned BillingTerms::reckon(
    std::int64_t list_minor, const std::string& sku, bool includes_vat, domain::Day day, const domain::VatDecision& decision)
{
    const auto& vat_class = product(sku).vat_class;
    if (!includes_vat || vat_class.empty()) return {list_minor, 0};
    const auto net = list_minor - domain::vat_of(list_minor, rates_.of("CH", vat_class).rate_on(day), true);
    return is_swiss(decision) ? Reckoned{list_minor, net} : Reckoned{net, list_minor};
}

} // namespace service
