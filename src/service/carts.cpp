#include "service/carts.h"

#include "domain/subsidiary.h"
#include "gateway/random_uuid.h"
#include "store/cart_store.h"
#include "store/plan_store.h"

#include <algorithm>

namespace service {
namespace {

using domain::CartContent;
using domain::CartItem;
using domain::CartLimits;
using domain::Reason;
using domain::Refusal;
using domain::Uuid;
using store::CartStore;
using store::Session;

constexpr int listed_at_most = 1000;
constexpr int swept_at_a_time = 100;

CartItem item_of(const domain::Plan& plan, const domain::PlanPricing& pricing)
{
    return {.plan = plan.id,
        .plan_code = plan.code,
        .name = plan.name,
        .family = plan.family,
        .pricing_mode = pricing.mode,
        .duration = pricing.duration,
        .setup = pricing.setup,
        .recurring = pricing.recurring};
}

/// Options are as many as their server.
std::vector<CartItem> with_quantity(const CartContent& content, const CartItem& item, int quantity)
{
    std::vector<CartItem> items{item};
    for (const auto* option : content.options_of(item)) items.push_back(*option);
    for (auto& each : items) each.quantity = quantity;
    return items;
}

} // namespace

Refusal no_such_object(const std::string& what, const std::string& given)
{
    return {Reason::not_found, "The requested object (" + what + " = " + given + ") does not exist"};
}

void refuse(const std::optional<domain::CartFault>& fault)
{
    if (fault) throw Refusal{fault->reason, fault->text};
}

domain::Cart visible_cart(Session& session, const Uuid& uuid, const CartUser& user)
{
    auto cart = CartStore{session}.by_uuid(uuid);
    const bool is_anothers = cart && cart->member && user && *cart->member != user->member;
    if (!cart || is_anothers) throw no_such_object("cartId", uuid.text());
    return *std::move(cart);
}

const CartItem& item_of(const CartContent& content, std::int64_t item)
{
    const auto* found = content.find(item);
    if (!found) throw no_such_object("itemId", std::to_string(item));
    return *found;
}

template <class Work> auto Carts::in_change(const Uuid& uuid, const CartUser& user, Work work)
{
    return database_.transact([&](Session& session) {
        CartStore carts{session};
        carts.begin_change(uuid); // in vain if the cart is bought: the fault says so
        CartContent content{.cart = visible_cart(session, uuid, user)};
        refuse(domain::fault_of_change(content.cart, clock_.now()));
        content.items = carts.items_of(content.cart.id);
        return work(session, content);
    });
}

std::vector<domain::Plan> Carts::plans_of(Session& session, const CartContent& content)
{
    std::vector<std::int64_t> ids;
    for (const auto& item : content.items) ids.push_back(item.plan);
    return store::PlanStore{session}.by_ids(ids, content.cart.currency, clock_.today());
}

Carts::ItemIn Carts::item_now(Session& session, const CartContent& before, std::int64_t item)
{
    return {{before.cart, CartStore{session}.items_of(before.cart.id)}, item};
}

CartContent Carts::create(const NewCart& wish)
{
    const auto currency = domain::currency_of_subsidiary(wish.subsidiary);
    if (!currency)
        throw Refusal{Reason::unknown_subsidiary,
            "ovhSubsidiary " + wish.subsidiary + " is not served; those that are: " + domain::subsidiaries_text()};
    const auto now = clock_.now();
    if (wish.expires_at) refuse(domain::fault_of_expiry(*wish.expires_at, now));
    const domain::Cart cart{.uuid = gateway::random_uuid(),
        .subsidiary = wish.subsidiary,
        .currency = *currency,
        .description = wish.description,
        .expires_at = wish.expires_at.value_or(now + CartLimits::lives)};
    database_.transact([&](Session& session) { CartStore{session}.add(cart, now); });
    return {.cart = cart};
}

CartContent Carts::read(const Uuid& uuid, const CartUser& user)
{
    return database_.read([&](Session& session) {
        auto cart = visible_cart(session, uuid, user);
        refuse(domain::fault_of_use(cart, clock_.now()));
        auto items = CartStore{session}.items_of(cart.id);
        return CartContent{std::move(cart), std::move(items)};
    });
}

std::vector<Uuid> Carts::list(domain::MemberId member, const std::optional<std::string>& description)
{
    return database_.read(
        [&](Session& session) { return CartStore{session}.of_member(member, description, clock_.now(), listed_at_most); });
}

CartContent Carts::change(const Uuid& uuid, const CartUser& user, const CartChanges& changes)
{
    return in_change(uuid, user, [&](Session& session, CartContent& content) {
        if (changes.expires_at) refuse(domain::fault_of_expiry(*changes.expires_at, clock_.now()));
        content.cart.description = changes.description.value_or(content.cart.description);
        content.cart.expires_at = changes.expires_at.value_or(content.cart.expires_at);
        CartStore{session}.describe(content.cart.id, content.cart.description, content.cart.expires_at);
        return content;
    });
}

void Carts::remove(const Uuid& uuid, const domain::Identity& who)
{
    database_.transact([&](Session& session) {
        CartStore carts{session};
        carts.begin_change(uuid);
        const auto cart = visible_cart(session, uuid, who);
        if (cart.frozen) refuse(domain::fault_of_change(cart, clock_.now())); // an expired one may go
        carts.remove(cart.id);
    });
}

void Carts::assign(const Uuid& uuid, const domain::Identity& who)
{
    database_.transact([&](Session& session) {
        CartStore carts{session};
        carts.begin_change(uuid);
        const auto cart = visible_cart(session, uuid, who);
        if (cart.member) return refuse(domain::fault_of_use(cart, clock_.now())); // the member's own, bought or not
        refuse(domain::fault_of_change(cart, clock_.now()));
        if (carts.count_open(who.member, clock_.now()) >= CartLimits::open_carts)
            throw Refusal{Reason::cart_full,
                "you have " + std::to_string(CartLimits::open_carts)
                    + " open carts; delete those that you do not need: GET /order/cart lists them, DELETE /order/cart/{cartId}"};
        carts.assign(cart.id, who.member);
    });
}

Carts::ItemIn Carts::add_server(const Uuid& uuid, const CartUser& user, const std::string& product, const domain::CartWish& wish)
{
    return in_change(uuid, user, [&](Session& session, const CartContent& content) {
        const auto plan = store::PlanStore{session}.by_code(wish.plan_code, content.cart.currency, clock_.today());
        refuse(domain::fault_of_server(content, plan ? &*plan : nullptr, wish));
        auto item = item_of(*plan, *domain::pricing_of(*plan, wish.pricing_mode, wish.duration));
        item.product = product;
        item.quantity = static_cast<int>(wish.quantity);
        return item_now(session, content, CartStore{session}.add_item(content.cart.id, item));
    });
}

Carts::ItemIn Carts::add_option(
    const Uuid& uuid, const CartUser& user, const std::string& product, std::int64_t server_id, const domain::CartWish& wish)
{
    return in_change(uuid, user, [&](Session& session, const CartContent& content) {
        const auto& server = service::item_of(content, server_id);
        if (server.parent)
            throw Refusal{Reason::unknown_option,
                "item " + std::to_string(server.id) + " is an option itself; options go with a server, here itemId "
                    + std::to_string(*server.parent)};
        store::PlanStore plans{session};
        const auto today = clock_.today();
        const auto server_plan = plans.by_ids({server.plan}, content.cart.currency, today);
        const auto plan = plans.by_code(wish.plan_code, content.cart.currency, today);
        refuse(domain::fault_of_option(content, server, server_plan.at(0), plan ? &*plan : nullptr, wish));
        auto item = item_of(*plan, *domain::pricing_of(*plan, wish.pricing_mode, wish.duration));
        item.product = product;
        item.parent = server.id;
        item.family = domain::family_of(server_plan.at(0), plan->code)->name;
        item.duration = server.duration;
        item.quantity = server.quantity;
        return item_now(session, content, CartStore{session}.add_item(content.cart.id, item));
    });
}

Carts::ItemIn Carts::change_item(const Uuid& uuid, const CartUser& user, std::int64_t item_id, const ItemChanges& changes)
{
    return in_change(uuid, user, [&](Session& session, CartContent& content) {
        const auto plans = plans_of(session, content);
        CartStore carts{session};
        auto item = service::item_of(content, item_id);
        if (changes.duration && domain::interval_from(*changes.duration) != item.duration) {
            refuse(domain::fault_of_duration(content, item, plans, *changes.duration));
            carts.update_items(domain::with_duration(content, item, plans, *changes.duration));
            content.items = carts.items_of(content.cart.id);
            item = service::item_of(content, item_id);
        }
        if (changes.quantity && *changes.quantity != item.quantity) {
            refuse(domain::fault_of_quantity(content, item, *domain::find_plan(plans, item.plan), *changes.quantity));
            carts.update_items(with_quantity(content, item, static_cast<int>(*changes.quantity)));
        }
        return item_now(session, content, item_id);
    });
}

void Carts::remove_item(const Uuid& uuid, const CartUser& user, std::int64_t item)
{
    in_change(uuid, user,
        [&](Session& session, const CartContent& content) { CartStore{session}.remove_item(service::item_of(content, item).id); });
}

std::vector<domain::PlanLabel> Carts::labels_of(const Uuid& uuid, const CartUser& user, std::int64_t item_id)
{
    const auto content = read(uuid, user);
    const auto& item = service::item_of(content, item_id);
    return database_.read([&](Session& session) {
        return store::PlanStore{session}.by_ids({item.plan}, content.cart.currency, clock_.today()).at(0).labels;
    });
}

domain::CartConfiguration Carts::configure(
    const Uuid& uuid, const CartUser& user, std::int64_t item_id, const std::string& label, const std::string& value)
{
    return in_change(uuid, user, [&](Session& session, const CartContent& content) {
        const auto& item = service::item_of(content, item_id);
        refuse(domain::fault_of_configuration(content, item, plans_of(session, content), label, value));
        return domain::CartConfiguration{CartStore{session}.add_configuration(item.id, label, value), label, value};
    });
}

void Carts::remove_configuration(const Uuid& uuid, const CartUser& user, std::int64_t item_id, std::int64_t configuration)
{
    in_change(uuid, user, [&](Session& session, const CartContent& content) {
        const auto& item = service::item_of(content, item_id);
        if (std::ranges::find(item.configurations, configuration, &domain::CartConfiguration::id) == item.configurations.end())
            throw no_such_object("configurationId", std::to_string(configuration));
        CartStore{session}.remove_configuration(configuration);
    });
}

void Carts::sweep()
{
    const auto then = clock_.now() - CartLimits::kept_expired;
    const auto sweep_some = [&] {
        return database_.transact([&](Session& session) { return CartStore{session}.remove_expired(then, swept_at_a_time); });
    };
    while (sweep_some() == static_cast<std::size_t>(swept_at_a_time)) {}
}

} // namespace service
