#include "refunds.h"

#include "amounts.h"
#include "api_error.h"
#include "balance_transactions.h"
#include "charges.h"
#include "disputes.h"
#include "endpoint.h"
#include "events.h"
#include "ids.h"
#include "late_outcomes.h"
#include "listing.h"
#include "metadata.h"

#include <algorithm>

namespace stripe_fake {
namespace {

constexpr const char* kind = "refund";
constexpr std::int64_t outcome_seconds = 5;

/// The charge that a request names, itself or by its payment intent.
Object refunded_charge(Call& call)
{
    auto& parameters = call.parameters;
    const auto charge_id = parameters.text("charge").value_or("");
    const auto intent_id = parameters.text("payment_intent").value_or("");
    ObjectStore objects{call.session};
    if (!intent_id.empty()) {
        const auto intent = objects.find("payment_intent", intent_id);
        if (!intent) throw no_such("payment_intent", intent_id, "payment_intent");
        auto charge = objects.find("charge", intent->text("latest_charge"));
        if (!charge || charge->text("status") != "succeeded" || !json_is_true(json_object_get(charge->body.get(), "captured")))
            throw invalid_request("This PaymentIntent (" + intent_id + ") does not have a successful charge to refund.", "payment_intent");
        return *std::move(charge);
    }
    if (charge_id.empty())
        throw invalid_request("One of the following params should be provided for this request: payment_intent or charge.")
            .coded("parameter_missing");
    auto charge = objects.find("charge", charge_id);
    if (!charge) throw no_such("charge", charge_id, "charge");
    if (charge->text("status") != "succeeded" || !json_is_true(json_object_get(charge->body.get(), "captured")))
        throw invalid_request("Charge " + charge_id + " has not been successful and cannot be refunded.", "charge");
    return *std::move(charge);
}

std::int64_t refundable_amount(Call& call, const Object& charge)
{
    const auto rest = charge.integer("amount") - charge.integer("amount_refunded");
    if (is_refund_barred(call, charge))
        throw invalid_request("Charge " + charge.id + " has been charged back; cannot issue a refund.").coded("charge_disputed");
    if (rest <= 0) throw invalid_request("Charge " + charge.id + " has already been refunded.").coded("charge_already_refunded");
    const auto amount = call.parameters.integer("amount").value_or(rest);
    const auto currency = charge.text("currency");
    if (amount < 1) throw invalid_request("Invalid positive integer", "amount").coded("parameter_invalid_integer");
    if (amount > rest)
        throw invalid_request("Refund amount (" + amount_text(amount, currency) + ") is greater than unrefunded amount on charge ("
                + amount_text(rest, currency) + ")",
            "amount");
    return amount;
}

/// Adds to what the charge shows as refunded, or takes it back.
void change_refunded(Work& work, Object& charge, std::int64_t amount)
{
    const auto refunded = charge.integer("amount_refunded") + amount;
    charge.body.set("amount_refunded", refunded).set("refunded", refunded == charge.integer("amount"));
    ObjectStore{work.session}.save(charge);
}

std::string checked_reason(Parameters& parameters)
{
    auto reason = parameters.text("reason").value_or("");
    if (!reason.empty() && reason != "duplicate" && reason != "fraudulent" && reason != "requested_by_customer")
        throw invalid_request("Invalid reason: must be one of duplicate, fraudulent, or requested_by_customer", "reason");
    return reason;
}

Object new_refund(Call& call, const Object& charge, std::int64_t amount)
{
    auto refund = new_object("re_", kind, call.now());
    refund.charge = charge.id;
    refund.payment_intent = charge.payment_intent;
    json_object_del(refund.body.get(), "livemode");
    const auto card = http::Json::object()
                          .set("reference", fresh_id("").substr(0, 20))
                          .set("reference_status", "available")
                          .set("reference_type", "acquirer_reference_number")
                          .set("type", "refund");
    const auto destination = http::Json::object().set("card", card).set("type", "card");
    const bool pending = charge.hidden_text("behaviour") == "refund_pending";
    for (const char* member : {"receipt_number", "source_transfer_reversal", "transfer_reversal"})
        refund.body.set(member, http::Json::null());
    refund.body.set("amount", amount)
        .set("charge", charge.id)
        .set("currency", charge.text("currency"))
        .set("destination_details", destination)
        .set("payment_intent", text_or_null(charge.payment_intent))
        .set("reason", text_or_null(checked_reason(call.parameters)))
        .set("status", pending ? "pending" : "succeeded");
    if (pending) refund.body.set("pending_reason", "processing");
    update_metadata(call.parameters, refund);
    return refund;
}

http::Json create(Call& call)
{
    auto charge = refunded_charge(call);
    const auto amount = refundable_amount(call, charge);
    auto refund = new_refund(call, charge, amount);
    call.parameters.finish();
    refund.body.set("balance_transaction",
        book(call,
            {.type = "refund",
                .reporting_category = "refund",
                .source = refund.id,
                .amount = -amount,
                .currency = charge.text("currency"),
                .description = "REFUND FOR CHARGE"}));
    ObjectStore{call.session}.add(refund);
    change_refunded(call, charge, amount);
    tell(call, "refund.created", refund);
    tell(call, "charge.refunded", charge);
    const auto behaviour = charge.hidden_text("behaviour");
    if (behaviour == "refund_pending") schedule(call, LateOutcome::refund_settles, refund.id, outcome_seconds);
    if (behaviour == "refund_fails") schedule(call, LateOutcome::refund_fails, refund.id, outcome_seconds);
    return std::move(refund.body);
}

Object find_refund(Call& call)
{
    auto refund = ObjectStore{call.session}.find(kind, call.segments[0]);
    if (!refund) throw no_such("refund", call.segments[0]);
    return *std::move(refund);
}

http::Json retrieve(Call& call)
{
    call.parameters.finish();
    return std::move(find_refund(call).body);
}

http::Json update(Call& call)
{
    auto refund = find_refund(call);
    const auto before = refund.snapshot();
    update_metadata(call.parameters, refund);
    call.parameters.finish();
    ObjectStore{call.session}.save(refund);
    tell(call, "refund.updated", refund, before);
    return std::move(refund.body);
}

/// Only what waits for the customer can be called off, and no refund to a card does.
http::Json cancel(Call& call)
{
    const auto refund = find_refund(call);
    call.parameters.finish();
    throw invalid_request("You cannot cancel this refund because it has a status of " + refund.text("status")
        + ". Only refunds with a status of requires_action can be canceled.");
}

http::Json list(Call& call) { return answer_list(call, kind, "/v1/refunds", read_filter(call.parameters, {"charge", "payment_intent"})); }

constexpr Endpoint endpoints[] = {
    {"POST", "/v1/refunds", create},
    {"GET", "/v1/refunds", list},
    {"GET", "/v1/refunds/{id}", retrieve},
    {"POST", "/v1/refunds/{id}", update},
    {"POST", "/v1/refunds/{id}/cancel", cancel},
};

/// Under the name that the event has today, and the one it had.
void tell_update(Work& work, const Object& refund, const http::Json& before)
{
    tell(work, "refund.updated", refund, before);
    tell(work, "charge.refund.updated", refund, before);
}

} // namespace

std::span<const Endpoint> refund_endpoints() { return endpoints; }

void settle_refund(Work& work, const std::string& id)
{
    auto refund = ObjectStore{work.session}.find(kind, id);
    if (!refund || refund->text("status") != "pending") return;
    const auto before = refund->snapshot();
    refund->body.set("status", "succeeded");
    json_object_del(refund->body.get(), "pending_reason");
    ObjectStore{work.session}.save(*refund);
    tell_update(work, *refund, before);
}

void fail_refund(Work& work, const std::string& id)
{
    ObjectStore objects{work.session};
    const auto unlocked = objects.look_at(id);
    if (!unlocked) return;
    auto charge = charge_of(work, unlocked->charge); // before the refund, as create() does
    auto refund = objects.find(kind, id).value();
    if (refund.text("status") != "succeeded") return;
    const auto before = refund.snapshot();
    refund.body.set("status", "failed")
        .set("failure_reason", "expired_or_canceled_card")
        .set("failure_balance_transaction",
            book(work,
                {.type = "refund_failure",
                    .reporting_category = "refund_failure",
                    .source = refund.id,
                    .amount = refund.integer("amount"),
                    .currency = refund.text("currency"),
                    .description = "REFUND FAILURE"}));
    objects.save(refund);
    change_refunded(work, charge, -refund.integer("amount"));
    tell(work, "refund.failed", refund);
    tell_update(work, refund, before);
}

} // namespace stripe_fake
