#pragma once
#include "gateway/card_payments.h"
#include "gateway/json_document.h"

#include <optional>

// Stripe's objects as ours. Each reader gives nullopt for what is not such an object, whatever else it may be.
namespace gateway {

std::optional<PaymentIntent> payment_intent_of(JsonNode object);
std::optional<Refund> refund_of(JsonNode object);
std::optional<Charge> charge_of(JsonNode object);
std::optional<Dispute> dispute_of(JsonNode object);
std::optional<SetupIntent> setup_intent_of(JsonNode object);
std::optional<RegisteredCard> registered_card_of(JsonNode object);

/// The members of a card's payment method.
domain::Card card_of(JsonNode payment_method);

/// The refusal in an error, a last_payment_error or a last_setup_error.
domain::Decline decline_of(JsonNode error);

} // namespace gateway
