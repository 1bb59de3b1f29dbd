#include "service/payment_methods.h"

#include "domain/refusal.h"
#include "gateway/random_uuid.h"
#include "store/collection_store.h"
#include "store/job_store.h"
#include "store/member_store.h"
#include "store/order_store.h"
#include "store/payment_method_store.h"

namespace service {
namespace {

using domain::PaymentMethodStatus;
using domain::PaymentMethodType;
using domain::Reason;
using domain::Refusal;
using gateway::CardState;

void require_accepted(CardState state, const std::string& decline_code)
{
    switch (state) {
    case CardState::accepted: return;
    case CardState::refused:
        throw Refusal{Reason::card_refused, "the card was refused (" + decline_code + "); use another card or ask your bank"};
    case CardState::unknown: throw domain::Unavailable{"card_gateway_unavailable"};
    }
}

domain::PaymentMethod found(std::optional<domain::PaymentMethod> method)
{
    if (!method) throw Refusal{Reason::not_found, "you have no payment method with this id"};
    return *std::move(method);
}

} // namespace

std::vector<domain::PaymentMethod> PaymentMethods::list(domain::MemberId member)
{
    return database_.read([&](store::Session& session) { return store::PaymentMethodStore{session}.of_member(member); });
}

RegisteredMethod PaymentMethods::apply_for_invoice(store::Session& session, domain::MemberId member)
{
    store::PaymentMethodStore methods{session};
    const domain::PaymentMethod method{.uuid = gateway::random_uuid(),
        .type = PaymentMethodType::invoice,
        .status = PaymentMethodStatus::requested,
        .created_at = clock_.now()};
    if (methods.add(member, method)) return {.method = method};
    return {.method = found(methods.open_invoice(member)), .is_new = false};
}

AttachedCard PaymentMethods::attach(domain::MemberId member, const std::string& token, const std::string& attempt)
{
    const auto result = cards_.attach(token, customer_of(member), attempt);
    require_accepted(result.state, result.decline_code);
    return {result.card};
}

std::string PaymentMethods::tokenize(const gateway::RawCard& card)
{
    const auto result = cards_.tokenize(card);
    require_accepted(result.state, result.decline_code);
    return result.token;
}

RegisteredMethod PaymentMethods::register_card(store::Session& session, domain::MemberId member, const AttachedCard& attached)
{
    store::PaymentMethodStore methods{session};
    domain::PaymentMethod method{.uuid = gateway::random_uuid(),
        .type = PaymentMethodType::card,
        .status = PaymentMethodStatus::active,
        .card = attached.card,
        .created_at = clock_.now()};
    if (!methods.add(member, method)) {
        const auto earlier = found(methods.same_card(member, attached.card));
        methods.resume_charging(earlier.uuid);
        method.status = PaymentMethodStatus::removed;
        if (earlier.card->gateway_id != attached.card.gateway_id && methods.add(member, method))
            store::JobStore{session}.add(domain::JobKind::card_detach, method.uuid);
        return {.method = earlier, .is_new = false};
    }
    methods.make_default_if_none(member, method.uuid);
    store::CollectionStore{session}.attend_member(member, clock_.today());
    return {.method = found(methods.by_uuid(member, method.uuid))};
}

domain::PaymentMethod PaymentMethods::make_default(store::Session& session, domain::MemberId member, const domain::Uuid& uuid)
{
    store::PaymentMethodStore methods{session};
    const auto method = found(methods.lock(member, uuid));
    if (method.status != PaymentMethodStatus::active)
        throw Refusal{Reason::payment_method_in_use, "only an active payment method can be the default"};
    methods.make_default(member, uuid);
    store::CollectionStore{session}.attend_member(member, clock_.today());
    return found(methods.by_uuid(member, uuid));
}

void PaymentMethods::remove(store::Session& session, domain::MemberId member, const domain::Uuid& uuid)
{
    store::PaymentMethodStore methods{session};
    const auto method = found(methods.lock(member, uuid));
    if (method.status == PaymentMethodStatus::active && !methods.has_other_active(member, uuid)
        && store::OrderStore{session}.has_running(member))
        throw Refusal{Reason::payment_method_in_use, "your orders need a way to pay; register another one first"};
    methods.remove(member, uuid);
    if (method.card) store::JobStore{session}.add(domain::JobKind::card_detach, uuid);
}

bool PaymentMethods::detach_removed(const domain::Uuid& uuid)
{
    const auto card = database_.read([&](store::Session& session) { return store::PaymentMethodStore{session}.removed_card(uuid); });
    return !card || cards_.detach(*card) == CardState::accepted;
}

bool PaymentMethods::renew_card(gateway::CardPayments& gateway, const std::string& gateway_id)
{
    const auto card = gateway.retrieve_card(gateway_id);
    if (card.outcome == gateway::CallOutcome::missing) return true;
    if (card.outcome != gateway::CallOutcome::done) return false;
    database_.transact([&](store::Session& session) { store::PaymentMethodStore{session}.renew_card(card.value.card); });
    return true;
}

std::string PaymentMethods::customer_of(domain::MemberId id)
{
    const auto known = database_.read([&](store::Session& session) { return store::PaymentMethodStore{session}.gateway_customer(id); });
    if (known) return *known;

    const auto member = database_.read([&](store::Session& session) { return store::MemberStore{session}.read(id); });
    if (!member) throw Refusal{Reason::not_a_member, "this account is unknown here"};
    const auto made = cards_.create_customer(member->uuid.text(), member->email, member->name);
    require_accepted(made.state, "customer_refused");
    database_.transact([&](store::Session& session) { store::PaymentMethodStore{session}.add_gateway_customer(id, made.id); });
    return made.id;
}

} // namespace service
