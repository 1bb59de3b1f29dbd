#include "service/checkouts.h"

#include "gateway/random_uuid.h"
#include "service/billing_terms.h"
#include "store/cart_store.h"
#include "store/job_store.h"
#include "store/order_store.h"
#include "store/plan_store.h"
#include "store/standing_store.h"
#include "store/vat_store.h"

#include <stdexcept>

namespace service {
namespace {

using domain::CartContent;
using domain::CartItem;
using domain::OrderStatus;
using domain::Reason;
using domain::Refusal;
using domain::Uuid;
using store::Session;

const std::string sku{"dedicated-server"};
constexpr std::size_t product_name_length = sizeof "Dedicated server, setup of " - 1;
constexpr std::size_t detail_length = 255 - product_name_length; // so that the line of an invoice holds both

Purchase bought(Session& session, CartContent content)
{
    store::CheckoutStore checkouts{session};
    const auto checkout = checkouts.of_cart(content.cart.id);
    if (!checkout) throw std::runtime_error{"a cart is frozen without a checkout"};
    return {std::move(content), checkouts.lines_of(checkout->id), checkout};
}

CartContent read(Session& session, const Uuid& uuid, const CartUser& user)
{
    auto cart = visible_cart(session, uuid, user);
    auto items = store::CartStore{session}.items_of(cart.id);
    return {std::move(cart), std::move(items)};
}

/// Only its owner checks a cart out.
void require_owner(const domain::Cart& cart)
{
    if (!cart.member)
        throw Refusal{Reason::cart_unassigned,
            "cart " + cart.uuid.text() + " is assigned to nobody; assign it to you first: POST /order/cart/" + cart.uuid.text()
                + "/assign"};
}

std::vector<store::ServerOrder::Choice> choices_of(const CartContent& content, const CartItem& server)
{
    std::vector<store::ServerOrder::Choice> choices;
    for (const auto& [id, label, value] : server.configurations) choices.push_back({"", label, value});
    for (const auto* option : content.options_of(server))
        for (const auto& [id, label, value] : option->configurations) choices.push_back({option->plan_code, label, value});
    return choices;
}

/// What is ordered: each piece of a server with its options for itself.
struct Orders {
    std::vector<domain::Order> orders{};
    std::vector<store::ServerOrder> servers{};
    std::vector<Uuid> uuids{};

