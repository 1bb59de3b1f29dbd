#include "amounts.h"
#include "api_error.h"
#include "charges.h"
#include "customers.h"
#include "events.h"
#include "ids.h"
#include "intents.h"
#include "listing.h"
#include "metadata.h"
#include "payment_confirmation.h"
#include "payment_methods.h"
#include "payment_settling.h"

#include <algorithm>

namespace stripe_fake {
namespace {

constexpr const char* kind = "payment_intent";

ApiError no_payment_method(const Call& call, const Object& intent)
{
    return invalid_request("You cannot confirm this PaymentIntent because it's missing a payment method. You can either update the"
                           " PaymentIntent with a payment method and then confirm it again, or confirm it again directly with a payment"
                           " method or ConfirmationToken.")
        .coded("payment_intent_unexpected_state")
        .with("payment_intent", shown(call, intent));
}

std::string one_of(Parameters& parameters, const std::string& name, std::initializer_list<std::string_view> words, const char* otherwise)
{
    auto word = parameters.text(name).value_or(otherwise);
    if (!word.empty() && std::ranges::find(words, word) == words.end()) {
        std::string list;
        for (const auto each : words) list += (list.empty() ? "" : ", ") + std::string{each};
        throw invalid_request("Invalid " + name + ": must be one of " + list, name);
    }
    return word;
}

/// What may be said at creation and later.
void read_description(Call& call, Object& intent)
{
    auto& parameters = call.parameters;
    for (const char* member : {"description", "receipt_email", "statement_descriptor", "statement_descriptor_suffix"})
        if (const auto text = parameters.text(member)) intent.body.set(member, text_or_null(text));
    if (parameters.contains("setup_future_usage"))
        intent.body.set("setup_future_usage", text_or_null(one_of(parameters, "setup_future_usage", {"off_session", "on_session"}, "")));
    update_metadata(parameters, intent);
}

void read_amount(Parameters& parameters, Object& intent)
{
    std::string currency = parameters.required("currency");
    std::ranges::transform(currency, currency.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    check_currency(currency);
    parameters.required("amount");
    const auto amount = *parameters.integer("amount");
    check_amount(amount, currency);
    intent.body.set("amount", amount).set("currency", currency);
}

Object described(Call& call)
{
    auto& parameters = call.parameters;
    auto intent = new_object("pi_", kind, call.now());
    for (const char* member : {"allowed_payment_method_types", "amount", "application", "application_fee_amount", "canceled_at",
             "cancellation_reason", "customer_account", "description", "last_payment_error", "latest_charge", "next_action", "on_behalf_of",
             "payment_method", "payment_method_configuration_details", "processing", "receipt_email", "review", "setup_future_usage",
             "shipping", "source", "statement_descriptor", "statement_descriptor_suffix", "transfer_data", "transfer_group"})
        intent.body.set(member, http::Json::null());
    read_amount(parameters, intent);
    const auto customer = parameters.text("customer");
    if (customer && !customer->empty()) intent.customer = find_customer(call, *customer, "customer").id;
    const auto card_options = http::Json::object()
                                  .set("installments", http::Json::null())
                                  .set("mandate_options", http::Json::null())
                                  .set("network", http::Json::null())
                                  .set("request_three_d_secure", "automatic");
    intent.body.set("amount_capturable", 0)
        .set("amount_received", 0)
        .set("capture_method", one_of(parameters, "capture_method", {"automatic", "automatic_async", "manual"}, "automatic_async"))
        .set("client_secret", intent.id + "_secret_" + fresh_id(""))
        .set("confirmation_method", one_of(parameters, "confirmation_method", {"automatic", "manual"}, "automatic"))
        .set("customer", text_or_null(intent.customer))
        .set("payment_method_options", http::Json::object().set("card", card_options))
        .set("status", "requires_payment_method");
    read_types(parameters, intent);
    read_description(call, intent);
    return intent;
}

void take_payment_method(Object& intent, const Object& payment_method)
{
    require_usable(payment_method, intent.customer);
    intent.body.set("status", "requires_confirmation").set("payment_method", payment_method.id).set("next_action", http::Json::null());
}

http::Json create(Call& call)
{
    auto& parameters = call.parameters;
    auto intent = described(call);
    const bool at_once = parameters.boolean("confirm").value_or(false);
    if (const auto name = confirmation_only(parameters); !at_once && !name.empty())
        throw invalid_request("`" + name + "` can only be used when `confirm` is true.", name);
    const auto confirmation = read_confirmation(call);
    auto payment_method = given_payment_method(call);
    parameters.finish();
    if (payment_method) take_payment_method(intent, *payment_method);
    if (at_once && !payment_method) throw no_payment_method(call, intent);
    ObjectStore{call.session}.add(intent);
    tell(call, "payment_intent.created", intent);
    if (at_once) confirm_payment(call, intent, *payment_method, confirmation);
    return std::move(intent.body);
}

http::Json retrieve(Call& call)
{
    const auto intent = find_intent(call, kind);
    call.parameters.finish();
    return shown(call, intent);
}

http::Json list(Call& call) { return answer_list(call, kind, "/v1/payment_intents", read_filter(call.parameters, {"customer"})); }

http::Json update(Call& call)
{
    auto& parameters = call.parameters;
    auto intent = find_intent(call, kind);
    const bool in_substance = parameters.contains("amount") || parameters.contains("currency") || parameters.contains("customer")
        || parameters.contains("payment_method") || parameters.contains("payment_method_data")
        || parameters.contains("payment_method_types");
    if (in_substance) require_status(call, intent, "update", {"requires_payment_method", "requires_confirmation", "requires_action"});
    if (const auto currency = parameters.text("currency")) check_currency(*currency), intent.body.set("currency", *currency);
    if (const auto amount = parameters.integer("amount"))
        check_amount(*amount, intent.text("currency")), intent.body.set("amount", *amount);
    if (const auto customer = parameters.text("customer")) {
        intent.customer = customer->empty() ? "" : find_customer(call, *customer, "customer").id;
        intent.body.set("customer", text_or_null(intent.customer));
    }
    if (parameters.contains("payment_method_types")) read_types(parameters, intent);
    read_description(call, intent);
    const auto payment_method = given_payment_method(call);
    parameters.finish();
    if (payment_method) take_payment_method(intent, *payment_method);
    ObjectStore{call.session}.save(intent);
    return std::move(intent.body);
}

http::Json confirm(Call& call)
{
    auto intent = find_intent(call, kind);
    require_status(call, intent, "confirm", {"requires_payment_method", "requires_confirmation", "requires_action"});
    const auto confirmation = read_confirmation(call);
    if (call.parameters.contains("setup_future_usage"))
        intent.body.set(
            "setup_future_usage", text_or_null(one_of(call.parameters, "setup_future_usage", {"off_session", "on_session"}, "")));
    auto payment_method = given_payment_method(call);
    call.parameters.finish();
    if (!payment_method) {
        if (intent.text("payment_method").empty()) throw no_payment_method(call, intent);
        payment_method = find_payment_method(call, intent.text("payment_method"), "payment_method");
    }
    confirm_payment(call, intent, *payment_method, confirmation);
    return shown(call, intent);
}

/// What was reserved but not taken is let go.
void release(Call& call, const Object& intent)
{
    auto charge = charge_of(call, intent.text("latest_charge"));
    charge.body.set("amount_refunded", charge.integer("amount")).set("refunded", true);
    ObjectStore{call.session}.save(charge);
    tell(call, "charge.refunded", charge);
}

http::Json cancel(Call& call)
{
    auto intent = find_intent(call, kind);
    const auto reason =
        one_of(call.parameters, "cancellation_reason", {"abandoned", "duplicate", "fraudulent", "requested_by_customer"}, "");
    call.parameters.finish();
    require_status(call, intent, "cancel", {"requires_payment_method", "requires_capture", "requires_confirmation", "requires_action"});
    if (intent.text("status") == "requires_capture") release(call, intent);
    intent.body.set("status", "canceled")
        .set("amount_capturable", 0)
        .set("canceled_at", call.now())
        .set("cancellation_reason", text_or_null(reason))
        .set("next_action", http::Json::null());
    ObjectStore{call.session}.save(intent);
    tell(call, "payment_intent.canceled", intent);
    return std::move(intent.body);
}

http::Json capture_reserved(Call& call)
{
    auto intent = find_intent(call, kind);
    const auto amount = call.parameters.integer("amount_to_capture").value_or(intent.integer("amount_capturable"));
    call.parameters.finish();
    require_status(call, intent, "capture", {"requires_capture"});
    if (amount < 1 || amount > intent.integer("amount_capturable"))
        throw invalid_request("The amount_to_capture must be between 1 and what can be captured.", "amount_to_capture");
    auto charge = charge_of(call, intent.text("latest_charge"));
    capture(call, charge, amount);
    ObjectStore{call.session}.save(charge);
    tell(call, "charge.captured", charge);
    complete(call, intent, charge);
    return std::move(intent.body);
}

constexpr Endpoint endpoints[] = {
    {"POST", "/v1/payment_intents", create},
    {"GET", "/v1/payment_intents", list},
    {"GET", "/v1/payment_intents/{id}", retrieve, Caller::browser},
    {"POST", "/v1/payment_intents/{id}", update},
    {"POST", "/v1/payment_intents/{id}/confirm", confirm, Caller::browser},
    {"POST", "/v1/payment_intents/{id}/cancel", cancel},
    {"POST", "/v1/payment_intents/{id}/capture", capture_reserved},
};

} // namespace

std::span<const Endpoint> payment_intent_endpoints() { return endpoints; }

} // namespace stripe_fake
