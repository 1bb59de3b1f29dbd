#include "store/checkout_store.h"

#include "store/ids_by_uuid.h"
#include "store/keys.h"
#include "store/sql.h"
#include "store/statement.h"

#include <algorithm>

namespace store {
namespace {

using Numbers = std::vector<std::int64_t>;
using Texts = std::vector<std::string>;

/// JSON text of a name or value, which holds no control characters.
std::string quoted(const std::string& text)
{
    std::string json{'"'};
    for (const char c : text) {
        if (c == '"' || c == '\\') json += '\\';
        json += c;
    }
    return json + '"';
}

std::string json_of(const std::vector<std::string>& codes)
{
    std::string json;
    for (const auto& code : codes) json += (json.empty() ? "" : ",") + quoted(code);
    return '[' + json + ']';
}

std::string member_of(const std::string& label, const std::string& value) { return quoted(label) + ':' + quoted(value); }

/// {"label":"value","option-code":{"label":"value"}}; choices of one option stand together.
std::string json_of(const std::vector<ServerOrder::Choice>& choices)
{
    std::string json;
    for (auto choice = choices.begin(); choice != choices.end();) {
        const auto end = std::find_if(choice, choices.end(), [&](const auto& other) { return other.option != choice->option; });
        std::string members;
        for (auto each = choice; each != end; ++each) members += (members.empty() ? "" : ",") + member_of(each->label, each->value);
        if (!json.empty()) json += ',';
        json += choice->option.empty() ? members : quoted(choice->option) + ":{" + members + '}';
        choice = end;
    }
    return '{' + json + '}';
}

} // namespace

std::optional<std::int64_t> CheckoutStore::add(const Checkout& checkout)
{
    std::int64_t id = 0;
    const auto& first = checkout.first;
    const bool added = unless_duplicate([&] {
        id = insert(session_,
            "INSERT INTO checkouts (cart_id, member_id, placed_at, currency, net_minor, vat_minor, gross_minor, waives_retraction,"
            " waits_for_member) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            checkout.cart, static_cast<std::int64_t>(checkout.member), to_sql(checkout.placed_at), domain::to_text(first.net.currency),
            first.net.minor, first.vat.minor, first.gross.minor, checkout.waives_retraction, checkout.waits_for_member);
    });
    return added ? std::optional{id} : std::nullopt;
}

void CheckoutStore::add_lines(std::int64_t checkout, const domain::CartLines& lines)
{
    Numbers items, quantities, units, totals, vats, later_vats;
    Texts types, descriptions;
    for (const auto& line : lines) {
        items.push_back(line.item);
        types.emplace_back(domain::to_text(line.type));
        descriptions.push_back(line.description);
        quantities.push_back(line.quantity);
        units.push_back(line.unit.minor);
        totals.push_back(line.total.minor);
        vats.push_back(line.vat.minor);
        later_vats.push_back(line.later_vat.minor);
    }
    execute_bulk(session_,
        "INSERT INTO checkout_lines (checkout_id, item_id, detail_type, description, quantity, unit_minor, total_minor, vat_minor,"
        " later_vat_minor) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        Numbers(lines.size(), checkout), items, types, descriptions, quantities, units, totals, vats, later_vats);
}

void CheckoutStore::add_orders(std::int64_t checkout, const std::vector<ServerOrder>& orders)
{
    Numbers items, units;
    Texts uuids, plans, modes, options, configurations;
    for (const auto& order : orders) {
        uuids.push_back(order.order.text());
        items.push_back(order.item);
        units.push_back(order.unit);
        plans.push_back(order.plan_code);
        modes.push_back(order.pricing_mode);
        options.push_back(json_of(order.options));
        configurations.push_back(json_of(order.configuration));
    }
    execute_bulk(session_,
        "INSERT INTO server_orders (order_id, checkout_id, item_id, unit, plan_code, pricing_mode, options, configuration)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        ids_by_uuid(session_, "SELECT uuid, id FROM orders WHERE uuid IN " STORE_KEYS, uuids), Numbers(orders.size(), checkout), items,
        units, plans, modes, options, configurations);
}

std::optional<Checkout> CheckoutStore::of_cart(std::int64_t cart)
{
    const auto row =
        select_first<std::int64_t, std::int64_t, std::string, std::string, std::int64_t, std::int64_t, std::int64_t, bool, bool>(session_,
            "SELECT id, member_id, CAST(placed_at AS CHAR), currency, net_minor, vat_minor, gross_minor, waives_retraction,"
            " waits_for_member FROM checkouts WHERE cart_id = ?",
            cart);
    if (!row) return std::nullopt;
    const auto& [id, member, placed_at, currency, net, vat, gross, waives, waits] = *row;
    return Checkout{.id = id,
        .cart = cart,
        .member = domain::MemberId{member},
        .placed_at = instant_of(placed_at),
        .first = {money_of(net, currency), money_of(vat, currency), money_of(gross, currency)},
        .waives_retraction = waives,
        .waits_for_member = waits};
}

domain::CartLines CheckoutStore::lines_of(std::int64_t checkout)
{
    domain::CartLines lines;
    const auto rows =
        select<std::int64_t, std::string, std::string, int, std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::string>(session_,
            "SELECT l.item_id, l.detail_type, l.description, l.quantity, l.unit_minor, l.total_minor, l.vat_minor, l.later_vat_minor, "
            "c.currency"
            " FROM checkout_lines l JOIN checkouts c ON c.id = l.checkout_id WHERE l.checkout_id = ? ORDER BY l.id",
            checkout);
    for (const auto& [item, type, description, quantity, unit, total, vat, later_vat, currency] : rows)
        lines.push_back({.item = item,
            .type = domain::cart_line_type_from(type),
            .description = description,
            .quantity = quantity,
            .unit = money_of(unit, currency),
            .total = money_of(total, currency),
            .vat = money_of(vat, currency),
            .later_vat = money_of(later_vat, currency)});
    return lines;
}

void CheckoutStore::end_hold_on(std::int64_t invoice)
{
    execute(session_,
        "UPDATE invoice_lines l JOIN server_orders s ON s.order_id = l.order_id JOIN checkouts c ON c.id = s.checkout_id"
        " SET c.waits_for_member = FALSE WHERE l.invoice_id = ? AND c.waits_for_member",
        invoice);
}

void CheckoutStore::end_hold_of(domain::OrderId order)
{
    execute(session_, "UPDATE checkouts SET waits_for_member = FALSE WHERE id = (SELECT checkout_id FROM server_orders WHERE order_id = ?)",
        static_cast<std::int64_t>(order));
}

} // namespace store
