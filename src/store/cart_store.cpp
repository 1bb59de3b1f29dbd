#include "store/cart_store.h"

#include "store/keys.h"
#include "store/sql.h"
#include "store/statement.h"

#include <algorithm>
#include <stdexcept>

namespace store {
namespace {

std::int64_t number_of(domain::MemberId member) { return static_cast<std::int64_t>(member); }

domain::Interval interval_of(const std::string& text)
{
    const auto interval = domain::interval_from(text);
    if (!interval) throw std::runtime_error{"the duration of a cart's item is no interval"};
    return *interval;
}

std::vector<domain::Uuid> uuids(const std::vector<std::tuple<std::string>>& rows)
{
    std::vector<domain::Uuid> all;
    for (const auto& [uuid] : rows) all.push_back(uuid_of(uuid));
    return all;
}

} // namespace

void CartStore::add(const domain::Cart& cart, domain::Instant now)
{
    const auto member = cart.member ? std::optional{number_of(*cart.member)} : std::nullopt;
    execute(session_,
        "INSERT INTO carts (uuid, member_id, subsidiary, currency, description, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
        cart.uuid, member, cart.subsidiary, domain::to_text(cart.currency), cart.description, to_sql(now), to_sql(cart.expires_at));
}

std::optional<domain::Cart> CartStore::by_uuid(const domain::Uuid& uuid)
{
    const auto row = select_first<std::int64_t, std::optional<std::int64_t>, std::string, std::string, std::string, std::string, bool,
        std::optional<std::int64_t>>(session_,
        "SELECT c.id, c.member_id, c.subsidiary, c.currency, c.description, CAST(c.expires_at AS CHAR), c.frozen, k.id"
        " FROM carts c LEFT JOIN checkouts k ON k.cart_id = c.id WHERE c.uuid = ?",
        uuid);
    if (!row) return std::nullopt;
    const auto& [id, member, subsidiary, currency, description, expires_at, frozen, checkout] = *row;
    return domain::Cart{.id = id,
        .uuid = uuid,
        .member = member ? std::optional{domain::MemberId{*member}} : std::nullopt,
        .subsidiary = subsidiary,
        .currency = money_of(0, currency).currency,
        .description = description,
        .expires_at = instant_of(expires_at),
        .frozen = frozen,
        .checkout = checkout};
}

bool CartStore::begin_change(const domain::Uuid& uuid)
{
    return execute(session_, "UPDATE carts SET version = version + 1 WHERE uuid = ? AND NOT frozen", uuid) == 1;
}

void CartStore::assign(std::int64_t cart, domain::MemberId member)
{
    execute(session_, "UPDATE carts SET member_id = ? WHERE id = ?", number_of(member), cart);
}

void CartStore::describe(std::int64_t cart, const std::string& description, domain::Instant expires_at)
{
    execute(session_, "UPDATE carts SET description = ?, expires_at = ? WHERE id = ?", description, to_sql(expires_at), cart);
}

void CartStore::freeze(std::int64_t cart) { execute(session_, "UPDATE carts SET frozen = TRUE WHERE id = ?", cart); }

void CartStore::remove(std::int64_t cart) { remove(std::vector{cart}); }

void CartStore::remove(const std::vector<std::int64_t>& carts)
{
    for_keys(carts, [&](const auto&... keys) {
        execute(
            session_, "DELETE f FROM cart_items i JOIN cart_configurations f ON f.item_id = i.id WHERE i.cart_id IN " STORE_KEYS, keys...);
        execute(session_, "DELETE FROM cart_items WHERE cart_id IN " STORE_KEYS, keys...);
        execute(session_, "DELETE FROM carts WHERE id IN " STORE_KEYS, keys...);
    });
}

std::vector<domain::Uuid> CartStore::of_member(
    domain::MemberId member, const std::optional<std::string>& description, domain::Instant now, int limit)
{
    return uuids(select<std::string>(session_,
        "SELECT uuid FROM carts WHERE member_id = ? AND (frozen OR expires_at > ?) AND description = BINARY COALESCE(?, description)"
        " ORDER BY id DESC LIMIT ?",
        number_of(member), to_sql(now), description, limit));
}

int CartStore::count_open(domain::MemberId member, domain::Instant now)
{
    select<std::int64_t>(session_, "SELECT id FROM members WHERE id = ? FOR UPDATE", number_of(member));
    const auto row = select_first<int>(
        session_, "SELECT COUNT(*) FROM carts WHERE member_id = ? AND NOT frozen AND expires_at > ?", number_of(member), to_sql(now));
    return std::get<0>(row.value());
}

std::vector<domain::CartItem> CartStore::items_of(std::int64_t cart)
{
    std::vector<domain::CartItem> items;
    const auto rows = select<std::int64_t, std::optional<std::int64_t>, std::string, std::int64_t, std::string, std::string, std::string,
        std::string, std::string, int, std::int64_t, std::int64_t, std::string>(session_,
        "SELECT i.id, i.parent_id, i.product, i.plan_id, i.plan_code, i.name, i.family, i.pricing_mode, i.duration, i.quantity,"
        " i.setup_minor, i.recurring_minor, c.currency FROM cart_items i JOIN carts c ON c.id = i.cart_id WHERE i.cart_id = ? ORDER BY "
        "i.id",
        cart);
    for (const auto& [id, parent, product, plan, code, name, family, mode, duration, quantity, setup, recurring, currency] : rows)
        items.push_back({.id = id,
            .parent = parent,
            .product = product,
            .plan = plan,
            .plan_code = code,
            .name = name,
            .family = family,
            .pricing_mode = mode,
            .duration = interval_of(duration),
            .quantity = quantity,
            .setup = money_of(setup, currency),
            .recurring = money_of(recurring, currency)});

    const auto configurations = select<std::int64_t, std::int64_t, std::string, std::string>(session_,
        "SELECT f.item_id, f.id, f.label, f.value FROM cart_items i JOIN cart_configurations f ON f.item_id = i.id WHERE i.cart_id = ?"
        " ORDER BY f.item_id, f.id",
        cart);
    for (const auto& [item, id, label, value] : configurations)
        if (const auto owner = std::ranges::lower_bound(items, item, {}, &domain::CartItem::id); owner != items.end() && owner->id == item)
            owner->configurations.push_back({id, label, value});
    return items;
}

std::int64_t CartStore::add_item(std::int64_t cart, const domain::CartItem& item)
{
    return insert(session_,
        "INSERT INTO cart_items (cart_id, parent_id, product, plan_id, plan_code, name, family, pricing_mode, duration, quantity,"
        " setup_minor, recurring_minor) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        cart, item.parent, item.product, item.plan, item.plan_code, item.name, item.family, item.pricing_mode,
        domain::to_text(item.duration), item.quantity, item.setup.minor, item.recurring.minor);
}

void CartStore::update_items(const std::vector<domain::CartItem>& items)
{
    std::vector<std::int64_t> ids, quantities, setups, recurrings;
    std::vector<std::string> durations;
    for (const auto& item : items) {
        ids.push_back(item.id);
        durations.push_back(domain::to_text(item.duration));
        quantities.push_back(item.quantity);
        setups.push_back(item.setup.minor);
        recurrings.push_back(item.recurring.minor);
    }
    execute_bulk(session_, "UPDATE cart_items SET duration = ?, quantity = ?, setup_minor = ?, recurring_minor = ? WHERE id = ?", durations,
        quantities, setups, recurrings, ids);
}

void CartStore::remove_item(std::int64_t item)
{
    execute(session_,
        "DELETE f FROM cart_items own JOIN cart_items i ON i.cart_id = own.cart_id AND (i.id = own.id OR i.parent_id = own.id)"
        " JOIN cart_configurations f ON f.item_id = i.id WHERE own.id = ?",
        item);
    execute(session_,
        "DELETE i FROM cart_items own JOIN cart_items i ON i.cart_id = own.cart_id AND (i.id = own.id OR i.parent_id = own.id)"
        " WHERE own.id = ?",
        item);
}

std::int64_t CartStore::add_configuration(std::int64_t item, const std::string& label, const std::string& value)
{
    return insert(session_, "INSERT INTO cart_configurations (item_id, label, value) VALUES (?, ?, ?)", item, label, value);
}

void CartStore::remove_configuration(std::int64_t configuration)
{
    execute(session_, "DELETE FROM cart_configurations WHERE id = ?", configuration);
}

std::size_t CartStore::remove_expired(domain::Instant then, int limit)
{
    std::vector<std::int64_t> carts;
    const auto rows = select<std::int64_t>(session_,
        "SELECT id FROM carts WHERE NOT frozen AND expires_at < ? ORDER BY expires_at LIMIT ? FOR UPDATE SKIP LOCKED", to_sql(then), limit);
    for (const auto& [cart] : rows) carts.push_back(cart);
    remove(carts);
    return carts.size();
}

} // namespace store
