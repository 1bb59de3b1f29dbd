#include "service/member_payments.h"

#include "domain/refusal.h"
#include "store/charge_store.h"
#include "store/checkout_store.h"
#include "store/invoice_store.h"

#include <tuple>
#include <utility>

namespace service {
namespace {

using domain::AttemptState;
using gateway::CallOutcome;

domain::Refusal no_such_invoice() { return {domain::Reason::not_found, "you have no invoice with this number"}; }

} // namespace

PaymentStanding MemberPayments::standing(domain::MemberId member, const std::string& number)
{
    const auto latest = [&](store::Session& session) {
        const auto invoice = store::InvoiceStore{session}.by_number(member, number);
        if (!invoice) throw no_such_invoice();
        return std::pair{invoice->open, store::ChargeStore{session}.latest_of(invoice->id)};
    };
    auto [open, attempt] = database_.read(latest);
    if (!attempt) return {.open = open};

    std::optional<domain::Decline> decline; // of a try that still waits it is not written down
    if (domain::is_open(attempt->state) && !attempt->intent.empty()) {
        const auto answer = gateway_.retrieve_intent(attempt->intent);
        if (answer.outcome == CallOutcome::done) {
            charging_.take(attempt->uuid, answer.value, answer.request_id);
            decline = answer.value.decline;
            std::tie(open, attempt) = database_.read(latest);
        }
    }
    PaymentStanding standing{.open = open, .state = attempt->state, .method = attempt->method};
    if (attempt->state == AttemptState::failed)
        decline = database_.read([&, id = attempt->id](store::Session& session) { return store::ChargeStore{session}.decline_of(id); });
    if (decline && attempt->state != AttemptState::succeeded) standing.told_code = domain::told_code(*decline);
    return standing;
}

/// The try with which the member pays: the open one, or a new one.
MemberPayments::ChosenTry MemberPayments::choose(
    domain::MemberId member, const std::string& number, const std::optional<domain::Uuid>& method)
{
    const auto no_card = [] {
        return domain::Refusal{domain::Reason::payment_method_required, "register a card first, in the browser at /pages/card"};
    };
    return database_.transact([&](store::Session& session) -> ChosenTry {
        const auto invoice = store::InvoiceStore{session}.by_number(member, number);
        if (!invoice) throw no_such_invoice();
        store::ChargeStore charges{session};
        if (charges.lock_open(invoice->id) == 0) return {};     // and nobody else begins a try meanwhile
        store::CheckoutStore{session}.end_hold_on(invoice->id); // rolled back if no charge comes of it
        const auto latest = charges.latest_of(invoice->id);
        if (latest && domain::is_open(latest->state)) {
            const bool has_other_card = method && latest->method != *method && latest->state == AttemptState::waiting;
            if (has_other_card && charges.lock_chargeable(invoice->id, *method).empty()) throw no_card();
            return {latest->uuid, has_other_card};
        }
        const auto planned = method ? charging_.plan(session, invoice->id, *method) : charging_.plan(session, {invoice->id});
        if (planned.empty()) throw no_card();
        return {planned.front()};
    });
}

MemberPayment MemberPayments::pay(
    domain::MemberId member, const std::string& number, const std::optional<domain::Uuid>& method, const std::string& return_url)
{
    auto chosen = choose(member, number, method);
    if (chosen.has_other_card) {
        if (charging_.give_up(*chosen.attempt).outcome != JobOutcome::done) throw domain::Unavailable{"card_gateway_unavailable"};
        chosen = choose(member, number, method);
        if (chosen.has_other_card) throw domain::Unavailable{"card_gateway_unavailable"}; // somebody else began a try between the two
    }
    if (!chosen.attempt) return {.state = AttemptState::succeeded};
    const auto& uuid = *chosen.attempt;
    charging_.carry_out(uuid);
    const auto attempt = database_.read([&](store::Session& session) { return store::ChargeStore{session}.by_uuid(uuid); });
    return attempt && attempt->state == AttemptState::waiting ? confirm(*attempt, return_url) : outcome_of(uuid);
}

/// The same intent once more, while the member is there.
MemberPayment MemberPayments::confirm(const domain::ChargeAttempt& attempt, const std::string& return_url)
{
    const auto nth =
        database_.transact([&](store::Session& session) { return store::ChargeStore{session}.begin_confirmation(attempt.id); });
    const auto answer = gateway_.confirm_on_session({.intent = attempt.intent,
        .payment_method = attempt.card,
        .return_url = return_url,
        .idempotency_key = attempt.key() + "-member-" + std::to_string(nth)});
    if (answer.outcome == CallOutcome::done) {
        charging_.take(attempt.uuid, answer.value, answer.request_id);
        return outcome_of(attempt.uuid, answer.value.next_action_url);
    }
    if (answer.outcome == CallOutcome::later) throw domain::Unavailable{"card_gateway_unavailable"};
    if (!charging_.look_at(attempt.intent)) throw domain::Unavailable{"card_gateway_unavailable"};
    return outcome_of(attempt.uuid);
}

MemberPayment MemberPayments::outcome_of(const domain::Uuid& uuid, const std::string& next_action_url)
{
    return database_.read([&](store::Session& session) -> MemberPayment {
        store::ChargeStore charges{session};
        const auto attempt = charges.by_uuid(uuid);
        if (!attempt) return {.state = AttemptState::failed};
        return {.state = attempt->state,
            .next_action_url = attempt->state == AttemptState::waiting ? next_action_url : "",
            .told_code = attempt->state == AttemptState::failed ? std::string{domain::told_code(charges.decline_of(attempt->id))} : ""};
    });
}

} // namespace service
