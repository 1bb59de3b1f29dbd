#include "domain/cart.h"

#include "domain/clean_text.h"

#include <algorithm>

namespace domain {
namespace {

using Fault = std::optional<CartFault>;

std::string item_text(const CartItem& item) { return "item " + std::to_string(item.id); }

std::string path_of(const Cart& cart) { return "/order/cart/" + cart.uuid.text(); }

std::string path_of(const Cart& cart, const CartItem& item) { return path_of(cart) + "/item/" + std::to_string(item.id); }

std::string path_of(const Cart& cart, const CartItem& item, const CartConfiguration& configuration)
{
    return path_of(cart, item) + "/configuration/" + std::to_string(configuration.id);
}

Fault fault_of_room(const CartContent& content)
{
    if (content.items.size() < CartLimits::items) return std::nullopt;
    return CartFault{Reason::cart_full,
        "a cart holds at most " + std::to_string(CartLimits::items) + " items, options too; check this one out or begin another"};
}

/// The pricing that is wished for must be one of the plan's.
Fault fault_of_pricing(const Plan& plan, std::string_view mode, std::string_view duration)
{
    if (pricing_of(plan, mode, duration)) return std::nullopt;
    return CartFault{Reason::unknown_pricing,
        plan.code + " is not sold for duration " + std::string{duration} + " in pricingMode " + std::string{mode} + "; it is sold for "
            + pricings_text(plan)};
}

Fault fault_of_number(std::int64_t quantity, int most, const std::string& code)
{
    if (quantity >= 1 && quantity <= most) return std::nullopt;
    return CartFault{Reason::quantity_out_of_range,
        "quantity of " + code + " must be 1 to " + std::to_string(most) + ", not " + std::to_string(quantity)};
}

const CartConfiguration* configuration_of(const CartItem& item, const std::string& label)
{
    const auto found = std::ranges::find(item.configurations, label, &CartConfiguration::label);
    return found == item.configurations.end() ? nullptr : &*found;
}

std::string labels_text(const Plan& plan)
{
    std::string text;
    for (const auto& label : plan.labels) text += (text.empty() ? "" : ", ") + label.name;
    return text.empty() ? "none" : text;
}

/// The item of the same server, or else of the cart, whose plan has the label.
const CartItem* owner_of(const CartContent& content, const CartItem& item, const std::vector<Plan>& plans, const std::string& label)
{
    const auto has_it = [&](const CartItem& other) {
        const auto* plan = find_plan(plans, other.plan);
        return plan && label_of(*plan, label);
    };
    const auto server = item.parent.value_or(item.id);
    const CartItem* owner = nullptr;
    for (const auto& other : content.items) {
        if (!has_it(other)) continue;
        if (other.parent.value_or(other.id) == server) return &other;
        if (!owner) owner = &other;
    }
    return owner;
}

std::vector<const CartItem*> server_with_options(const CartContent& content, const CartItem& server)
{
    auto items = content.options_of(server);
    items.insert(items.begin(), &server);
    return items;
}

void add_label_faults(std::vector<std::string>& faults, const Cart& cart, const CartItem& item, const Plan& plan)
{
    for (const auto& label : plan.labels) {
        const auto* set = configuration_of(item, label.name);
        const auto how = "POST " + path_of(cart, item) + "/configuration with {\"label\":\"" + label.name
            + "\",\"value\":\"…\"}; allowed: " + values_text(label);
        if (!set && label.required)
            faults.push_back(
                "Custom field " + label.name + " is mandatory for product " + plan.code + " (" + item_text(item) + "): " + how);
        if (set && !may_be(label, set->value))
            faults.push_back("Custom field " + label.name + " of product " + plan.code + " (" + item_text(item) + ") may not be "
                + set->value + " any more: DELETE " + path_of(cart, item, *set) + " and " + how);
    }
}

void add_family_faults(std::vector<std::string>& faults, const CartContent& content, const CartItem& server, const Plan& plan)
{
    for (const auto& family : plan.families) {
        std::vector<const CartItem*> chosen = content.options_of(server);
        std::erase_if(chosen, [&](const CartItem* option) { return option->family != family.name; });
        if (family.mandatory && chosen.empty())
            faults.push_back("An option of family " + family.name + " is mandatory for product " + plan.code + " (" + item_text(server)
                + "): POST " + path_of(content.cart) + '/' + server.product + "/options with {\"itemId\":" + std::to_string(server.id)
                + ",\"planCode\":\"…\",\"duration\":\"" + to_text(server.duration) + "\",\"pricingMode\":\"" + server.pricing_mode
                + "\",\"quantity\":" + std::to_string(server.quantity) + "}; choose one of: " + options_text(family));
        if (family.exclusive && chosen.size() > 1)
            faults.push_back("Only one option of family " + family.name + " is possible for product " + plan.code + " (" + item_text(server)
                + "): DELETE " + path_of(content.cart, *chosen.back()));
    }
}

} // namespace

const CartItem* CartContent::find(std::int64_t item) const
{
    const auto found = std::ranges::lower_bound(items, item, {}, &CartItem::id);
    return found == items.end() || found->id != item ? nullptr : &*found;
}

std::vector<const CartItem*> CartContent::options_of(const CartItem& server) const
{
    std::vector<const CartItem*> options;
    for (const auto& item : items)
        if (item.parent == server.id) options.push_back(&item);
    return options;
}

const Plan* find_plan(const std::vector<Plan>& plans, std::int64_t plan)
{
    const auto found = std::ranges::find(plans, plan, &Plan::id);
    return found == plans.end() ? nullptr : &*found;
}

Fault fault_of_use(const Cart& cart, Instant now)
{
    if (cart.frozen || now < cart.expires_at) return std::nullopt;
    return CartFault{Reason::cart_expired,
        "cart " + cart.uuid.text() + " expired at " + to_text(std::chrono::floor<std::chrono::seconds>(cart.expires_at))
            + "; create a new one: POST /order/cart"};
}

Fault fault_of_change(const Cart& cart, Instant now)
{
    if (!cart.frozen) return fault_of_use(cart, now);
    const auto order = std::to_string(cart.checkout.value_or(0));
    return CartFault{Reason::cart_checked_out,
        "cart " + cart.uuid.text() + " is checked out and cannot be changed; its orderId is " + order + ": GET /me/order/" + order};
}

Fault fault_of_expiry(Instant expiry, Instant now)
{
    if (expiry > now && expiry <= now + CartLimits::lives_at_most) return std::nullopt;
    return CartFault{Reason::expiry_out_of_range,
        "expire must lie between now and " + to_text(std::chrono::floor<std::chrono::seconds>(now + CartLimits::lives_at_most))};
}

Fault fault_of_server(const CartContent& content, const Plan* plan, const CartWish& wish)
{
    if (!plan || plan->kind != PlanKind::server || !is_offered(*plan)) {
        const auto where = path_of(content.cart);
        if (plan && plan->kind == PlanKind::option)
            return CartFault{Reason::unknown_plan,
                "Plan code " + wish.plan_code + " is an option and goes with a server: POST " + where + "/dedicated/options"};
        return CartFault{Reason::unknown_plan,
            "Plan code not found: " + wish.plan_code + " is not sold in " + content.cart.subsidiary + "; GET " + where
                + "/dedicated lists what is"};
    }
    if (auto fault = fault_of_pricing(*plan, wish.pricing_mode, wish.duration)) return fault;
    const auto& pricing = *pricing_of(*plan, wish.pricing_mode, wish.duration);
    if (auto fault = fault_of_number(wish.quantity, pricing.max_quantity, plan->code)) return fault;
    return fault_of_room(content);
}

Fault fault_of_option(const CartContent& content, const CartItem& server, const Plan& server_plan, const Plan* plan, const CartWish& wish)
{
    const auto* family = family_of(server_plan, wish.plan_code);
    if (!family || !plan || !is_offered(*plan)) {
        std::string possible;
        for (const auto& each : server_plan.families)
            if (!each.options.empty()) possible += (possible.empty() ? "" : "; ") + each.name + ": " + options_text(each);
        return CartFault{Reason::unknown_option,
            "Plan code not found: " + wish.plan_code + " is no option of " + server.plan_code + " (" + item_text(server) + "), which takes "
                + (possible.empty() ? "none" : possible)};
    }
    for (const auto* other : content.options_of(server))
        if (family->exclusive && other->family == family->name)
            return CartFault{Reason::option_taken,
                item_text(server) + " has " + other->plan_code + " (" + item_text(*other) + ") already, and takes one option of family "
                    + family->name + "; DELETE " + path_of(content.cart, *other) + " first"};
    if (auto fault = fault_of_pricing(*plan, wish.pricing_mode, wish.duration)) return fault;
    if (pricing_of(*plan, wish.pricing_mode, wish.duration) != pricing_of(*plan, wish.pricing_mode, to_text(server.duration)))
        return CartFault{Reason::unknown_pricing,
            "an option is billed with its server: duration of " + plan->code + " must be " + to_text(server.duration) + ", as that of "
                + item_text(server)};
    if (wish.quantity != 1 && wish.quantity != server.quantity)
        return CartFault{Reason::quantity_out_of_range,
            "quantity of an option is that of its server: 1 or " + std::to_string(server.quantity) + " for " + item_text(server)};
    return fault_of_room(content);
}

Fault fault_of_duration(const CartContent& content, const CartItem& item, const std::vector<Plan>& plans, std::string_view duration)
{
    if (item.parent)
        return CartFault{Reason::unknown_pricing,
            "an option is billed with its server; change its duration there: PUT " + path_of(content.cart) + "/item/"
                + std::to_string(*item.parent)};
    for (const auto* each : server_with_options(content, item)) {
        const auto* plan = find_plan(plans, each->plan);
        auto fault = plan ? fault_of_pricing(*plan, each->pricing_mode, duration)
                          : CartFault{Reason::unknown_pricing, each->plan_code + " is not sold any more"};
        if (!fault) continue;
        if (each->parent) fault->text += "; DELETE " + path_of(content.cart, *each) + " first if its server shall have this duration";
        return fault;
    }
    return std::nullopt;
}

std::vector<CartItem> with_duration(
    const CartContent& content, const CartItem& server, const std::vector<Plan>& plans, std::string_view duration)
{
    const auto interval = pricing_of(*find_plan(plans, server.plan), server.pricing_mode, duration)->duration;
    std::vector<CartItem> items;
    for (const auto* each : server_with_options(content, server)) {
        const auto& pricing = *pricing_of(*find_plan(plans, each->plan), each->pricing_mode, duration);
        auto& item = items.emplace_back(*each);
        item.duration = interval;
        item.setup = pricing.setup;
        item.recurring = pricing.recurring;
    }
    return items;
}

Fault fault_of_quantity(const CartContent& content, const CartItem& item, const Plan& plan, std::int64_t quantity)
{
    if (const auto* server = item.parent ? content.find(*item.parent) : nullptr) {
        if (quantity == server->quantity) return std::nullopt;
        return CartFault{Reason::quantity_out_of_range,
            "quantity of an option is that of its server, " + std::to_string(server->quantity) + "; change it there: PUT "
                + path_of(content.cart, *server)};
    }
    const auto* pricing = pricing_of(plan, item.pricing_mode, to_text(item.duration));
    return fault_of_number(quantity, pricing ? std::max(pricing->max_quantity, item.quantity) : item.quantity, item.plan_code);
}

Fault fault_of_configuration(
    const CartContent& content, const CartItem& item, const std::vector<Plan>& plans, const std::string& label, const std::string& value)
{
    const auto* plan = find_plan(plans, item.plan);
    const auto* known = plan ? label_of(*plan, label) : nullptr;
    if (!known) {
        const auto* owner = owner_of(content, item, plans, label);
        return CartFault{Reason::unknown_label,
            owner ? item_text(item) + " (" + item.plan_code + ") has no label " + label + "; it belongs to " + item_text(*owner) + " ("
                    + owner->plan_code + "): POST " + path_of(content.cart, *owner) + "/configuration"
                  : item_text(item) + " (" + item.plan_code + ") has no label " + label
                    + "; it has: " + (plan ? labels_text(*plan) : "none")};
    }
    if (const auto* set = configuration_of(item, label))
        return CartFault{Reason::label_taken,
            "label " + label + " of " + item_text(item) + " is set already, to " + set->value + " by configuration "
                + std::to_string(set->id) + "; to replace it: DELETE " + path_of(content.cart, item, *set) + ", then POST again"};
    if (!may_be(*known, value))
        return CartFault{
            Reason::value_not_allowed, "value of " + label + " for " + item.plan_code + " must be one of: " + values_text(*known)};
    return std::nullopt;
}

std::vector<std::string> faults_of_checkout(const CartContent& content, const std::vector<Plan>& plans)
{
    std::vector<std::string> faults;
    if (content.items.empty())
        faults.push_back("The cart is empty: POST " + path_of(content.cart)
            + "/dedicated with {\"planCode\":\"…\",\"duration\":\"P1M\",\"pricingMode\":\"default\",\"quantity\":1}");
    for (const auto& item : content.items) {
        const auto* plan = find_plan(plans, item.plan);
        if (!plan) continue; // nothing is known of it that could be asked for
        add_label_faults(faults, content.cart, item, *plan);
        if (!item.parent) add_family_faults(faults, content, item, *plan);
    }
    return faults;
}

std::string detail_of(const CartContent& content, const CartItem& server, std::size_t max)
{
    auto text = server.name;
    for (const auto* option : content.options_of(server)) text += ", " + option->name;
    for (const auto& configuration : server.configurations)
        if (configuration.label.ends_with("datacenter")) text += ", " + configuration.value;
    return clean_text(text, max);
}

std::string placeholder_of(const CartContent& content, const CartItem& item)
{
    const auto three_digits = [](std::size_t nth) {
        const auto text = std::to_string(nth);
        return std::string(text.size() < 3 ? 3 - text.size() : 0, '0') + text;
    };
    std::size_t servers = 0, options = 0;
    for (const auto& other : content.items) {
        if (!other.parent && other.id <= item.parent.value_or(item.id)) ++servers;
        if (other.parent && other.parent == item.parent && other.id <= item.id) ++options;
    }
    return '*' + three_digits(servers) + (item.parent ? '.' + three_digits(options) : "");
}

} // namespace domain
