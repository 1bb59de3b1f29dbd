#include "app/plan_commands.h"

#include "api/table_text.h"
#include "app/app.h"
#include "app/operator.h"
#include "domain/refusal.h"
#include "store/audit_store.h"
#include "store/plan_store.h"

#include <optional>
#include <stdexcept>

namespace app {
namespace {

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

} // namespace

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

} // namespace app
