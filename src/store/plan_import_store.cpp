#include "store/plan_import_store.h"

#include "store/sql.h"
#include "store/statement.h"

namespace store {
namespace {

using Texts = std::vector<std::string>;
using Numbers = std::vector<std::int64_t>;
using OptionalTexts = std::vector<std::optional<std::string>>;

/// A JSON list of texts.
std::string json_list(const std::vector<std::string>& values)
{
    constexpr const char* digits = "0123456789abcdef";
    std::string json{'['};
    for (const auto& value : values) {
        json += json.size() > 1 ? ",\"" : "\"";
        for (const char c : value) {
            const auto byte = static_cast<unsigned char>(c);
            if (byte < 0x20) json += std::string{"\\u00"} + digits[byte >> 4] + digits[byte & 15];
            else if (c == '"' || c == '\\') json += std::string{'\\'} + c;
            else json += c;
        }
        json += '"';
    }
    return json + ']';
}

} // namespace

std::map<std::string, PlanImportStore::Known> PlanImportStore::lock_all()
{
    std::map<std::string, Known> plans;
    const auto rows =
        select<std::int64_t, std::string, std::string, bool>(session_, "SELECT id, code, supplier, sold FROM plans ORDER BY id FOR UPDATE");
    for (const auto& [id, code, supplier, sold] : rows) plans[code] = {id, supplier, sold};
    return plans;
}

void PlanImportStore::write_plans(const std::string& supplier, const std::vector<ImportedPlan>& plans)
{
    Texts codes, kinds, names, families, suppliers, supplier_codes, products;
    for (const auto& each : plans) {
        codes.push_back(each.code);
        kinds.emplace_back(domain::to_text(each.plan.kind));
        names.push_back(each.plan.name.substr(0, 160));
        families.push_back(each.plan.family.substr(0, 64));
        suppliers.push_back(supplier);
        supplier_codes.push_back(each.supplier_code);
        products.push_back(each.plan.product);
    }
    execute_bulk(session_,
        "INSERT INTO plans (code, kind, name, family, supplier, supplier_code, supplier_product) VALUES (?, ?, ?, ?, ?, ?, ?)"
        " ON DUPLICATE KEY UPDATE kind = VALUES(kind), name = VALUES(name), family = VALUES(family), sold = TRUE,"
        " supplier_code = VALUES(supplier_code), supplier_product = VALUES(supplier_product)",
        codes, kinds, names, families, suppliers, supplier_codes, products);
}

void PlanImportStore::stop_selling(const std::vector<std::int64_t>& plans)
{
    execute_bulk(session_, "UPDATE plans SET sold = FALSE WHERE id = ?", plans);
}

void PlanImportStore::write_choices(
    const std::string& supplier, const std::vector<ImportedPlan>& plans, const std::map<std::string, std::int64_t>& ids)
{
    execute(session_, "DELETE l FROM plan_labels l JOIN plans p ON p.id = l.plan_id WHERE p.supplier = ?", supplier);
    execute(session_, "DELETE o FROM plan_options o JOIN plans p ON p.id = o.plan_id WHERE p.supplier = ?", supplier);
    execute(session_, "DELETE f FROM plan_option_families f JOIN plans p ON p.id = f.plan_id WHERE p.supplier = ?", supplier);

    Numbers label_plans, label_positions, required, family_plans, family_positions, mandatory, exclusive, option_plans, options,
        option_positions, defaults;
    Texts labels, types, families, option_families;
    OptionalTexts allowed;
    for (const auto& each : plans) {
        const auto id = ids.at(each.code);
        for (std::int64_t position = 0; const auto& label : each.plan.labels) {
            label_plans.push_back(id);
            labels.push_back(label.name);
            label_positions.push_back(++position);
            types.push_back(label.type);
            required.push_back(label.required);
            allowed.push_back(label.allowed ? std::optional{json_list(*label.allowed)} : std::nullopt);
        }
        for (std::int64_t position = 0; const auto& family : each.plan.families) {
            family_plans.push_back(id);
            families.push_back(family.name);
            family_positions.push_back(++position);
            mandatory.push_back(family.mandatory);
            exclusive.push_back(family.exclusive);
            for (std::int64_t place = 0; const auto& option : family.options) {
                const auto of = ids.find(option);
                if (of == ids.end()) continue; // named, but not sold
                option_plans.push_back(id);
                option_families.push_back(family.name);
                options.push_back(of->second);
                option_positions.push_back(++place);
                defaults.push_back(option == family.preset);
            }
        }
    }
    execute_bulk(session_,
        "INSERT INTO plan_labels (plan_id, label, position, type, required, allowed_values) VALUES (?, ?, ?, ?, ?, ?)"
        " ON DUPLICATE KEY UPDATE position = VALUES(position)",
        label_plans, labels, label_positions, types, required, allowed);
    execute_bulk(session_,
        "INSERT INTO plan_option_families (plan_id, family, position, mandatory, exclusive) VALUES (?, ?, ?, ?, ?)"
        " ON DUPLICATE KEY UPDATE position = VALUES(position)",
        family_plans, families, family_positions, mandatory, exclusive);
    execute_bulk(session_,
        "INSERT INTO plan_options (plan_id, family, option_id, position, is_default) VALUES (?, ?, ?, ?, ?)"
        " ON DUPLICATE KEY UPDATE position = VALUES(position)",
        option_plans, option_families, options, option_positions, defaults);
}

std::vector<ImportedPrice> PlanImportStore::prices(const std::string& supplier, domain::Date day)
{
    std::vector<ImportedPrice> prices;
    const auto rows = select<std::int64_t, std::string, std::string, std::string, int, int, std::int64_t, std::int64_t, std::string,
        std::int64_t, std::int64_t, bool>(session_,
        "SELECT c.plan_id, c.currency, c.pricing_mode, c.duration, c.commitment_months, c.max_quantity, c.setup_minor, c.recurring_minor,"
        " COALESCE(c.cost_currency, c.currency), COALESCE(c.cost_setup_minor, -1), COALESCE(c.cost_recurring_minor, -1), c.withdrawn"
        " FROM (SELECT x.plan_id, x.currency, x.pricing_mode, x.duration, MAX(x.valid_from) AS valid_from FROM plan_prices x"
        "  JOIN plans p ON p.id = x.plan_id WHERE p.supplier = ? AND x.valid_from <= ?"
        "  GROUP BY x.plan_id, x.currency, x.pricing_mode, x.duration) newest"
        " JOIN plan_prices c USING (plan_id, currency, pricing_mode, duration, valid_from)",
        supplier, to_sql(day));
    for (const auto& [plan, currency, mode, duration, commitment, max_quantity, setup, recurring, cost_currency, cost_setup, cost_recurring,
             withdrawn] : rows)
        prices.push_back({plan, money_of(0, currency).currency, mode, duration, commitment, max_quantity, setup, recurring,
            money_of(cost_setup, cost_currency), money_of(cost_recurring, cost_currency), withdrawn});
    return prices;
}

void PlanImportStore::write_prices(const std::vector<ImportedPrice>& prices, domain::Date from)
{
    Numbers plans, commitments, setups, recurrings, max_quantities, cost_setups, cost_recurrings, withdrawn;
    Texts currencies, modes, durations, cost_currencies;
    for (const auto& price : prices) {
        plans.push_back(price.plan);
        currencies.emplace_back(domain::to_text(price.currency));
        modes.push_back(price.mode);
        durations.push_back(price.duration);
        commitments.push_back(price.commitment_months);
        setups.push_back(price.setup);
        recurrings.push_back(price.recurring);
        max_quantities.push_back(price.max_quantity);
        cost_currencies.emplace_back(domain::to_text(price.cost_setup.currency));
        cost_setups.push_back(price.cost_setup.minor);
        cost_recurrings.push_back(price.cost_recurring.minor);
        withdrawn.push_back(price.withdrawn);
    }
    execute_bulk(session_,
        "INSERT INTO plan_prices (plan_id, currency, pricing_mode, duration, commitment_months, valid_from, setup_minor, recurring_minor,"
        " max_quantity, cost_currency, cost_setup_minor, cost_recurring_minor, withdrawn) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " ON DUPLICATE KEY UPDATE commitment_months = VALUES(commitment_months), setup_minor = VALUES(setup_minor),"
        " recurring_minor = VALUES(recurring_minor), max_quantity = VALUES(max_quantity), cost_currency = VALUES(cost_currency),"
        " cost_setup_minor = VALUES(cost_setup_minor), cost_recurring_minor = VALUES(cost_recurring_minor), withdrawn = VALUES(withdrawn)",
        plans, currencies, modes, durations, commitments, Texts(plans.size(), to_sql(from)), setups, recurrings, max_quantities,
        cost_currencies, cost_setups, cost_recurrings, withdrawn);
}

void PlanImportStore::write_rate(
    const std::string& supplier, domain::Currency cost, domain::Currency price, domain::Millionths rate, domain::Date from)
{
    execute(session_,
        "INSERT INTO supplier_rates (supplier, cost_currency, currency, valid_from, rate) SELECT ?, ?, ?, ?, CAST(? AS DECIMAL(18,6))"
        " WHERE NOT COALESCE((SELECT r.rate FROM supplier_rates r WHERE r.supplier = ? AND r.cost_currency = ? AND r.currency = ?"
        "  AND r.valid_from <= ? ORDER BY r.valid_from DESC LIMIT 1) = CAST(? AS DECIMAL(18,6)), FALSE)"
        " ON DUPLICATE KEY UPDATE rate = VALUES(rate)",
        supplier, domain::to_text(cost), domain::to_text(price), to_sql(from), domain::to_text(rate), supplier, domain::to_text(cost),
        domain::to_text(price), to_sql(from), domain::to_text(rate));
}

} // namespace store
