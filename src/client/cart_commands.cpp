#include "client/cart_commands.h"

#include "client/item_setup.h"
#include "client/quotation_view.h"
#include "client/selection.h"
#include "client/shell_word.h"
#include "client/table.h"

#include <algorithm>

namespace client {
namespace {

using http::JsonText;

JsonText json_of(const Cart& cart)
{
    return JsonText::object()
        .set("cartId", cart.id)
        .set("description", cart.description)
        .set("expire", cart.expire)
        .set("readOnly", cart.read_only)
        .set("orderId", Cell{cart.order_id}.json);
}

std::string state_of(const Cart& cart)
{
    if (!cart.read_only) return "open until " + printable(cart.expire);
    return cart.order_id ? "ordered: order " + std::to_string(*cart.order_id) : "ordered";
}

Table configuration_of(OrderApi& api, const std::string& cart, const ConfigurableItem& item)
{
    Table table{{{"label", "LABEL"}, {"value", "VALUE"}, {"required", "REQUIRED"}, {"type", "TYPE"}, {"allowedValues", "VALUES"}}};
    auto standing = api.configurations(cart, item.item.id);
    for (const auto& each : item.requirements) {
        const auto found = std::ranges::find(standing, each.label, &ItemConfiguration::label);
        table.add({each.label, found == standing.end() ? Cell{std::optional<std::string>{}} : Cell{found->value}, each.required, each.type,
            each.allowed});
    }
    for (const auto& each : standing)
        if (std::ranges::find(item.requirements, each.label, &Requirement::label) == item.requirements.end())
            table.add({each.label, each.value, false, "", std::vector<std::string>{}});
    return table;
}

Table items_table(const std::vector<ConfigurableItem>& items)
{
    Table table{{{"itemId", "ITEM", true}, {"parentItemId", "OF", true}, {"planCode", "PLAN"}, {"duration", "DURATION"},
        {"pricingMode", "PRICING MODE"}, {"quantity", "QUANTITY", true}}};
    for (const auto& [item, requirements] : items)
        table.add({item.id, item.parent, item.plan_code, item.duration, item.pricing_mode, item.quantity});
    return table;
}

/// Of the server in the cart, for "each month".
std::string duration_of(OrderApi& api, const std::string& cart)
{
    for (const auto id : api.cart(cart).items)
        if (const auto item = api.item(cart, id); !item.parent) return item.duration;
    return "";
}

/// Under which of the products that a cart knows the item's plan has options.
std::string product_of(OrderApi& api, const std::string& cart, const std::string& product, const std::string& plan_code)
{
    return product.empty() ? find_plan(api, cart, "", plan_code).product : product;
}

void print_added(const Console& console, const std::vector<Item>& items)
{
    std::vector<ConfigurableItem> rows;
    for (const auto& item : items) rows.push_back({item, {}});
    items_table(rows).print(console);
}

} // namespace

void print_cart(const Cart& cart, const Console& console)
{
    if (console.json) console.out << json_of(cart).dump() << '\n';
    else console.out << cart.id << "  " << state_of(cart) << '\n';
}

void show_cart(OrderApi& api, const Console& console, const std::string& id)
{
    const auto cart = api.cart(id);
    std::vector<ConfigurableItem> items;
    for (const auto item : cart.items) items.push_back({api.item(id, item), api.requirements(id, item)});
    if (console.json) {
        auto array = JsonText::array();
        for (const auto& each : items)
            array.push(JsonText::object()
                           .set("itemId", each.item.id)
                           .set("parentItemId", Cell{each.item.parent}.json)
                           .set("planCode", each.item.plan_code)
                           .set("duration", each.item.duration)
                           .set("pricingMode", each.item.pricing_mode)
                           .set("quantity", each.item.quantity)
                           .set("configuration", configuration_of(api, id, each).json()));
        console.out << json_of(cart).set("items", array).dump() << '\n';
        return;
    }
    console.out << "cart     " << cart.id << '\n' << "state    " << state_of(cart) << '\n';
    if (!cart.description.empty()) console.out << "for      " << printable(cart.description) << '\n';
    console.out << '\n' << items_table(items).text();
    for (const auto& each : items)
        if (const auto table = configuration_of(api, id, each); !table.empty())
            console.out << "\nitem " << each.item.id << ", " << printable(each.item.plan_code) << '\n' << table.text();
}

void list_carts(OrderApi& api, const Console& console)
{
    Table table{{{"cartId", "CART"}, {"readOnly", "ORDERED"}, {"orderId", "ORDER", true}, {"expire", "EXPIRES"}, {"items", "ITEMS", true},
        {"description", "DESCRIPTION"}}};
    for (const auto& id : api.carts()) {
        const auto cart = api.cart(id);
        table.add({cart.id, cart.read_only, cart.order_id, cart.expire, static_cast<std::int64_t>(cart.items.size()), cart.description});
    }
    table.print(console);
}

void clean_carts(OrderApi& api, const Console& console, const std::string& description, const std::vector<std::string>& kept, bool yes)
{
    std::vector<Cart> unused;
    for (const auto& id : api.carts()) {
        auto cart = api.cart(id);
        const bool is_wanted = description.empty() || cart.description == description;
        if (is_wanted && !cart.read_only && std::ranges::find(kept, id) == kept.end()) unused.push_back(std::move(cart));
    }
    if (!yes && !unused.empty()) {
        if (!console.can_ask()) throw Failure{Exit::usage, std::to_string(unused.size()) + " carts would be deleted", "add --yes"};
        for (const auto& cart : unused) console.notes << cart.id << "  " << state_of(cart) << "  " << printable(cart.description) << '\n';
        const auto answer = console.ask("Delete these " + std::to_string(unused.size()) + " carts? [y/N] ");
        if (answer != "y" && answer != "yes") throw Failure{Exit::refused, "nothing was deleted"};
    }
    Table table{{{"cartId", "DELETED CART"}, {"description", "DESCRIPTION"}}};
    for (const auto& cart : unused) {
        api.remove_cart(cart.id);
        table.add({cart.id, cart.description});
    }
    table.print(console);
}

void add_to_cart(OrderApi& api, const Console& console, const std::string& cart, const AddWish& wish)
{
    if (wish.parent) {
        const auto parent = api.item(cart, *wish.parent);
        const auto product = product_of(api, cart, wish.product, parent.plan_code);
        const auto options = api.options(cart, product, parent.plan_code);
        const auto option = std::ranges::find(options, wish.plan_code, &Offer::plan_code);
        if (option == options.end())
            throw Failure{Exit::usage, "plan " + parent.plan_code + " has no option " + wish.plan_code,
                "see `ovh-order options " + parent.plan_code + '`'};
        const auto term =
            wish.term == Term{} ? option_term(*option, {parent.duration, parent.pricing_mode}) : choose_term(*option, wish.term);
        print_added(console, {api.add_option(cart, product, parent.id, {wish.plan_code, term.term, parent.quantity})});
        return;
    }
    const auto selection = find_plan(api, cart, wish.product, wish.plan_code);
    PurchaseWish whole{.plan_code = wish.plan_code, .term = wish.term, .options = wish.options};
    if (wish.cheapest || !wish.options.empty()) whole = complete_wish(whole, selection, wish.cheapest, console);
    else whole.term = choose_term(selection.offer, wish.term).term; // options may follow one by one
    std::vector<Item> added{api.add(cart, selection.product, {wish.plan_code, whole.term, wish.quantity})};
    for (const auto& code : whole.options) {
        const auto option = std::ranges::find(selection.options, code, &Offer::plan_code);
        added.push_back(
            api.add_option(cart, selection.product, added.front().id, {code, option_term(*option, whole.term).term, wish.quantity}));
    }
    print_added(console, added);
}

void configure_item(OrderApi& api, const Console& console, const std::string& cart, std::int64_t item,
    const std::map<std::string, std::string>& configuration)
{
    const ConfigurableItem configurable{api.item(cart, item), api.requirements(cart, item)};
    configure_items(api, cart, {configurable}, configuration);
    configuration_of(api, cart, configurable).print(console);
}

void preview_cart(OrderApi& api, const Console& console, const std::string& cart)
{
    const auto reply = api.dry_run(cart);
    std::optional<Failure> why_not;
    if (!reply.ok()) why_not = checkout_failure(api, cart, reply, "order this cart as it is");
    const auto quotation = reply.ok() ? quotation_in(reply.body()) : api.summary(cart);
    const auto duration = duration_of(api, cart);
    if (console.json) console.out << quotation_json(quotation, duration).set("valid", reply.ok()).dump() << '\n';
    else console.out << quotation_text(quotation, duration);
    if (why_not) throw Failure{*why_not};
}

} // namespace client
