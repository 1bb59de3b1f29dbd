#include "store/catalogue_store.h"

#include "fake/test_database.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>

namespace {

using domain::Currency;
using domain::Money;
using store::CatalogueStore;
using store::Session;

/// A product that only this case knows; it is gone at the end.
struct Catalogue {
    Catalogue()
    {
        fake::change("INSERT INTO products (sku, position, name, description, billing_interval, parameter_kind, requires_membership)"
                     " VALUES (?, 99, 'Test', '', 'P1M', 'machine', FALSE)",
            sku);
    }
    ~Catalogue()
    {
        fake::change("DELETE FROM product_unit_prices WHERE price_id IN (SELECT id FROM product_prices WHERE sku = ?)", sku);
        fake::change("DELETE FROM product_prices WHERE sku = ?", sku);
        fake::change("DELETE FROM products WHERE sku = ?", sku);
    }
    Catalogue(const Catalogue&) = delete;
    Catalogue& operator=(const Catalogue&) = delete;

    template <class Work> static auto with_store(const Work& work)
    {
        return fake::in_transaction([&](Session& session) {
            CatalogueStore catalogue{session};
            return work(catalogue);
        });
    }
    bool add_price(const char* from, std::int64_t recurring, Currency currency = Currency::chf) const
    {
        const domain::Price price{.valid_from = fake::day(from),
            .setup = {10, currency},
            .recurring = {recurring, currency},
            .units = {{"core", {1, currency}, {500, currency}}, {"ssd_gb", {0, currency}, {60, currency}}}};
        return with_store([&](CatalogueStore& catalogue) { return catalogue.add_price(sku, currency, price); });
    }
    std::optional<domain::Price> price_on(const char* day, Currency currency = Currency::chf) const
    {
        return with_store([&](CatalogueStore& catalogue) { return catalogue.offer_on(fake::day(day), currency, sku).value().price; });
    }

    std::string sku = "test-" + fake::new_name();
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(catalogue_store, Catalogue)

BOOST_AUTO_TEST_CASE(a_price_holds_from_its_day_until_the_next_begins)
{
    BOOST_TEST(add_price("2026-01-01", 100));
    BOOST_TEST(add_price("2026-03-01", 200));
    BOOST_TEST(!price_on("2025-12-31").has_value());
    BOOST_TEST(price_on("2026-01-01")->recurring.minor == 100);
    BOOST_TEST(price_on("2026-02-28")->recurring.minor == 100);
    BOOST_TEST(price_on("2026-03-01")->recurring.minor == 200);
    BOOST_TEST(price_on("2099-01-01")->recurring.minor == 200);
}

BOOST_AUTO_TEST_CASE(a_price_comes_back_with_its_units)
{
    add_price("2026-01-01", 100);
    const auto price = price_on("2026-01-01").value();
    BOOST_TEST((price.valid_from == fake::day("2026-01-01")));
    BOOST_TEST((price.setup == Money{10}));
    BOOST_TEST(price.includes_vat);
    BOOST_REQUIRE(price.units.size() == 2u);
    BOOST_TEST(price.units[0].unit == "core");
    BOOST_TEST((price.units[0].setup == Money{1}));
    BOOST_TEST((price.units[1].recurring == Money{60}));
}

BOOST_AUTO_TEST_CASE(a_price_in_francs_is_none_in_euros)
{
    add_price("2026-01-01", 100);
    BOOST_TEST(!price_on("2026-01-01", Currency::eur).has_value());
    add_price("2026-01-01", 110, Currency::eur);
    BOOST_TEST((price_on("2026-01-01", Currency::eur)->recurring == Money{110, Currency::eur}));
    BOOST_TEST((price_on("2026-01-01")->recurring == Money{100}));
}

BOOST_AUTO_TEST_CASE(two_prices_do_not_begin_on_one_day)
{
    BOOST_TEST(add_price("2026-01-01", 100));
    BOOST_TEST(!add_price("2026-01-01", 90));
    BOOST_TEST(price_on("2026-01-01")->recurring.minor == 100);
    BOOST_TEST(price_on("2026-01-01")->units.size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_listing_has_each_product_once_also_those_not_sold)
{
    const auto offers = with_store([](CatalogueStore& catalogue) { return catalogue.offers_on(fake::day("2026-03-02"), Currency::chf); });
    std::vector<std::string> skus;
    for (const auto& offer : offers) skus.push_back(offer.product.sku);
    BOOST_TEST(std::ranges::count(skus, sku) == 1);
    BOOST_TEST(std::ranges::count(skus, "ipv6-only-vm") == 1);
    BOOST_TEST(skus.front() == "membership");
}

BOOST_AUTO_TEST_CASE(the_demos_machine_costs_30_00)
{
    const auto offer = with_store(
        [](CatalogueStore& catalogue) { return catalogue.offer_on(fake::day("2026-03-02"), Currency::chf, "ipv6-only-vm").value(); });
    BOOST_TEST(domain::charge_for(offer.price.value(), {.cores = 2, .ram_mb = 4096, .os_disk_gb = 20}).recurring.minor == 3000);
}

BOOST_AUTO_TEST_CASE(an_unknown_product_is_none)
{
    with_store(
        [](CatalogueStore& catalogue) { BOOST_TEST(!catalogue.offer_on(fake::day("2026-03-02"), Currency::chf, "bread").has_value()); });
}

BOOST_AUTO_TEST_SUITE_END()
