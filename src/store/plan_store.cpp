#include "store/plan_store.h"

#include "store/keys.h"
#include "store/sql.h"
#include "store/statement.h"

#include <algorithm>
#include <map>
#include <stdexcept>

// Every SELECT of plans lists the same columns, in the order of `Row`.
#define PLAN_COLUMNS "SELECT id, code, kind, name, family, specifications, supplier, sold FROM plans "

namespace store {
namespace {

template <class... Args> std::vector<domain::Plan> select_plans(Session& session, const char* sql, const Args&... args)
{
    std::vector<domain::Plan> plans;
    const auto rows =
        select<std::int64_t, std::string, std::string, std::string, std::string, std::string, std::string, bool>(session, sql, args...);
    for (const auto& [id, code, kind, name, family, specifications, supplier, sold] : rows)
        plans.push_back({.id = id,
            .code = code,
            .kind = domain::plan_kind_from(kind),
            .name = name,
            .family = family,
            .specifications = specifications,
            .supplier = supplier,
            .sold = sold});
    return plans;
}

using PlansById = std::map<std::int64_t, domain::Plan*>;

domain::Interval interval_of(const std::string& text)
{
    const auto interval = domain::interval_from(text);
    if (!interval || !domain::months_in(*interval)) throw std::runtime_error{"the duration of a plan's price is not in months"};
    return *interval;
}

template <class... Keys>
void read_pricings(Session& session, const PlansById& plans, domain::Currency currency, domain::Date day, const Keys&... keys)
{
    const auto code = domain::to_text(currency);
    const auto rows = select<std::int64_t, std::string, std::string, int, int, std::int64_t, std::int64_t>(session,
        "SELECT c.plan_id, c.pricing_mode, c.duration, c.commitment_months, c.max_quantity, c.setup_minor, c.recurring_minor"
        " FROM (SELECT plan_id, currency, pricing_mode, duration, MAX(valid_from) AS valid_from FROM plan_prices"
        "  WHERE plan_id IN " STORE_KEYS " AND currency = ? AND valid_from <= ? GROUP BY plan_id, currency, pricing_mode, duration) newest"
        " JOIN plan_prices c USING (plan_id, currency, pricing_mode, duration, valid_from) WHERE NOT c.withdrawn"
        " ORDER BY c.plan_id, c.commitment_months, c.pricing_mode, c.duration",
        keys..., code, to_sql(day));
    for (const auto& [plan, mode, duration, commitment, max_quantity, setup, recurring] : rows)
        plans.at(plan)->pricings.push_back({.mode = mode,
            .duration = interval_of(duration),
            .commitment_months = commitment,
            .max_quantity = max_quantity,
            .setup = {setup, currency},
            .recurring = {recurring, currency}});
}

/// A row for each allowed value, which the server reads out of the JSON list.
template <class... Keys> void read_labels(Session& session, const PlansById& plans, const Keys&... keys)
{
    const auto rows = select<std::int64_t, std::string, std::string, bool, bool, std::optional<std::string>>(session,
        "SELECT l.plan_id, l.label, l.type, l.required, l.allowed_values IS NOT NULL, v.value FROM plan_labels l"
        " LEFT JOIN JSON_TABLE(l.allowed_values, '$[*]' COLUMNS (nth FOR ORDINALITY, value VARCHAR(255) PATH '$')) v ON TRUE"
        " WHERE l.plan_id IN " STORE_KEYS " ORDER BY l.plan_id, l.position, l.label, v.nth",
        keys...);
    for (const auto& [plan, name, type, required, is_restricted, value] : rows) {
        auto& labels = plans.at(plan)->labels;
        if (labels.empty() || labels.back().name != name) {
            labels.push_back({.name = name, .type = type, .required = required});
            if (is_restricted) labels.back().allowed.emplace();
        }
        if (value) labels.back().allowed->push_back(*value);
    }
}

template <class... Keys> void read_families(Session& session, const PlansById& plans, const Keys&... keys)
{
    const auto rows =
        select<std::int64_t, std::string, bool, bool, std::optional<std::int64_t>, std::optional<std::string>, std::optional<bool>>(session,
            "SELECT f.plan_id, f.family, f.mandatory, f.exclusive, o.id, o.code, p.is_default FROM plan_option_families f"
            " LEFT JOIN (plan_options p JOIN plans o ON o.id = p.option_id AND o.sold) ON p.plan_id = f.plan_id AND p.family = f.family"
            " WHERE f.plan_id IN " STORE_KEYS " ORDER BY f.plan_id, f.position, f.family, p.position, o.code",
            keys...);
    for (const auto& [plan, name, mandatory, exclusive, option, code, is_default] : rows) {
        auto& families = plans.at(plan)->families;
        if (families.empty() || families.back().name != name)
            families.push_back({.name = name, .mandatory = mandatory, .exclusive = exclusive});
        if (option) families.back().options.push_back({*option, *code, *is_default});
    }
}

} // namespace

std::vector<domain::Plan> PlanStore::all(domain::Currency currency, domain::Date day)
{
    auto plans = select_plans(session_, PLAN_COLUMNS "ORDER BY id");
    complete(plans, currency, day);
    return plans;
}

std::vector<domain::Plan> PlanStore::offered(domain::Currency currency, domain::Date day)
{
    auto plans = select_plans(session_, PLAN_COLUMNS "WHERE sold ORDER BY id");
    complete(plans, currency, day);
    std::erase_if(plans, [](const domain::Plan& plan) { return !domain::is_offered(plan); });
    return plans;
}

std::optional<domain::Plan> PlanStore::by_code(const std::string& code, domain::Currency currency, domain::Date day)
{
    auto plans = select_plans(session_, PLAN_COLUMNS "WHERE code = ?", code);
    if (plans.empty()) return std::nullopt;
    complete(plans, currency, day);
    return std::move(plans.front());
}

std::vector<domain::Plan> PlanStore::by_ids(const std::vector<std::int64_t>& ids, domain::Currency currency, domain::Date day)
{
    auto wanted = ids;
    std::ranges::sort(wanted);
    wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
    std::vector<domain::Plan> plans;
    for_keys(wanted, [&](const auto&... keys) {
        for (auto& plan : select_plans(session_, PLAN_COLUMNS "WHERE id IN " STORE_KEYS " ORDER BY id", keys...))
            plans.push_back(std::move(plan));
    });
    complete(plans, currency, day);
    return plans;
}

std::vector<domain::Plan> PlanStore::options_of(const domain::Plan& server, domain::Currency currency, domain::Date day)
{
    std::vector<std::int64_t> ids;
    for (const auto& family : server.families)
        for (const auto& option : family.options) ids.push_back(option.plan);
    auto options = by_ids(ids, currency, day);
    std::erase_if(options, [](const domain::Plan& plan) { return !domain::is_offered(plan); });
    std::ranges::sort(options, {}, [&](const domain::Plan& plan) { return std::ranges::find(ids, plan.id) - ids.begin(); });
    return options;
}

bool PlanStore::add_price(std::int64_t plan, const domain::PlanPricing& pricing, domain::Date from)
{
    return unless_duplicate([&] {
        execute(session_,
            "INSERT INTO plan_prices (plan_id, currency, pricing_mode, duration, commitment_months, valid_from, setup_minor,"
            " recurring_minor, max_quantity) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            plan, domain::to_text(pricing.recurring.currency), pricing.mode, domain::to_text(pricing.duration), pricing.commitment_months,
            to_sql(from), pricing.setup.minor, pricing.recurring.minor, pricing.max_quantity);
    });
}

bool PlanStore::sell(const std::string& code, bool sold)
{
    return execute(session_, "UPDATE plans SET sold = ? WHERE code = ?", sold, code) == 1; // rows found, be they changed or not
}

/// Reads what belongs to the plans: their prices of the day, labels, and options.
void PlanStore::complete(std::vector<domain::Plan>& plans, domain::Currency currency, domain::Date day)
{
    PlansById by_id;
    std::vector<std::int64_t> ids;
    for (auto& plan : plans) {
        by_id.emplace(plan.id, &plan);
        ids.push_back(plan.id);
    }
    for_keys(ids, [&](const auto&... keys) {
        read_pricings(session_, by_id, currency, day, keys...);
        read_labels(session_, by_id, keys...);
        read_families(session_, by_id, keys...);
    });
}

} // namespace store

#undef PLAN_COLUMNS
