#include "app/commands.h"

#include "api/table_text.h"
#include "app/app.h"
#include "app/operator.h"
#include "domain/refusal.h"
#include "store/audit_store.h"
#include "store/plan_store.h"

#include <CLI/CLI.hpp>

#include <optional>
#include <stdexcept>

namespace app {
namespace {

struct PlanPriceArguments {
    std::string code{};
    std::string currency{"CHF"};
    std::string mode{"default"};
    std::string duration{"P1M"}; ///< months or years
    int commitment{0};           ///< months
    std::string from{};          ///< YYYY-MM-DD; empty: today
    std::int64_t setup{0};       ///< minor units, without tax
    std::int64_t recurring{0};
};

constexpr int usual_max_quantity = 20;

domain::PlanPricing pricing_of(const PlanPriceArguments& arguments, domain::Currency currency)
{
    const auto duration = domain::interval_from(arguments.duration);
    if (!duration || !domain::months_in(*duration))
        throw std::invalid_argument{"--duration must be months or years, such as P1M or P1Y: " + arguments.duration};
    return {.mode = arguments.mode,
        .duration = *duration,
        .commitment_months = arguments.commitment,
        .setup = {arguments.setup, currency},
        .recurring = {arguments.recurring, currency}};
}

domain::Refusal unknown(const std::string& code)
{
    return {domain::Reason::unknown_product, "there is no plan " + code + "; `uncloud plan list` lists them"};
}

/// The plans of servers and options with their prices of today.
void list_plans(std::ostream& out, const std::string& currency)
{
    App app{"uncloud"};
    store::Table table{.columns = {"code", "kind", "family", "name", "sold", "mode", "duration", "setup", "recurring"},
        .numeric = {false, false, false, false, false, false, false, true, true}};
    const auto plans = app.database.read(
        [&](store::Session& session) { return store::PlanStore{session}.all(*domain::currency_from(currency), app.clock->today()); });
    for (const auto& plan : plans) {
        const std::vector<std::optional<std::string>> row{
            plan.code, std::string{domain::to_text(plan.kind)}, plan.family, plan.name, plan.sold ? "yes" : "no"};
        for (const auto& pricing : plan.pricings) {
            table.rows.push_back(row);
            for (const auto& cell : {pricing.mode, domain::to_text(pricing.duration), std::to_string(pricing.setup.minor),
                     std::to_string(pricing.recurring.minor)})
                table.rows.back().push_back(cell);
        }
        if (!plan.pricings.empty()) continue;
        table.rows.push_back(row);
        table.rows.back().resize(table.columns.size()); // no price in this currency
    }
    out << api::plain_of(table);
}

/// Adds a price that begins today or later. What is in carts or was bought keeps its own.
/// @throws std::invalid_argument for arguments that make no sense; domain::Refusal unknown_product, price_exists, price_in_the_past
void set_plan_price(std::ostream& out, const PlanPriceArguments& arguments)
{
    App app{"uncloud"};
    const auto currency = *domain::currency_from(arguments.currency);
    auto pricing = pricing_of(arguments, currency);
    const auto from = arguments.from.empty() ? app.clock->today() : domain::date_from(arguments.from).value_or(domain::Date{});
    if (!from.ok()) throw std::invalid_argument{"--from must be a day, YYYY-MM-DD: " + arguments.from};
    if (from < app.clock->today())
        throw domain::Refusal{domain::Reason::price_in_the_past, "a price can begin today or later, not in the past"};
    const auto told = arguments.currency + ' ' + arguments.mode + ' ' + arguments.duration + " from " + domain::to_text(from);
    app.database.transact([&](store::Session& session) {
        store::PlanStore plans{session};
        const auto plan = plans.by_code(arguments.code, currency, from);
        if (!plan) throw unknown(arguments.code);
        const auto* before = domain::pricing_of(*plan, arguments.mode, arguments.duration);
        pricing.max_quantity = before ? before->max_quantity : usual_max_quantity;
        if (!plans.add_price(plan->id, pricing, from))
            throw domain::Refusal{domain::Reason::price_exists, arguments.code + " has a price " + told + " already"};
        store::AuditStore{session}.add({.at = app.clock->now(),
            .actor = operator_name(),
            .action = "plan_price.set",
            .subject = arguments.code,
            .detail = told + ": " + domain::to_text(pricing.setup) + " once, " + domain::to_text(pricing.recurring)});
    });
    out << arguments.code << " has a new price " << told << '\n';
}

/// From now on the plan is in offers and catalogues, or in none. @throws domain::Refusal unknown_product
void sell_plan(std::ostream& out, const std::string& code, bool sold)
{
    App app{"uncloud"};
    app.database.transact([&](store::Session& session) {
        if (!store::PlanStore{session}.sell(code, sold)) throw unknown(code);
        store::AuditStore{session}.add(
            {.at = app.clock->now(), .actor = operator_name(), .action = sold ? "plan.sell" : "plan.stop", .subject = code, .detail = ""});
    });
    out << code << (sold ? " is sold\n" : " is not sold any more; who has one keeps it\n");
}

} // namespace

void add_plan_commands(CLI::App& cli, std::ostream& out)
{
    static PlanPriceArguments price;
    static std::string currency{"CHF"}, code;
    const CLI::Range amount{std::int64_t{0}, std::int64_t{1'000'000'000}};
    const CLI::IsMember currencies{{"CHF", "EUR"}};

    auto* plan = cli.add_subcommand("plan", "dedicated servers and their options")->require_subcommand(1);
    auto* list = plan->add_subcommand("list", "all plans with their prices of today, in minor units without tax");
    list->add_option("--currency", currency, "CHF or EUR")->check(currencies);
    list->callback([&out] { list_plans(out, currency); });

    auto* set = plan->add_subcommand("set", "add a price that begins today or later; carts and running orders keep theirs");
    set->add_option("code", price.code)->required();
    set->add_option("--from", price.from, "first day, YYYY-MM-DD; default today");
    set->add_option("--currency", price.currency, "CHF or EUR")->check(currencies);
    set->add_option("--mode", price.mode, "default, upfront12 …");
    set->add_option("--duration", price.duration, "a period of its billing: P1M, P1Y");
    set->add_option("--commitment", price.commitment, "months one is bound to it")->check(CLI::Range(0, 60));
    set->add_option("--setup", price.setup, "once, in minor units without tax")->check(amount);
    set->add_option("--recurring", price.recurring, "per period, in minor units without tax")->required()->check(amount);
    set->callback([&out] { set_plan_price(out, price); });

    for (const bool sold : {false, true}) {
        auto* command = plan->add_subcommand(sold ? "sell" : "stop", sold ? "put a plan on sale again" : "sell a plan no more");
        command->add_option("code", code)->required();
        command->callback([&out, sold] { sell_plan(out, code, sold); });
    }
}

} // namespace app
