#include "gateway/stripe_objects.h"

#include <algorithm>
#include <array>

namespace gateway {
namespace {

template <class State> struct StateName {
    std::string_view name;
    State state;
};

/// The state of that name; the lists are open.
template <class State, std::size_t N> State state_named(const std::array<StateName<State>, N>& names, std::string_view name)
{
    const auto found = std::ranges::find(names, name, &StateName<State>::name);
    return found == names.end() ? State::unrecognised : found->state;
}

constexpr std::array intent_states{
    StateName<IntentState>{"requires_payment_method", IntentState::requires_payment_method},
    StateName<IntentState>{"requires_confirmation", IntentState::requires_confirmation},
    StateName<IntentState>{"requires_action", IntentState::requires_action},
    StateName<IntentState>{"processing", IntentState::processing},
    StateName<IntentState>{"requires_capture", IntentState::requires_capture},
    StateName<IntentState>{"succeeded", IntentState::succeeded},
    StateName<IntentState>{"canceled", IntentState::canceled},
};
constexpr std::array setup_states{
    StateName<SetupState>{"requires_payment_method", SetupState::requires_payment_method},
    StateName<SetupState>{"requires_confirmation", SetupState::requires_confirmation},
    StateName<SetupState>{"requires_action", SetupState::requires_action},
    StateName<SetupState>{"processing", SetupState::processing},
    StateName<SetupState>{"succeeded", SetupState::succeeded},
    StateName<SetupState>{"canceled", SetupState::canceled},
};
constexpr std::array refund_states{
    StateName<RefundState>{"pending", RefundState::pending},
    StateName<RefundState>{"requires_action", RefundState::requires_action},
    StateName<RefundState>{"succeeded", RefundState::succeeded},
    StateName<RefundState>{"failed", RefundState::failed},
    StateName<RefundState>{"canceled", RefundState::canceled},
};
constexpr std::array charge_states{
    StateName<ChargeState>{"succeeded", ChargeState::succeeded},
    StateName<ChargeState>{"pending", ChargeState::pending},
    StateName<ChargeState>{"failed", ChargeState::failed},
};
constexpr std::array dispute_states{
    StateName<DisputeState>{"warning_needs_response", DisputeState::warning_needs_response},
    StateName<DisputeState>{"warning_under_review", DisputeState::warning_under_review},
    StateName<DisputeState>{"warning_closed", DisputeState::warning_closed},
    StateName<DisputeState>{"needs_response", DisputeState::needs_response},
    StateName<DisputeState>{"under_review", DisputeState::under_review},
    StateName<DisputeState>{"won", DisputeState::won},
    StateName<DisputeState>{"lost", DisputeState::lost},
    StateName<DisputeState>{"prevented", DisputeState::prevented},
};

/// Stripe writes "chf", we "CHF".
std::optional<domain::Currency> currency_of(JsonNode object)
{
    auto code = object.text({"currency"});
    std::ranges::transform(code, code.begin(), [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
    return domain::currency_from(code);
}

Ownership owner_of(JsonNode object)
{
    const auto metadata = object.at({"metadata"});
    return {.instance = metadata.text({"instance"}),
        .invoice = metadata.text({"invoice"}),
        .attempt = metadata.text({"attempt"}),
        .refund = metadata.text({"refund"}),
        .account = metadata.text({"account"})};
}

/// What an object of that kind must have to be believed: its kind, an id and, if it moves money, an amount.
bool is_a(JsonNode object, std::string_view kind) { return object.text({"object"}) == kind && !object.text({"id"}).empty(); }
bool is_sum(JsonNode object, std::string_view kind) { return is_a(object, kind) && object.number({"amount"}); }

std::int64_t amount_of(JsonNode object, const char* name) { return object.number({name}).value_or(0); }

std::optional<domain::Decline> decline_in(JsonNode error)
{
    if (!error.is_object()) return std::nullopt;
    return decline_of(error);
}

/// A failed charge tells its refusal in words of its own.
std::optional<domain::Decline> decline_of_charge(JsonNode charge)
{
    if (charge.text({"failure_code"}).empty()) return std::nullopt;
    return domain::Decline{.advice_code = charge.text({"outcome", "advice_code"}),
        .code = charge.text({"failure_code"}),
        .decline_code = charge.text({"outcome", "reason"})};
}

} // namespace

domain::Decline decline_of(JsonNode error)
{
    return {.advice_code = error.text({"advice_code"}), .code = error.text({"code"}), .decline_code = error.text({"decline_code"})};
}

std::optional<PaymentIntent> payment_intent_of(JsonNode object)
{
    if (!is_sum(object, "payment_intent")) return std::nullopt;
    PaymentIntent intent{.id = object.text({"id"}),
        .state = state_named(intent_states, object.text({"status"})),
        .amount_minor = amount_of(object, "amount"),
        .received_minor = amount_of(object, "amount_received"),
        .currency = currency_of(object),
        .customer = object.id_of({"customer"}),
        .payment_method = object.id_of({"payment_method"}),
        .latest_charge = object.id_of({"latest_charge"}),
        .decline = decline_in(object.at({"last_payment_error"})),
        .next_action_url = object.text({"next_action", "redirect_to_url", "url"}),
        .client_secret = object.text({"client_secret"}),
        .owner = owner_of(object),
        .created = object.instant({"created"}),
        .livemode = object.flag({"livemode"})};
    // After a refusal the intent has none any more; the error tells which one was tried.
    if (intent.payment_method.empty()) intent.payment_method = object.text({"last_payment_error", "payment_method", "id"});
    return intent;
}

std::optional<Refund> refund_of(JsonNode object)
{
    if (!is_sum(object, "refund")) return std::nullopt;
    return Refund{.id = object.text({"id"}),
        .state = state_named(refund_states, object.text({"status"})),
        .amount_minor = amount_of(object, "amount"),
        .currency = currency_of(object),
        .intent = object.id_of({"payment_intent"}),
        .charge = object.id_of({"charge"}),
        .failure_reason = object.text({"failure_reason"}),
        .owner = owner_of(object),
        .created = object.instant({"created"})};
}

std::optional<Charge> charge_of(JsonNode object)
{
    if (!is_sum(object, "charge")) return std::nullopt;
    Charge charge{.id = object.text({"id"}),
        .state = state_named(charge_states, object.text({"status"})),
        .intent = object.id_of({"payment_intent"}),
        .payment_method = object.id_of({"payment_method"}),
        .amount_minor = amount_of(object, "amount"),
        .refunded_minor = amount_of(object, "amount_refunded"),
        .currency = currency_of(object),
        .disputed = object.flag({"disputed"}),
        .balance_transaction = object.id_of({"balance_transaction"}),
        .decline = decline_of_charge(object),
        .owner = owner_of(object),
        .created = object.instant({"created"})};
    if (const auto settled = object.at({"balance_transaction"}); is_sum(settled, "balance_transaction")) {
        charge.fee_minor = settled.number({"fee"});
        charge.settled_minor = settled.number({"net"});
        charge.fee_currency = currency_of(settled);
    }
    return charge;
}

std::optional<Dispute> dispute_of(JsonNode object)
{
    if (!is_sum(object, "dispute")) return std::nullopt;
    Dispute dispute{.id = object.text({"id"}),
        .state = state_named(dispute_states, object.text({"status"})),
        .charge = object.id_of({"charge"}),
        .intent = object.id_of({"payment_intent"}),
        .amount_minor = amount_of(object, "amount"),
        .currency = currency_of(object),
        .reason = object.text({"reason"}),
        .is_charge_refundable = object.flag({"is_charge_refundable"}),
        .created = object.instant({"created"})};
    for (const auto& moved : object.items({"balance_transactions"}))
        if (const auto currency = currency_of(moved)) dispute.fees = {dispute.fees.minor + amount_of(moved, "fee"), *currency};
    if (object.number({"evidence_details", "due_by"})) dispute.evidence_due = object.instant({"evidence_details", "due_by"});
    return dispute;
}

std::optional<SetupIntent> setup_intent_of(JsonNode object)
{
    if (!is_a(object, "setup_intent")) return std::nullopt;
    return SetupIntent{.id = object.text({"id"}),
        .state = state_named(setup_states, object.text({"status"})),
        .customer = object.id_of({"customer"}),
        .payment_method = object.id_of({"payment_method"}),
        .client_secret = object.text({"client_secret"}),
        .off_session = object.text({"usage"}) == "off_session",
        .decline = decline_in(object.at({"last_setup_error"})),
        .owner = owner_of(object),
        .created = object.instant({"created"})};
}

std::optional<RegisteredCard> registered_card_of(JsonNode object)
{
    if (!is_a(object, "payment_method") || object.text({"type"}) != "card") return std::nullopt;
    return RegisteredCard{.card = card_of(object), .customer = object.id_of({"customer"})};
}

domain::Card card_of(JsonNode payment_method)
{
    const auto card = payment_method.at({"card"});
    return {.gateway_id = payment_method.text({"id"}),
        .brand = card.text({"brand"}),
        .last4 = card.text({"last4"}),
        .exp_month = static_cast<int>(card.number({"exp_month"}).value_or(0)),
        .exp_year = static_cast<int>(card.number({"exp_year"}).value_or(0)),
        .fingerprint = card.text({"fingerprint"}),
        .country = card.text({"country"}),
        .funding = card.text({"funding"})};
}

} // namespace gateway
