#include "client/catalogue.h"

#include "client/failure.h"
#include "client/selection.h"
#include "client/table.h"

#include <algorithm>
#include <cctype>

namespace client {
namespace {

using gateway::JsonNode;

std::string lower(std::string text)
{
    std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

bool has_capacity(JsonNode pricing, const char* capacity) { return std::ranges::count(texts_in(pricing.at({"capacities"})), capacity) > 0; }

/// Of the public catalogue's prices that without commitment and, for what recurs, a month's.
std::optional<Amount> public_price(JsonNode plan, const char* capacity, const std::string& currency)
{
    for (const auto& pricing : plan.items({"pricings"})) {
        const bool monthly = pricing.text({"intervalUnit"}) == "month" && pricing.number({"interval"}) == 1;
        const bool fits =
            pricing.text({"mode"}) == "default" && has_capacity(pricing, capacity) && (monthly || capacity != std::string_view{"renew"});
        if (const auto price = pricing.number({"price"}); fits && price) return Amount{*price, currency};
    }
    return std::nullopt;
}

std::vector<std::string> public_datacenters(JsonNode plan)
{
    for (const auto& configuration : plan.items({"configurations"}))
        if (configuration.text({"name"}).ends_with("_datacenter")) return texts_in(configuration.at({"values"}));
    return {};
}

std::vector<CataloguePlan> plans_in_public(JsonNode catalogue)
{
    const auto currency = catalogue.text({"locale", "currencyCode"});
    std::vector<CataloguePlan> plans;
    for (const auto& plan : catalogue.items({"plans"}))
        plans.push_back({.code = plan.text({"planCode"}),
            .name = plan.text({"invoiceName"}),
            .family = plan.text({"family"}),
            .setup = public_price(plan, "installation", currency),
            .recurring = public_price(plan, "renew", currency),
            .datacenters = public_datacenters(plan)});
    return plans;
}

std::optional<Amount> formatted_price(JsonNode product, const char* kind)
{
    const auto price = product.at({"prices", "default", kind});
    return price.is_null() ? std::nullopt : std::optional{amount_in(price)};
}

std::vector<CataloguePlan> plans_in_formatted(JsonNode catalogue)
{
    std::vector<CataloguePlan> plans;
    for (const auto& product : catalogue.items({"products"}))
        plans.push_back({.code = product.text({"code"}),
            .name = product.text({"invoiceName"}),
            .family = product.text({"family"}),
            .setup = formatted_price(product, "installation"),
            .recurring = formatted_price(product, "renew"),
            .datacenters = texts_in(product.at({"datacenters"}))});
    return plans;
}

bool is_missing(const gateway::OvhReply& reply) { return reply.outcome() == gateway::OvhOutcome::refused && reply.status() == 404; }

/// A cart that only serves to look; whoever is not logged in leaves it to expire.
class LookingCart {
public:
    LookingCart(OrderApi& api, const std::string& subsidiary) : api_{api}, id_{api.create_cart(subsidiary, "ovh-order options").id} {}
    ~LookingCart()
    {
        if (api_.has_login()) static_cast<void>(api_.client().remove("/order/cart/" + gateway::url_escaped(id_)));
    }
    LookingCart(const LookingCart&) = delete;
    LookingCart& operator=(const LookingCart&) = delete;

    const std::string& id() const { return id_; }

private:
    OrderApi& api_;
    std::string id_;
};

Table terms_table(const Offer& offer)
{
    Table table{{{"duration", "DURATION"}, {"pricingMode", "PRICING MODE"}, {"recurring", "PRICE", true}, {"setup", "SETUP", true},
        {"description", "DESCRIPTION"}}};
    for (const auto& each : terms_of(offer)) table.add({each.term.duration, each.term.mode, each.recurring, each.setup, each.description});
    return table;
}

Table options_table(const std::vector<Offer>& options, const Term& term)
{
    Table table{{{"family", "FAMILY"}, {"mandatory", "MANDATORY"}, {"exclusive", "ONLY ONE"}, {"planCode", "OPTION"},
        {"price", "PRICE", true}, {"setup", "SETUP", true}, {"productName", "NAME"}}};
    for (const auto& option : options) {
        const auto price = option_term(option, term);
        table.add({option.family, option.mandatory, option.exclusive, option.plan_code, price.recurring, price.setup, option.product_name});
    }
    return table;
}

Table labels_table(const std::vector<Requirement>& requirements)
{
    Table table{{{"label", "LABEL"}, {"required", "REQUIRED"}, {"type", "TYPE"}, {"allowedValues", "VALUES"}}};
    for (const auto& each : requirements) table.add({each.label, each.required, each.type, each.allowed});
    return table;
}

} // namespace

std::vector<CataloguePlan> read_catalogue(OrderApi& api, const std::string& range, const std::string& subsidiary, const std::string& search)
{
    const auto name = range == "dedicated" ? "baremetalServers" : range;
    const auto read = [&](const std::string& path) {
        return api.client().get(gateway::ovh_path(path, {{"ovhSubsidiary", subsidiary}}), gateway::OvhAccess::open);
    };
    auto reply = read("/order/catalog/public/" + gateway::url_escaped(name));
    const bool is_formatted = is_missing(reply);
    if (is_formatted) reply = read("/order/catalog/formatted/" + gateway::url_escaped(range));
    if (!reply.ok()) throw failure_of(reply, "read the catalogue");
    auto plans = is_formatted ? plans_in_formatted(reply.body()) : plans_in_public(reply.body());
    const auto part = lower(search);
    std::erase_if(plans, [&](const auto& plan) { return lower(plan.code + '\n' + plan.name).find(part) == std::string::npos; });
    std::ranges::stable_sort(plans, {}, [](const auto& plan) { return plan.recurring ? plan.recurring->ucents : INT64_MAX; });
    return plans;
}

void print_catalogue(const std::vector<CataloguePlan>& plans, const Console& console)
{
    Table table{
        {{"planCode", "PLAN"}, {"monthly", "MONTHLY", true}, {"setup", "SETUP", true}, {"datacenters", "DATACENTERS"}, {"name", "NAME"}}};
    for (const auto& plan : plans) table.add({plan.code, plan.recurring, plan.setup, plan.datacenters, plan.name});
    table.print(console);
    if (plans.empty()) console.notes << "no plan fits\n";
}

void print_options(OrderApi& api, const Console& console, const OptionsQuestion& question)
{
    const LookingCart cart{api, question.subsidiary};
    const auto selection = find_plan(api, cart.id(), question.product, question.plan_code);
    const auto chosen = choose_term(selection.offer, question.term).term;
    const auto item = api.add(cart.id(), selection.product, {question.plan_code, chosen, 1});
    const auto requirements = api.requirements(cart.id(), item.id);
    const auto command = order_command(selection, chosen, requirements);
    if (question.only_command && !console.json) {
        console.out << command << '\n';
        return;
    }
    const auto terms = terms_table(selection.offer);
    const auto options = options_table(selection.options, chosen);
    const auto labels = labels_table(requirements);
    if (console.json) {
        console.out << http::JsonText::object()
                           .set("planCode", question.plan_code)
                           .set("product", selection.product)
                           .set("terms", terms.json())
                           .set("options", options.json())
                           .set("configuration", labels.json())
                           .set("orderCommand", command)
                           .dump()
                    << '\n';
        return;
    }
    console.out << terms.text() << '\n';
    if (!options.empty()) console.out << options.text() << '\n';
    if (!labels.empty()) console.out << labels.text() << '\n';
    console.out << "prices are without tax. The cheapest is ordered by\n  " << command << '\n';
}

} // namespace client
