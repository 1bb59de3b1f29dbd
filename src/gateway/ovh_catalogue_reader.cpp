#include "gateway/ovh_catalogue_reader.h"

#include "gateway/ovh_values.h"

#include <algorithm>
#include <map>
#include <set>

namespace gateway {
namespace {

using domain::Interval;
using domain::PlanKind;
using domain::SupplierCatalogue;
using domain::SupplierPlan;
using domain::SupplierPricing;

constexpr int default_max_quantity = 20;

bool has_capacity(JsonNode pricing, const std::string& wanted)
{
    return std::ranges::any_of(pricing.items({"capacities"}), [&](JsonNode capacity) { return capacity.text({}) == wanted; });
}

std::optional<Interval> interval_of(JsonNode pricing)
{
    const auto count = static_cast<int>(pricing.number({"interval"}).value_or(0));
    const auto unit = pricing.text({"intervalUnit"});
    if (count < 1 || count > 120) return std::nullopt;
    if (unit == "month" && count % 12 == 0) return Interval{count / 12, Interval::Unit::year};
    if (unit == "month") return Interval{count, Interval::Unit::month};
    return std::nullopt; // by the hour or the day: nothing that is billed in advance
}

/// What is paid once and what is paid for each period stand apart, bound by the mode.
std::vector<SupplierPricing> pricings_of(JsonNode plan, domain::Currency currency)
{
    std::map<std::string, domain::Money> setups;
    std::vector<SupplierPricing> pricings;
    for (const auto& pricing : plan.items({"pricings"})) {
        const auto price = ovh_money(pricing.number({"price"}).value_or(0), currency);
        const auto mode = pricing.text({"mode"});
        if (has_capacity(pricing, "installation")) setups[mode] = price;
        const auto interval = interval_of(pricing);
        if (!interval || !has_capacity(pricing, "renew")) continue;
        const auto known =
            std::ranges::any_of(pricings, [&](const SupplierPricing& each) { return each.mode == mode && each.duration == *interval; });
        if (known) continue; // later phases of the same contract
        pricings.push_back({.mode = mode,
            .duration = *interval,
            .commitment_months = static_cast<int>(pricing.number({"commitment"}).value_or(0)),
            .max_quantity = static_cast<int>(
                std::clamp<std::int64_t>(pricing.number({"quantity", "max"}).value_or(default_max_quantity), 1, default_max_quantity)),
            .setup = {0, currency},
            .recurring = price});
    }
    for (auto& pricing : pricings)
        if (const auto setup = setups.find(pricing.mode); setup != setups.end()) pricing.setup = setup->second;
    return pricings;
}

std::vector<domain::PlanLabel> labels_of(JsonNode plan)
{
    std::vector<domain::PlanLabel> labels;
    for (const auto& configuration : plan.items({"configurations"})) {
        domain::PlanLabel label{.name = configuration.text({"name"}), .type = "String", .required = configuration.flag({"isMandatory"})};
        std::vector<std::string> values;
        for (const auto& value : configuration.items({"values"})) values.push_back(value.text({}));
        if (!values.empty()) label.allowed = std::move(values);
        labels.push_back(std::move(label));
    }
    return labels;
}

SupplierPlan plan_of(JsonNode plan, PlanKind kind, const std::string& product, domain::Currency currency)
{
    SupplierPlan read{.code = plan.text({"planCode"}),
        .kind = kind,
        .name = plan.text({"invoiceName"}),
        .family = plan.text({"family"}),
        .product = product,
        .pricings = pricings_of(plan, currency),
        .labels = labels_of(plan)};
    for (const auto& family : plan.items({"addonFamilies"})) {
        auto& options = read.families.emplace_back(domain::SupplierOptionFamily{.name = family.text({"name"}),
            .mandatory = family.flag({"mandatory"}),
            .exclusive = family.flag({"exclusive"}),
            .preset = family.text({"default"})});
        for (const auto& addon : family.items({"addons"})) options.options.push_back(addon.text({}));
    }
    return read;
}

/// An option belongs to the family through which a server takes it.
void name_option_families(SupplierCatalogue& catalogue)
{
    std::map<std::string, std::string> family_of;
    for (const auto& plan : catalogue.plans)
        for (const auto& family : plan.families)
            for (const auto& option : family.options) family_of.emplace(option, family.name);
    for (auto& plan : catalogue.plans)
        if (plan.kind == PlanKind::option && family_of.contains(plan.code)) plan.family = family_of[plan.code];
}

void add(SupplierCatalogue& catalogue, std::set<std::string>& known, SupplierPlan plan)
{
    if (!plan.code.empty() && !plan.pricings.empty() && known.insert(plan.code).second) catalogue.plans.push_back(std::move(plan));
}

bool read_public(SupplierCatalogue& catalogue, std::set<std::string>& known, JsonNode body, const std::string& product)
{
    const auto currency = domain::currency_from(body.text({"locale", "currencyCode"}));
    if (!currency) return false;
    catalogue.currency = *currency;
    for (const auto& plan : body.items({"plans"})) add(catalogue, known, plan_of(plan, PlanKind::server, product, *currency));
    for (const auto& addon : body.items({"addons"})) add(catalogue, known, plan_of(addon, PlanKind::option, product, *currency));
    return true;
}

domain::Money price_or_zero(JsonNode price, domain::Currency currency) { return ovh_money(price).value_or(domain::Money{0, currency}); }

bool read_formatted(SupplierCatalogue& catalogue, std::set<std::string>& known, JsonNode body)
{
    const auto currency = domain::currency_from(body.text({"metadatas", "currency", "code"}));
    if (!currency) return false;
    catalogue.currency = *currency;
    const auto monthly = [&](domain::Money setup, domain::Money renew) {
        return std::vector<SupplierPricing>{
            {.mode = "default", .duration = Interval{}, .max_quantity = default_max_quantity, .setup = setup, .recurring = renew}};
    };
    for (const auto& product : body.items({"products"})) {
        const auto prices = product.at({"prices", "default"});
        SupplierPlan server{.code = product.text({"code"}),
            .kind = PlanKind::server,
            .name = product.text({"invoiceName"}),
            .family = product.text({"family"}),
            .product = "dedicated",
            .pricings = monthly(price_or_zero(prices.at({"installation"}), *currency), price_or_zero(prices.at({"renew"}), *currency))};
        for (const auto& family : product.items({"addonsFamily"})) {
            auto& options = server.families.emplace_back(domain::SupplierOptionFamily{.name = family.text({"family"}), .exclusive = true});
            for (const auto& addon : family.items({"addons"})) {
                options.options.push_back(addon.text({"code"}));
                add(catalogue, known,
                    {.code = addon.text({"code"}),
                        .kind = PlanKind::option,
                        .name = addon.text({"name"}),
                        .product = "dedicated",
                        .pricings = monthly({0, *currency}, price_or_zero(addon.at({"price"}), *currency))});
            }
        }
        add(catalogue, known, std::move(server));
    }
    return true;
}

} // namespace

SupplierReply<SupplierCatalogue> read_ovh_catalogue(OvhClient& client, const std::string& subsidiary)
{
    const auto foreign = [&] {
        return SupplierReply<SupplierCatalogue>{
            SupplierOutcome::refused, {}, "the catalogue of subsidiary " + subsidiary + " is in a currency in which no books are kept"};
    };
    SupplierCatalogue catalogue;
    std::set<std::string> known;
    for (const auto* product : {"baremetalServers", "eco"}) {
        const auto reply =
            client.get(ovh_path(std::string{"/order/catalog/public/"} + product, {{"ovhSubsidiary", subsidiary}}), OvhAccess::open);
        if (outcome_of(reply) == SupplierOutcome::absent) continue;
        if (!reply.ok()) return without_value<SupplierCatalogue>(reply);
        if (!read_public(catalogue, known, reply.body(), product)) return foreign();
    }
    if (catalogue.plans.empty()) {
        const auto reply = client.get(ovh_path("/order/catalog/formatted/dedicated", {{"ovhSubsidiary", subsidiary}}), OvhAccess::open);
        if (!reply.ok()) return without_value<SupplierCatalogue>(reply);
        if (!read_formatted(catalogue, known, reply.body())) return foreign();
    }
    name_option_families(catalogue);
    return {SupplierOutcome::done, std::move(catalogue), ""};
}

} // namespace gateway
