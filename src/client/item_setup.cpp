#include "client/item_setup.h"

#include "client/selection.h"
#include "client/shell_word.h"
#include "client/table.h"

#include <algorithm>

namespace client {
namespace {

const Requirement* requirement(const ConfigurableItem& item, const std::string& label)
{
    const auto found = std::ranges::find(item.requirements, label, &Requirement::label);
    return found == item.requirements.end() ? nullptr : &*found;
}

bool is_named_by(const LabelFault& fault, const ConfigurableItem& item)
{
    return fault.item ? *fault.item == item.item.id : fault.plan_code == item.item.plan_code;
}

std::string joined(const std::vector<std::string>& values)
{
    std::string text;
    for (const auto& value : values) text += (text.empty() ? "" : ", ") + value;
    return text;
}

void check_value(const ConfigurableItem& item, const std::string& label, const std::string& value)
{
    const auto* known = requirement(item, label);
    if (!known || known->allowed.empty() || std::ranges::count(known->allowed, value)) return;
    throw Failure{Exit::usage, label + " of " + item.item.plan_code + " cannot be \"" + value + '"', "it can be " + joined(known->allowed)};
}

/// The items that a label is set on.
std::vector<const ConfigurableItem*> items_of_label(const std::vector<ConfigurableItem>& items, const std::string& label)
{
    std::vector<const ConfigurableItem*> own;
    for (const auto& each : items)
        if (requirement(each, label)) own.push_back(&each);
    if (!own.empty()) return own;
    for (const auto& each : items)
        if (!each.item.parent) own.push_back(&each);
    return own;
}

std::string ask_for(const Console& console, const LabelFault& fault, const std::vector<std::string>& allowed)
{
    const auto choice = allowed.empty() ? "" : " (" + joined(allowed) + ')';
    while (true) {
        const auto value = console.ask(printable(fault.label + " of " + fault.plan_code + choice) + "? ");
        if (!value.empty() && (allowed.empty() || std::ranges::count(allowed, value))) return value;
    }
}

/// Asks for what is missing and takes away what stands twice; the items that a fault names may be several.
void settle(OrderApi& api, const Console& console, const std::string& cart, const LabelFault& fault,
    const std::vector<ConfigurableItem>& items, std::map<std::string, std::string>& answers)
{
    const auto value = ask_for(console, fault, allowed_values(fault, items));
    for (const auto& each : items)
        if (is_named_by(fault, each)) api.configure(cart, each.item.id, fault.label, value);
    answers[fault.label] = value;
}

/// For each mandatory family of which the server has no option yet, the command that adds the cheapest.
std::vector<std::string> option_commands(
    OrderApi& api, const std::string& cart, const Item& server, const std::vector<ConfigurableItem>& items)
{
    const auto options = find_plan(api, cart, "", server.plan_code).options;
    const auto is_chosen = [&](const Offer& option) {
        return std::ranges::any_of(
            items, [&](const ConfigurableItem& each) { return each.item.parent == server.id && each.item.plan_code == option.plan_code; });
    };
    std::vector<std::string> commands;
    for (const auto& family : families_of(options)) {
        std::vector<Offer> own;
        std::ranges::copy_if(options, std::back_inserter(own), [&](const Offer& option) { return option.family == family; });
        if (std::ranges::none_of(own, &Offer::mandatory) || std::ranges::any_of(own, is_chosen)) continue;
        const auto& cheapest = cheapest_of(own, family, {server.duration, server.pricing_mode});
        std::vector<std::string> others;
        for (const auto& option : own)
            if (option.plan_code != cheapest.plan_code) others.push_back(option.plan_code);
        commands.push_back("ovh-order add " + shell_word(cart) + ' ' + shell_word(cheapest.plan_code) + " --to " + std::to_string(server.id)
            + (others.empty() ? "" : "   (or " + printable(joined(others)) + ')'));
    }
    return commands;
}

/// The server has spoken already: what cannot be read now is only left out of the help.
void add_option_commands(
    std::vector<std::string>& commands, OrderApi& api, const std::string& cart, const std::vector<ConfigurableItem>& items)
{
    for (const auto& each : items) {
        if (each.item.parent) continue;
        try {
            std::ranges::move(option_commands(api, cart, each.item, items), std::back_inserter(commands));
        } catch (const Failure&) {
            continue;
        }
    }
}

} // namespace

std::vector<ConfigurableItem> configurable_items(OrderApi& api, const std::string& cart)
{
    std::vector<ConfigurableItem> items;
    for (const auto id : api.cart(cart).items) items.push_back({api.item(cart, id), api.requirements(cart, id)});
    return items;
}

void configure_items(OrderApi& api, const std::string& cart, const std::vector<ConfigurableItem>& items,
    const std::map<std::string, std::string>& configuration)
{
    for (const auto& [label, value] : configuration)
        for (const auto* each : items_of_label(items, label)) check_value(*each, label, value);
    for (const auto& [label, value] : configuration)
        for (const auto* each : items_of_label(items, label)) api.configure(cart, each->item.id, label, value);
}

std::vector<std::string> allowed_values(const LabelFault& fault, const std::vector<ConfigurableItem>& items)
{
    if (!fault.allowed.empty()) return fault.allowed;
    for (const auto& each : items)
        if (const auto* known = requirement(each, fault.label); known && is_named_by(fault, each)) return known->allowed;
    return {};
}

std::string configure_command(const std::string& cart, const LabelFault& fault, const std::vector<ConfigurableItem>& items)
{
    auto id = fault.item;
    for (const auto& each : items)
        if (!id && is_named_by(fault, each)) id = each.item.id;
    const auto allowed = allowed_values(fault, items);
    const auto value = allowed.empty() ? "VALUE" : allowed.front();
    return "ovh-order configure " + shell_word(cart) + ' ' + (id ? std::to_string(*id) : "ITEM") + ' '
        + shell_word(fault.label + '=' + value)
        + (allowed.size() > 1 ? "   (or " + printable(joined({allowed.begin() + 1, allowed.end()})) + ')' : "");
}

Failure checkout_failure(OrderApi& api, const std::string& cart, const gateway::OvhReply& reply, const std::string& doing)
{
    auto failure = failure_of(reply, doing);
    if (reply.message().find("mandatory") == std::string::npos) return failure;
    const auto items = configurable_items(api, cart);
    std::vector<std::string> commands;
    for (const auto& fault : label_faults_in(reply.message())) commands.push_back(configure_command(cart, fault, items));
    add_option_commands(commands, api, cart, items);
    if (commands.empty()) return failure;
    std::string remedy;
    for (const auto& command : commands) remedy += (remedy.empty() ? "" : "\n") + command;
    Failure with_commands{failure.exit(), failure.what(), remedy};
    with_commands.status = failure.status;
    with_commands.error_code = failure.error_code;
    with_commands.query_id = failure.query_id;
    return with_commands;
}

Quotation validated_quotation(OrderApi& api, const Console& console, const std::string& cart, std::map<std::string, std::string>& answers)
{
    // Each round settles all that was complained of; a server that goes on complaining is not asked for ever.
    for (int round = 0;; ++round) {
        const auto reply = api.dry_run(cart);
        if (reply.ok()) return quotation_in(reply.body());
        const auto faults = label_faults_in(reply.message());
        if (faults.empty() || !console.can_ask() || round == 3) throw checkout_failure(api, cart, reply, "order this cart");
        const auto items = configurable_items(api, cart);
        for (const auto& fault : faults) settle(api, console, cart, fault, items, answers);
    }
}

} // namespace client
