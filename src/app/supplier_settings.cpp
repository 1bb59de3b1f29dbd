#include "app/supplier_settings.h"

#include "app/config_section.h"
#include "gateway/ovh_supplier.h"
#include "logging/log.h"

namespace app {
namespace {

constexpr std::size_t longest_name = 32;

domain::Millionths decimal(Section& section, const char* key, const std::string& fallback)
{
    auto text = fallback;
    section.read(key, text);
    const auto number = domain::millionths_from(text);
    if (!number) section.fail(key, "must be a decimal number in quotes, such as \"12.5\"");
    return *number;
}

gateway::OvhCredentials read_keys(Section& section)
{
    auto keys = section.secrets("keys_file");
    gateway::OvhCredentials credentials{.application_key = keys["application_key"],
        .application_secret = keys["application_secret"],
        .consumer_key = keys["consumer_key"],
        .client_id = keys["client_id"],
        .client_secret = keys["client_secret"],
        .access_token = keys["access_token"]};
    section.read("token_url", credentials.token_url);
    if (!credentials.any())
        section.fail(
            "keys_file", "must name a file with application_key, application_secret and consumer_key, or client_id and client_secret");
    return credentials;
}

std::vector<domain::MarginRule> read_margins(Section& section)
{
    std::vector<domain::MarginRule> rules;
    for (auto& table : section.sections("margin")) {
        domain::MarginRule rule;
        table.read("plans", rule.plans);
        rule.percent = decimal(table, "percent", "0");
        table.read("fixed", rule.fixed_minor);
        table.read("round_to", rule.step_minor);
        table.finish();
        if (rule.step_minor < 1) table.fail("round_to", "must be at least 1, in minor units");
        rules.push_back(std::move(rule));
    }
    return rules;
}

std::map<domain::Currency, domain::Millionths> read_rates(Section section)
{
    std::map<domain::Currency, domain::Millionths> rates;
    for (const auto currency : {domain::Currency::chf, domain::Currency::eur}) {
        const std::string code{domain::to_text(currency)};
        const auto rate = decimal(section, code.c_str(), "0");
        if (rate.value > 0) rates[currency] = rate;
    }
    section.finish();
    return rates;
}

void read_pauses(Section& section, service::SupplierRules& rules)
{
    std::chrono::seconds first{10}, longest{600};
    section.read("first_pause_seconds", first);
    section.read("longest_pause_seconds", longest);
    if (first.count() < 1 || longest < first) section.fail("first_pause_seconds", "must be at least 1, and at most longest_pause_seconds");
    rules.first_pause = first;
    rules.longest_pause = longest;
    rules.tolerance_permille = static_cast<int>(decimal(section, "price_tolerance_percent", "0").value / 100'000);
}

void read_api(Section& section, gateway::OvhSettings& api)
{
    section.read("url", api.url);
    section.read("ca_file", api.ca_file);
    std::chrono::seconds timeout{20};
    section.read("timeout_seconds", timeout);
    if (timeout.count() < 1 || timeout.count() > 40) section.fail("timeout_seconds", "must be 1 to 40");
    api.timeout = timeout;
    api.tries = 2; // what fails for longer is tried again by the supply itself
    api.credentials = read_keys(section);
    api.observe = [](const gateway::OvhCallNote& note) {
        if (note.status == 200) return;
        logging::event("info", "supplier_call",
            {{"call", note.method + ' ' + note.path}, {"status", std::to_string(note.status)}, {"error", note.error_code},
                {"query", note.query_id}, {"fault", note.fault}});
    };
}

} // namespace

std::unique_ptr<gateway::Supplier> SupplierSettings::make() const { return gateway::make_ovh_supplier(api, subsidiary); }

SupplierSettings read_supplier(Section section)
{
    SupplierSettings supplier;
    auto& name = supplier.orders.name;
    section.read("name", name);
    if (name.empty()) {
        section.finish(); // nothing can be set of nobody
        return supplier;
    }
    if (name.size() > longest_name) section.fail("name", "must have at most 32 characters");
    section.read("subsidiary", supplier.subsidiary);
    if (supplier.subsidiary.empty()) section.fail("subsidiary", "must be set, such as FR or CH: it decides the supplier's prices");
    read_api(section, supplier.api);
    read_pauses(section, supplier.orders);
    supplier.import = {.supplier = name, .margins = read_margins(section), .rates = read_rates(section.section("rates"))};
    section.read("code_prefix", supplier.import.code_prefix);
    supplier.bills.supplier = name;
    section.read("bills_every_seconds", supplier.bills.every);
    section.finish();
    return supplier;
}

} // namespace app
