#pragma once
#include "domain/calendar.h"
#include "domain/product.h"
#include "domain/subscription.h"
#include "domain/vat.h"
#include "store/database.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace store {

/// A product with the price in force on the day asked for; none: it is not sold then.
struct Offer {
    domain::Product product{};
    std::optional<domain::Price> price{};
};

/// Rows of `products` and their prices.
class CatalogueStore {
public:
    explicit CatalogueStore(Session& session) : session_{session} {}

    /// Every product, in the catalogue's order.
    std::vector<Offer> offers_on(domain::Date day, domain::Currency currency);

    std::optional<Offer> offer_on(domain::Date day, domain::Currency currency, const std::string& sku);

    /// Adds a price. Returns false if the product has one that begins on the same day.
    bool add_price(const std::string& sku, domain::Currency currency, const domain::Price& price);

    /// All products with the way in which they are billed.
    std::vector<std::pair<domain::Product, domain::BillingMode>> conditions();

    /// Reads one row: the database answers and has the schema.
    void ping();

private:
    std::vector<Offer> read_offers(domain::Date day, domain::Currency currency, const std::optional<std::string>& sku);

    Session& session_;
};

} // namespace store
