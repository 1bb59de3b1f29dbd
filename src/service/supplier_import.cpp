#include "service/supplier_import.h"

#include "domain/refusal.h"
#include "store/audit_store.h"

#include <algorithm>
#include <set>
#include <tuple>

namespace service {
namespace {

using store::ImportedPlan;
using store::ImportedPrice;

/// What a price is the price of.
auto key_of(const ImportedPrice& price) { return std::tuple{price.plan, price.currency, price.mode, price.duration}; }

ImportedPrice price_of(std::int64_t plan, const domain::SupplierPricing& pricing, const domain::MarginRule& rule, domain::Currency currency,
    domain::Millionths rate)
{
    const auto sold_for = [&](domain::Money cost, bool is_recurring) {
        return domain::price_with_margin(domain::converted(cost, currency, rate), rule, is_recurring).minor;
    };
    return {.plan = plan,
        .currency = currency,
        .mode = pricing.mode,
        .duration = domain::to_text(pricing.duration),
        .commitment_months = pricing.commitment_months,
        .max_quantity = pricing.max_quantity,
        .setup = sold_for(pricing.setup, false),
        .recurring = sold_for(pricing.recurring, true),
        .cost_setup = pricing.setup,
        .cost_recurring = pricing.recurring};
}

} // namespace

ImportReport SupplierImport::run(const domain::SupplierCatalogue& catalogue, bool dry_run, const std::string& actor)
{
    const auto work = [&](store::Session& session) { return write(session, catalogue, actor); };
    return dry_run ? database_.rehearse(work) : database_.transact(work);
}

ImportReport SupplierImport::write(store::Session& session, const domain::SupplierCatalogue& catalogue, const std::string& actor)
{
    store::PlanImportStore store{session};
    const auto plans = ours(catalogue);
    ImportReport report{.plans = plans.size()};
    const auto before = store.lock_all();
    std::set<std::string> codes;
    for (const auto& plan : plans) {
        codes.insert(plan.code);
        const auto known = before.find(plan.code);
        if (known == before.end()) ++report.added;
        else if (known->second.supplier != rules_.supplier)
            throw domain::Refusal{domain::Reason::reference_in_use,
                "there is a plan " + plan.code + " that is not of " + rules_.supplier + ": set supplier.code_prefix"};
    }
    store.write_plans(rules_.supplier, plans);
    std::vector<std::int64_t> vanished;
    for (const auto& [code, known] : before)
        if (known.supplier == rules_.supplier && known.sold && !codes.contains(code)) vanished.push_back(known.id);
    store.stop_selling(vanished);
    report.withdrawn = vanished.size();

    std::map<std::string, std::int64_t> ids;
    for (const auto& [code, known] : store.lock_all())
        if (known.supplier == rules_.supplier) ids[code] = known.id;
    store.write_choices(rules_.supplier, plans, ids);
    report.new_prices = write_prices(store, catalogue, plans, ids);
    store::AuditStore{session}.add({.at = clock_.now(),
        .actor = actor,
        .action = "supplier.import",
        .subject = rules_.supplier,
        .detail = std::to_string(report.plans) + " plans, " + std::to_string(report.added) + " new, " + std::to_string(report.withdrawn)
            + " withdrawn, " + std::to_string(report.new_prices) + " new prices"});
    return report;
}

std::vector<ImportedPlan> SupplierImport::ours(const domain::SupplierCatalogue& catalogue) const
{
    std::vector<ImportedPlan> plans;
    for (const auto& plan : catalogue.plans) {
        auto& own = plans.emplace_back(ImportedPlan{rules_.code_prefix + plan.code, plan.code, plan});
        for (auto& family : own.plan.families) {
            if (!family.preset.empty()) family.preset.insert(0, rules_.code_prefix);
            for (auto& option : family.options) option.insert(0, rules_.code_prefix);
        }
    }
    return plans;
}

std::size_t SupplierImport::write_prices(store::PlanImportStore& store, const domain::SupplierCatalogue& catalogue,
    const std::vector<ImportedPlan>& plans, const std::map<std::string, std::int64_t>& ids)
{
    const auto today = clock_.today();
    auto rates = rules_.rates;
    if (rates.empty()) rates[catalogue.currency] = *domain::millionths_from("1");
    for (const auto& [currency, rate] : rates) store.write_rate(rules_.supplier, catalogue.currency, currency, rate, today);

    std::map<decltype(key_of(ImportedPrice{})), ImportedPrice> holding;
    for (const auto& price : store.prices(rules_.supplier, today)) holding.emplace(key_of(price), price);
    std::vector<ImportedPrice> changed;
    for (const auto& plan : plans) {
        const auto rule = domain::margin_rule_for(rules_.margins, plan.supplier_code);
        for (const auto& pricing : plan.plan.pricings) {
            for (const auto& [currency, rate] : rates) {
                const auto price = price_of(ids.at(plan.code), pricing, rule, currency, rate);
                const auto held = holding.extract(key_of(price));
                if (held.empty() || held.mapped() != price) changed.push_back(price);
            }
        }
    }
    for (auto& [key, gone] : holding) { // in this mode, or this currency, it is not to be had any more
        if (gone.withdrawn) continue;
        gone.withdrawn = true;
        changed.push_back(gone);
    }
    store.write_prices(changed, today);
    return changed.size();
}

} // namespace service
