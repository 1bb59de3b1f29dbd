#include "app/commands.h"

#include "app/app.h"
#include "app/operator.h"
#include "service/administration.h"

#include <CLI/CLI.hpp>

#include <charconv>
#include <stdexcept>

namespace app {
namespace {

struct PriceArguments {
    std::string sku{};
    std::string from{}; ///< YYYY-MM-DD, empty: today
    std::string currency{"CHF"};
    std::int64_t setup{0};
    std::int64_t recurring{0};
    std::vector<std::string> units{}; ///< UNIT=MINOR
};

struct Parts {
    App app{"uncloud", std::chrono::minutes{10}};
    service::Administration administration{app.database, *app.clock, app.config.share + "/reports"};
};

domain::UnitPrice unit_price_of(const std::string& text, domain::Currency currency)
{
    const auto equals = text.find('=');
    domain::UnitPrice price{.unit = text.substr(0, equals), .setup = {0, currency}, .recurring = {0, currency}};
    const bool known = price.unit == "core" || price.unit == "ram_half_gb" || price.unit == "ssd_gb" || price.unit == "gib";
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(equals == std::string::npos ? end : text.data() + equals + 1, end, price.recurring.minor);
    if (!known || error != std::errc{} || stop != end || price.recurring.minor < 0)
        throw std::invalid_argument{"--unit must be core, ram_half_gb, ssd_gb or gib, =, and an amount in minor units: " + text};
    return price;
}

void set_price(std::ostream& out, const PriceArguments& arguments)
{
    const auto currency = *domain::currency_from(arguments.currency);
    const auto from = domain::date_from(arguments.from);
    if (!arguments.from.empty() && !from) throw std::invalid_argument{"--from must be a day, YYYY-MM-DD"};
    Parts parts;
    service::NewPrice price{.sku = arguments.sku,
        .currency = currency,
        .price = {.valid_from = from ? *from : parts.app.clock->today(),
            .setup = {arguments.setup, currency},
            .recurring = {arguments.recurring, currency}}};
    for (const auto& unit : arguments.units) price.price.units.push_back(unit_price_of(unit, currency));
    parts.app.database.transact([&](store::Session& session) { parts.administration.set_price(session, price, operator_name()); });
    out << arguments.sku << " has a new price from " << domain::to_text(price.price.valid_from) << '\n';
}

} // namespace

void add_price_commands(CLI::App& cli, std::ostream& out)
{
    static PriceArguments added;

    auto* price = cli.add_subcommand("price", "the price list")->require_subcommand(1);
    auto* set = price->add_subcommand("set", "add a price that begins today or later; running orders keep theirs");
    set->add_option("sku", added.sku)->required();
    set->add_option("--from", added.from, "first day, YYYY-MM-DD; default today");
    set->add_option("--currency", added.currency, "CHF or EUR")->check(CLI::IsMember({"CHF", "EUR"}));
    set->add_option("--setup", added.setup, "once, in minor units")->check(CLI::Range(std::int64_t{0}, std::int64_t{1'000'000'000}));
    set->add_option("--recurring", added.recurring, "per interval, in minor units")
        ->check(CLI::Range(std::int64_t{0}, std::int64_t{1'000'000'000}));
    set->add_option("--unit", added.units, "UNIT=MINOR per interval: core, ram_half_gb, ssd_gb, gib; may be repeated");
    set->callback([&] { set_price(out, added); });
}

} // namespace app
