#pragma once
#include "domain/invoice.h"
#include "domain/invoice_tax.h"
#include "domain/product.h"
#include "gateway/clock.h"
#include "store/catalogue_store.h"
#include "store/database.h"

#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace service {

/// What something would cost now.
struct Quote {
    domain::Product product{};
    domain::Charge charge{};
    bool includes_vat{true};
    domain::InvoiceTax tax{};                 ///< how the order will be taxed; held: the lines are shown without tax
    bool free_now{false};                     ///< the member's other orders make the period free
    std::vector<domain::InvoiceLine> lines{}; ///< of the first invoice
    domain::Totals first{};
    domain::Totals recurring{}; ///< of each later whole period, at today's tax
};

/// Prices of today, and what a set of parameters costs at them.
class Catalogue {
public:
    Catalogue(store::Database& database, gateway::Clock& clock, domain::VatRegistration vat = {})
        : database_{database}, clock_{clock}, vat_{std::move(vat)}
    {
    }

    /// Every product with its price of today. Read from the database at most once a second: a new price is seen in
    /// listings within that time. Orders always read for themselves.
    std::shared_ptr<const std::vector<store::Offer>> offers(domain::Currency currency);

    /// Writes nothing. @throws domain::Refusal unknown_product, product_not_sold, not_sold_there
    Quote quote(domain::MemberId member, const std::string& sku, const domain::Parameters& parameters);

private:
    using SteadyClock = std::chrono::steady_clock;
    struct Listing {
        std::shared_ptr<const std::vector<store::Offer>> offers{};
        domain::Date day{};
        SteadyClock::time_point read_at{};
    };

    store::Database& database_;
    gateway::Clock& clock_;
    domain::VatRegistration vat_;
    std::mutex mutex_;
    Listing listings_[2]; // by currency
};

/// The offer if it can be ordered. @throws domain::Refusal unknown_product, product_not_sold
const domain::Price& price_of(const std::optional<store::Offer>& offer, const std::string& sku);

} // namespace service
