#include "api/ovh_json.h"
#include "api/ovh_orders.h"

namespace api {
namespace {

using domain::CheckoutStatus;
using domain::OrderStatus;
using http::JsonText;
using service::CheckoutView;
using Progress = service::CheckoutHistory::Progress;

JsonText entry(domain::Instant at, const char* label, const std::string& description)
{
    auto json = JsonText::object();
    return std::move(json.set("date", ovh_datetime(at)).set("description", description).set("label", label));
}

JsonText step_json(const char* step, const char* status, const JsonText& history)
{
    auto json = JsonText::object();
    return std::move(json.set("history", history).set("status", status).set("step", step));
}

JsonText payment_history(const CheckoutView& view, const Progress& progress)
{
    auto history = JsonText::array();
    history.push(entry(view.checkout.placed_at, "ORDER_STARTED", "the order was placed"));
    for (const auto& charge : progress.charges) {
        history.push(entry(charge.planned_at, "REGISTERED_PAYMENT_INITIATED", "the card is to be charged"));
        if (charge.finished_at && charge.state != "succeeded")
            history.push(entry(*charge.finished_at, "PAYMENT_INITIATED", "the card was not charged: " + charge.state));
    }
    if (progress.payment) history.push(entry(progress.payment->received_at, "PAYMENT_RECEIVED", "the payment was received"));
    return history;
}

/// What happened to the orders in the status, and what was noted of them meanwhile.
void add_events(JsonText& history, const Progress& progress, OrderStatus status, const char* label, bool with_notes)
{
    for (const auto& event : progress.events)
        if (event.to == status && (event.changes_status || with_notes)) history.push(entry(event.at, label, event.reason));
}

bool is_paid(CheckoutStatus status) { return status == CheckoutStatus::delivering || status == CheckoutStatus::delivered; }

const char* validating_status(CheckoutStatus status)
{
    switch (status) {
    case CheckoutStatus::cancelled: return "ERROR";
    case CheckoutStatus::not_paid: return "TODO"; // by the buyer
    case CheckoutStatus::checking: return "DOING";
    case CheckoutStatus::delivering:
    case CheckoutStatus::delivered: return "DONE";
    }
    return "TODO";
}

} // namespace

JsonText ovh_follow_up(const CheckoutView& view, const Progress& progress)
{
    auto accepted = JsonText::array(), delivering = JsonText::array(), available = JsonText::array();
    if (!view.documents.empty())
        accepted.push(entry(view.documents.front().issued_at, "INVOICE_SENT", "invoice " + view.documents.front().number));
    add_events(accepted, progress, OrderStatus::provisioning, "ORDER_ACCEPTED", false);
    add_events(delivering, progress, OrderStatus::provisioning, "DELIVERY", true);
    add_events(available, progress, OrderStatus::active, "DELIVERY", false);
    const bool delivered = view.status == CheckoutStatus::delivered;
    auto steps = JsonText::array();
    steps.push(step_json("VALIDATING", validating_status(view.status), payment_history(view, progress)));
    steps.push(step_json("VALIDATED", is_paid(view.status) ? "DONE" : "TODO", accepted));
    steps.push(step_json("DELIVERING", delivered ? "DONE" : is_paid(view.status) ? "DOING" : "TODO", delivering));
    steps.push(step_json("AVAILABLE", delivered ? "DONE" : "TODO", available));
    return steps;
}

} // namespace api
