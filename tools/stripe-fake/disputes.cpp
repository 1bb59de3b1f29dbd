#include "disputes.h"

#include "amounts.h"
#include "api_error.h"
#include "balance_transactions.h"
#include "charges.h"
#include "endpoint.h"
#include "events.h"
#include "late_outcomes.h"
#include "listing.h"
#include "metadata.h"

#include <algorithm>
#include <array>

namespace stripe_fake {
namespace {

constexpr const char* kind = "dispute";
constexpr std::int64_t days_to_answer = 9;

constexpr auto evidence_members = std::to_array<const char*>({"access_activity_log", "billing_address", "cancellation_policy",
    "cancellation_policy_disclosure", "cancellation_rebuttal", "customer_communication", "customer_email_address", "customer_name",
    "customer_purchase_ip", "customer_signature", "duplicate_charge_documentation", "duplicate_charge_explanation", "duplicate_charge_id",
    "product_description", "receipt", "refund_policy", "refund_policy_disclosure", "refund_refusal_explanation", "service_date",
    "service_documentation", "shipping_address", "shipping_carrier", "shipping_date", "shipping_documentation", "shipping_tracking_number",
    "uncategorized_file", "uncategorized_text"});

bool is_inquiry(const Object& dispute) { return dispute.text("status").starts_with("warning_"); }

bool waits_for_answer(const Object& dispute) { return dispute.text("status").ends_with("needs_response"); }

/// Moves the money and shows the movement in the dispute.
void move_money(Work& work, Object& dispute, const char* category, std::int64_t amount, std::int64_t fee)
{
    const auto id = book(work,
        {.type = "adjustment",
            .reporting_category = category,
            .source = dispute.id,
            .amount = amount,
            .fee = fee,
            .currency = dispute.text("currency"),
            .description = "Chargeback " + dispute.id});
    json_array_append(
        json_object_get(dispute.body.get(), "balance_transactions"), ObjectStore{work.session}.look_at(id).value().body.get());
}

void close(Work& work, Object& dispute, const std::string& status)
{
    const auto before = dispute.snapshot();
    dispute.body.set("status", status);
    if (status == "won") move_money(work, dispute, "dispute_reversal", dispute.integer("amount"), 0);
    ObjectStore{work.session}.save(dispute);
    if (status == "won") tell(work, "charge.dispute.funds_reinstated", dispute);
    tell(work, "charge.dispute.closed", dispute, before);
}

Object find_dispute(Call& call)
{
    auto dispute = ObjectStore{call.session}.find(kind, call.segments[0]);
    if (!dispute) throw no_such("dispute", call.segments[0]);
    return *std::move(dispute);
}

http::Json retrieve(Call& call)
{
    call.parameters.finish();
    return std::move(find_dispute(call).body);
}

http::Json list(Call& call) { return answer_list(call, kind, "/v1/disputes", read_filter(call.parameters, {"charge", "payment_intent"})); }

/// True if any was given.
bool read_evidence(Parameters& parameters, Object& dispute)
{
    auto* evidence = json_object_get(dispute.body.get(), "evidence");
    bool given = false;
    for (const char* member : evidence_members)
        if (const auto text = parameters.text(std::string{"evidence["} + member + ']'))
            json_object_set(evidence, member, text_or_null(text).get()), given = true;
    return given;
}

/// Hands the evidence in: the bank looks at it, and decides at once if it is one of the texts for tests.
void submit(Call& call, Object& dispute)
{
    auto* details = json_object_get(dispute.body.get(), "evidence_details");
    json_object_set_new(details, "has_evidence", json_true());
    json_object_set_new(details, "submission_count", json_integer(json_integer_value(json_object_get(details, "submission_count")) + 1));
    const char* text = json_string_value(json_object_get(json_object_get(dispute.body.get(), "evidence"), "uncategorized_text"));
    const std::string_view statement{text ? text : ""};
    if (statement == "winning_evidence") dispute.hidden.set("verdict", is_inquiry(dispute) ? "warning_closed" : "won");
    if (statement == "losing_evidence") dispute.hidden.set("verdict", is_inquiry(dispute) ? "warning_closed" : "lost");
    dispute.body.set("status", is_inquiry(dispute) ? "warning_under_review" : "under_review");
    if (!dispute.hidden_text("verdict").empty()) schedule(call, LateOutcome::dispute_is_decided, dispute.id, 0);
}

http::Json update(Call& call)
{
    auto& parameters = call.parameters;
    auto dispute = find_dispute(call);
    const auto before = dispute.snapshot();
    const bool evidence = read_evidence(parameters, dispute);
    const bool hand_in = parameters.boolean("submit").value_or(evidence);
    update_metadata(parameters, dispute);
    parameters.finish();
    if ((evidence || hand_in) && !waits_for_answer(dispute))
        throw invalid_request("This dispute is already closed or under review: evidence cannot be changed any more.");
    if (hand_in) submit(call, dispute);
    ObjectStore{call.session}.save(dispute);
    tell(call, "charge.dispute.updated", dispute, before);
    return std::move(dispute.body);
}

http::Json give_in(Call& call)
{
    call.parameters.finish();
    auto dispute = find_dispute(call);
    if (!waits_for_answer(dispute)) throw invalid_request("This dispute is already closed.");
    close(call, dispute, is_inquiry(dispute) ? "warning_closed" : "lost");
    return std::move(dispute.body);
}

constexpr Endpoint endpoints[] = {
    {"GET", "/v1/disputes", list},
    {"GET", "/v1/disputes/{id}", retrieve},
    {"POST", "/v1/disputes/{id}", update},
    {"POST", "/v1/disputes/{id}/close", give_in},
};

http::Json evidence_details(std::int64_t now)
{
    return http::Json::object()
        .set("due_by", now + days_to_answer * 24 * 60 * 60)
        .set("enhanced_eligibility", http::Json::object())
        .set("has_evidence", false)
        .set("past_due", false)
        .set("submission_count", 0);
}

Object new_dispute(const Work& work, const Object& charge)
{
    const auto behaviour = charge.hidden_text("behaviour");
    auto dispute = new_object("du_", kind, work.now());
    dispute.charge = charge.id;
    dispute.payment_intent = charge.payment_intent;
    auto evidence = http::Json::object();
    for (const char* member : evidence_members) evidence.set(member, http::Json::null());
    evidence.set("enhanced_evidence", http::Json::object());
    const auto card = http::Json::object()
                          .set("brand", "visa")
                          .set("case_type", behaviour == "inquired" ? "inquiry" : "chargeback")
                          .set("network_reason_code", behaviour == "disputed_as_not_received" ? "13.1" : "10.4");
    const auto details = http::Json::object().set("card", card).set("type", "card");
    dispute.body.set("amount", charge.integer("amount_captured") - charge.integer("amount_refunded"))
        .set("balance_transactions", http::Json::array())
        .set("charge", charge.id)
        .set("currency", charge.text("currency"))
        .set("enhanced_eligibility_types", http::Json::array())
        .set("evidence", evidence)
        .set("evidence_details", evidence_details(work.now()))
        .set("is_charge_refundable", behaviour == "inquired")
        .set("payment_intent", text_or_null(charge.payment_intent))
        .set("payment_method_details", details)
        .set("reason", behaviour == "disputed_as_not_received" ? "product_not_received" : "fraudulent")
        .set("status", behaviour == "inquired" ? "warning_needs_response" : "needs_response");
    return dispute;
}

} // namespace

std::span<const Endpoint> dispute_endpoints() { return endpoints; }

void open_dispute(Work& work, const std::string& id)
{
    auto charge = charge_of(work, id);
    if (charge.integer("amount_refunded") >= charge.integer("amount")) return; // there is nothing left to quarrel about
    auto dispute = new_dispute(work, charge);
    if (!is_inquiry(dispute)) move_money(work, dispute, "dispute", -dispute.integer("amount"), dispute_fee);
    ObjectStore objects{work.session};
    objects.add(dispute);
    charge.body.set("disputed", true);
    charge.hidden.set("dispute", dispute.id);
    objects.save(charge);
    tell(work, "charge.dispute.created", dispute);
    if (!is_inquiry(dispute)) tell(work, "charge.dispute.funds_withdrawn", dispute);
}

void decide_dispute(Work& work, const std::string& id)
{
    auto dispute = ObjectStore{work.session}.find(kind, id);
    if (dispute && dispute->text("status").ends_with("under_review")) close(work, *dispute, dispute->hidden_text("verdict"));
}

bool is_refund_barred(Work& work, const Object& charge)
{
    const auto id = charge.hidden_text("dispute");
    if (id.empty()) return false;
    const auto status = ObjectStore{work.session}.look_at(id).value().text("status");
    return status == "needs_response" || status == "under_review" || status == "lost";
}

} // namespace stripe_fake
