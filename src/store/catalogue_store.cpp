#include "store/catalogue_store.h"

#include "store/sql.h"
#include "store/statement.h"

#include <soci/soci.h>

#include <stdexcept>

using soci::use;

namespace store {
namespace {

domain::ParameterKind parameter_kind_of(const std::string& text)
{
    using enum domain::ParameterKind;
    for (const auto kind : {none, machine, snapshot, server})
        if (domain::to_text(kind) == text) return kind;
    throw std::runtime_error{"unknown parameter kind in the catalogue"};
}

} // namespace

std::vector<Offer> CatalogueStore::offers_on(domain::Date day, domain::Currency currency)
{
    return read_offers(day, currency, std::nullopt);
}

std::optional<Offer> CatalogueStore::offer_on(domain::Date day, domain::Currency currency, const std::string& sku)
{
    auto offers = read_offers(day, currency, sku);
    if (offers.empty()) return std::nullopt;
    return std::move(offers.front());
}

/// One statement for products, prices and unit prices: a row for each unit price, in the catalogue's order.
std::vector<Offer> CatalogueStore::read_offers(domain::Date day, domain::Currency currency, const std::optional<std::string>& sku)
{
    const std::string code{domain::to_text(currency)};
    const auto rows = select<std::string, std::string, std::string, std::optional<std::string>, std::string, bool, bool, std::string,
        std::string, std::string, std::optional<std::string>, std::optional<bool>, std::optional<std::int64_t>, std::optional<std::int64_t>,
        std::optional<std::string>, std::optional<std::int64_t>, std::optional<std::int64_t>>(session_,
        "SELECT p.sku, p.name, p.description, p.billing_interval, p.parameter_kind, p.requires_membership, p.one_per_member, p.tag,"
        " p.free_while, p.vat_class, CAST(c.valid_from AS CHAR), c.includes_vat, c.setup_minor, c.recurring_minor,"
        " u.unit, u.setup_minor, u.recurring_minor"
        " FROM products p"
        " LEFT JOIN product_prices c ON c.sku = p.sku AND c.currency = ? AND c.valid_from ="
        " (SELECT MAX(valid_from) FROM product_prices WHERE sku = p.sku AND currency = ? AND valid_from <= ?)"
        " LEFT JOIN product_unit_prices u ON u.price_id = c.id"
        " WHERE p.sku = COALESCE(?, p.sku) ORDER BY p.position, u.unit",
        code, code, to_sql(day), sku);

    std::vector<Offer> offers;
    for (const auto& [row_sku, name, description, interval, kind, requires_membership, one_per_member, tag, free_while, vat_class,
             valid_from, includes_vat, setup, recurring, unit, unit_setup, unit_recurring] : rows) {
        if (offers.empty() || offers.back().product.sku != row_sku) {
            Offer offer{.product = {.sku = row_sku,
                            .name = name,
                            .description = description,
                            .parameters = parameter_kind_of(kind),
                            .requires_membership = requires_membership,
                            .one_per_member = one_per_member,
                            .tag = tag,
                            .free_while = free_while,
                            .vat_class = vat_class}};
            if (interval) offer.product.interval = domain::interval_from(*interval);
            if (valid_from)
                offer.price = domain::Price{.valid_from = date_of(*valid_from),
                    .setup = {*setup, currency},
                    .recurring = {*recurring, currency},
                    .includes_vat = *includes_vat};
            offers.push_back(std::move(offer));
        }
        if (unit) offers.back().price->units.push_back({*unit, {*unit_setup, currency}, {*unit_recurring, currency}});
    }
    return offers;
}

std::vector<std::pair<domain::Product, domain::BillingMode>> CatalogueStore::conditions()
{
    std::vector<std::pair<domain::Product, domain::BillingMode>> conditions;
    const auto rows = select<std::string, std::string, std::string, std::string, std::string, std::string>(
        session_, "SELECT sku, name, tag, free_while, vat_class, billing_mode FROM products");
    for (const auto& [sku, name, tag, free_while, vat_class, mode] : rows)
        conditions.emplace_back(domain::Product{.sku = sku, .name = name, .tag = tag, .free_while = free_while, .vat_class = vat_class},
            mode == "arrears" ? domain::BillingMode::arrears : domain::BillingMode::advance);
    return conditions;
}

void CatalogueStore::ping() { select_first<std::string>(session_, "SELECT sku FROM products LIMIT 1"); }

bool CatalogueStore::add_price(const std::string& sku, domain::Currency currency, const domain::Price& price)
{
    const std::string code{domain::to_text(currency)};
    const auto valid_from = to_sql(price.valid_from);
    const int includes_vat = price.includes_vat ? 1 : 0;
    const long long setup = price.setup.minor;
    const long long recurring = price.recurring.minor;
    auto& sql = session_.sql();
    const bool added = unless_duplicate([&] {
        sql << "INSERT INTO product_prices (sku, currency, valid_from, includes_vat, setup_minor, recurring_minor)"
               " VALUES (:sku, :currency, :valid_from, :includes_vat, :setup, :recurring)",
            use(sku), use(code), use(valid_from), use(includes_vat), use(setup), use(recurring);
    });
    if (!added) return false;

    long long id = 0;
    sql.get_last_insert_id("product_prices", id);
    for (const auto& unit : price.units) {
        const long long unit_setup = unit.setup.minor;
        const long long unit_recurring = unit.recurring.minor;
        sql << "INSERT INTO product_unit_prices (price_id, unit, setup_minor, recurring_minor) VALUES (:id, :unit, :setup, :recurring)",
            use(id), use(unit.unit), use(unit_setup), use(unit_recurring);
    }
    return true;
}

} // namespace store
