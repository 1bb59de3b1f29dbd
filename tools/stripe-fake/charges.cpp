#include "charges.h"

#include "amounts.h"
#include "api_error.h"
#include "balance_transactions.h"
#include "endpoint.h"
#include "ids.h"
#include "listing.h"
#include "metadata.h"

#include <stdexcept>

namespace stripe_fake {
namespace {

constexpr const char* kind = "charge";

http::Json null_or(std::string_view text) { return text.empty() ? http::Json::null() : http::Json{text}; }

http::Json outcome(const ChargeAttempt& attempt, bool blocked)
{
    const auto* decline = attempt.decline;
    auto reason = decline ? (decline->decline_code.empty() ? decline->code : decline->decline_code) : std::string_view{};
    if (blocked) reason = "highest_risk_level";
    return http::Json::object()
        .set("advice_code", null_or(decline ? decline->advice_code : std::string_view{}))
        .set("network_advice_code", http::Json::null())
        .set("network_decline_code", http::Json::null())
        .set("network_status",
            blocked       ? "not_sent_to_network"
                : decline ? "declined_by_network"
                          : "approved_by_network")
        .set("reason", null_or(reason))
        .set("risk_level", blocked ? "highest" : "normal")
        .set("risk_score", blocked ? 99 : 12)
        .set("seller_message",
            blocked       ? "Stripe blocked this payment as too risky."
                : decline ? "The bank did not return any further details with this decline."
                          : "Payment complete.")
        .set("type",
            blocked       ? "blocked"
                : decline ? "issuer_declined"
                          : "authorized");
}

http::Json three_d_secure(bool authenticated)
{
    if (!authenticated) return http::Json::null();
    return http::Json::object()
        .set("authentication_flow", "challenge")
        .set("electronic_commerce_indicator", "05")
        .set("exemption_indicator", http::Json::null())
        .set("result", "authenticated")
        .set("result_reason", http::Json::null())
        .set("transaction_id", fresh_id("3ds_"))
        .set("version", "2.2.0");
}

http::Json card_details(const Object& intent, const Object& payment_method, const ChargeAttempt& attempt)
{
    const auto* card = json_object_get(payment_method.body.get(), "card");
    auto details =
        http::Json::object().set("amount_authorized", attempt.decline ? http::Json::null() : http::Json{intent.integer("amount")});
    for (const char* member :
        {"brand", "checks", "country", "exp_month", "exp_year", "fingerprint", "funding", "last4", "regulated_status", "wallet"})
        details.set(member, http::Json{json_incref(json_object_get(card, member))});
    for (const char* member : {"authorization_code", "installments", "mandate"}) details.set(member, http::Json::null());
    details.set("network", http::Json{json_incref(json_object_get(card, "brand"))})
        .set("network_transaction_id", attempt.decline ? http::Json::null() : http::Json{fresh_id("").substr(0, 15)})
        .set("three_d_secure", three_d_secure(attempt.authenticated));
    return http::Json::object().set("card", details).set("type", "card");
}

Object new_charge(const Work& work, const Object& intent, const Object& payment_method)
{
    auto charge = new_object("ch_", kind, work.now());
    charge.customer = intent.customer;
    charge.payment_intent = intent.id;
    charge.hidden.set("behaviour", payment_method.hidden_text("behaviour"));
    for (const char* member : {"amount", "currency", "customer", "description", "metadata", "receipt_email", "shipping",
             "statement_descriptor", "statement_descriptor_suffix"})
        charge.body.set(member, http::Json{json_deep_copy(json_object_get(intent.body.get(), member))});
    for (const char* member :
        {"application", "application_fee", "application_fee_amount", "balance_transaction", "failure_balance_transaction", "on_behalf_of",
            "receipt_number", "review", "source", "source_transfer", "transfer_data", "transfer_group"})
        charge.body.set(member, http::Json::null());
    charge.body.set("amount_captured", 0)
        .set("amount_refunded", 0)
        .set("billing_details", http::Json{json_deep_copy(json_object_get(payment_method.body.get(), "billing_details"))})
        .set("calculated_statement_descriptor", "UNCLOUD")
        .set("captured", false)
        .set("disputed", false)
        .set("fraud_details", http::Json::object())
        .set("payment_intent", intent.id)
        .set("payment_method", payment_method.id)
        .set("receipt_url", "https://pay.stripe.com/receipts/payment/" + charge.id)
        .set("refunded", false);
    return charge;
}

http::Json retrieve(Call& call)
{
    call.parameters.finish();
    auto charge = ObjectStore{call.session}.look_at(call.segments[0]);
    if (!charge || charge->kind != kind) throw no_such("charge", call.segments[0]);
    return std::move(charge->body);
}

http::Json update(Call& call)
{
    auto charge = ObjectStore{call.session}.find(kind, call.segments[0]);
    if (!charge) throw no_such("charge", call.segments[0]);
    if (const auto description = call.parameters.text("description")) charge->body.set("description", text_or_null(description));
    update_metadata(call.parameters, *charge);
    call.parameters.finish();
    ObjectStore{call.session}.save(*charge);
    return std::move(charge->body);
}

http::Json list(Call& call) { return answer_list(call, kind, "/v1/charges", read_filter(call.parameters, {"customer", "payment_intent"})); }

constexpr Endpoint endpoints[] = {
    {"GET", "/v1/charges", list},
    {"GET", "/v1/charges/{id}", retrieve},
    {"POST", "/v1/charges/{id}", update},
};

} // namespace

std::span<const Endpoint> charge_endpoints() { return endpoints; }

Object record_charge(Work& work, const Object& intent, const Object& payment_method, const ChargeAttempt& attempt)
{
    auto charge = new_charge(work, intent, payment_method);
    const auto* decline = attempt.decline;
    const bool blocked = decline && decline->behaviour == "blocked_as_fraud";
    charge.body.set("failure_code", null_or(decline ? decline->code : std::string_view{}))
        .set("failure_message", null_or(decline ? decline->message : std::string_view{}))
        .set("outcome", outcome(attempt, blocked))
        .set("paid", !decline && !attempt.pending)
        .set("payment_method_details", card_details(intent, payment_method, attempt))
        .set("status",
            decline               ? "failed"
                : attempt.pending ? "pending"
                                  : "succeeded");
    if (!decline && !attempt.pending && attempt.captured) capture(work, charge, intent.integer("amount"));
    ObjectStore{work.session}.add(charge);
    return charge;
}

void capture(Work& work, Object& charge, std::int64_t amount)
{
    const auto transaction = book(work,
        {.type = "charge",
            .reporting_category = "charge",
            .source = charge.id,
            .amount = amount,
            .fee = card_fee(amount),
            .currency = charge.text("currency"),
            .description = charge.text("description")});
    charge.body.set("amount_captured", amount)
        .set("amount_refunded", charge.integer("amount") - amount)
        .set("balance_transaction", transaction)
        .set("captured", true)
        .set("paid", true)
        .set("status", "succeeded");
}

Object charge_of(Work& work, const std::string& id)
{
    auto charge = ObjectStore{work.session}.find(kind, id);
    if (!charge) throw std::runtime_error{"a charge is missing"};
    return *std::move(charge);
}

} // namespace stripe_fake