    void add(const CartContent& content, const CartItem& server, const domain::Order& like)
    {
        store::ServerOrder ordered{.item = server.id,
            .plan_code = server.plan_code,
            .pricing_mode = server.pricing_mode,
            .configuration = choices_of(content, server)};
        for (const auto* option : content.options_of(server)) ordered.options.push_back(option->plan_code);
        for (ordered.unit = 1; ordered.unit <= server.quantity; ++ordered.unit) {
            ordered.order = gateway::random_uuid();
            auto& order = orders.emplace_back(like);
            order.uuid = ordered.order;
            order.parameters.plan = server.plan_code;
            order.detail = domain::detail_of(content, server, detail_length);
            order.charge = domain::charge_of(content, server);
            order.interval = server.duration;
            uuids.push_back(ordered.order);
            servers.push_back(ordered);
        }
    }
};

} // namespace

Purchase Checkouts::priced(Session& session, CartContent content, const std::optional<domain::MemberId>& member)
{
    domain::VatProfile profile{.customer = {.kind = domain::CustomerKind::consumer, .country = country_}};
    if (member) profile = store::VatStore{session}.profile(*member).value();
    const auto decision = domain::decide_tax(profile, vat_).decision;
    BillingTerms terms{session};
    const auto terms_of = [&](domain::Interval duration) -> const domain::Item& {
        return terms.item(sku, domain::to_text(duration), false, decision);
    };
    auto lines = domain::lines_of(content, terms_of, clock_.today());
    return {.content = std::move(content), .lines = std::move(lines)};
}

Purchase Checkouts::summary(const Uuid& uuid, const CartUser& user)
{
    return database_.read([&](Session& session) {
        auto content = read(session, uuid, user);
        if (content.cart.frozen) return bought(session, std::move(content));
        refuse(domain::fault_of_use(content.cart, clock_.now()));
        const auto member = content.cart.member ? content.cart.member : user ? std::optional{user->member} : std::nullopt;
        return priced(session, std::move(content), member);
    });
}

Purchase Checkouts::rehearse(const Uuid& uuid, const domain::Identity& who)
{
    return database_.read([&](Session& session) {
        auto content = read(session, uuid, who);
        if (content.cart.frozen) return bought(session, std::move(content));
        require_complete(session, content, who);
        return priced(session, std::move(content), who.member);
    });
}

/// Everything that stands in the way of buying it, at once.
void Checkouts::require_complete(Session& session, const CartContent& content, const domain::Identity& who)
{
    require_owner(content.cart);
    refuse(domain::fault_of_use(content.cart, clock_.now()));
    std::vector<std::int64_t> ids;
    for (const auto& item : content.items) ids.push_back(item.plan);
    const auto plans = store::PlanStore{session}.by_ids(ids, content.cart.currency, clock_.today());
    auto faults = domain::faults_of_checkout(content, plans);

    const auto standing = store::StandingStore{session}.of(who.member);
    if (!standing) throw Refusal{Reason::not_a_member, "this account is unknown here"};
    if (!standing->has_payment_method)
        faults.emplace_back("You do not have preferred payment method: register one first, POST /payment-methods");
    const auto decision = domain::decide_vat(standing->customer, vat_.in_oss);
    if (decision.treatment == domain::VatTreatment::block_no_oss) faults.push_back(domain::block_remedy(decision));
    if (faults.empty()) return;
    std::string text;
    for (const auto& fault : faults) text += (text.empty() ? "" : "\n") + fault;
    throw Refusal{Reason::cart_incomplete, text};
}

Purchase Checkouts::place(Session& session, const Uuid& uuid, const domain::Identity& who, const PlaceCheckout& command)
{
    store::CartStore{session}.begin_change(uuid); // whoever else checks it out waits here, and finds it bought
    auto content = read(session, uuid, who);
    if (!content.cart.frozen) {
        require_complete(session, content, who);
        write(session, priced(session, std::move(content), who.member), who, command);
        content = read(session, uuid, who);
    }
    return bought(session, std::move(content));
}

void Checkouts::write(Session& session, const Purchase& purchase, const domain::Identity& who, const PlaceCheckout& command)
{
    const auto& content = purchase.content;
    const auto now = clock_.now();
    const bool by_card = store::StandingStore{session}.of(who.member).value().pays_by_card;
    store::CheckoutStore checkouts{session};
    const auto checkout = checkouts.add({.cart = content.cart.id,
        .member = who.member,
        .placed_at = now,
        .first = purchase.first(),
        .waives_retraction = command.waives_retraction,
        .waits_for_member = by_card && !command.pays_at_once});
    if (!checkout) throw store::Conflict{"the cart was checked out meanwhile"};
    store::CartStore{session}.freeze(content.cart.id);
    checkouts.add_lines(*checkout, purchase.lines);

    const domain::Order like{.member = who.member,
        .sku = sku,
        .price_includes_vat = false,
        .status = by_card ? OrderStatus::awaiting_payment : OrderStatus::provisioning,
        .placed_at = now,
        .started_on = clock_.day_of(now)};
    Orders ordered;
    for (const auto& item : content.items)
        if (!item.parent) ordered.add(content, item, like);
    store::OrderStore{session}.add(ordered.orders, who.uid);
    checkouts.add_orders(*checkout, ordered.servers);
    store::JobStore{session}.add(domain::JobKind::order_start, ordered.uuids);
}

} // namespace service
