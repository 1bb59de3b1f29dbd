#include "payment_settling.h"

#include "events.h"
#include "late_outcomes.h"
#include "payment_methods.h"

#include <algorithm>
#include <array>

namespace stripe_fake {
namespace {

constexpr std::int64_t settling_seconds = 5;

struct Aftermath {
    std::string_view behaviour{};
    LateOutcome outcome{};
};

constexpr auto aftermaths = std::to_array<Aftermath>(
    {{"disputed_as_fraudulent", LateOutcome::charge_is_disputed}, {"disputed_as_not_received", LateOutcome::charge_is_disputed},
        {"inquired", LateOutcome::charge_is_disputed}, {"early_fraud_warning", LateOutcome::fraud_warning}});

void keep_if_asked(Work& work, const Object& intent, Object& payment_method)
{
    const auto usage = intent.text("setup_future_usage");
    if (!usage.empty() && !intent.customer.empty()) attach(work, payment_method, intent.customer);
    if (usage == "off_session") note_set_up(work, payment_method);
}

} // namespace

std::optional<ApiError> charge_card(Work& work, Object& intent, Object& payment_method, bool authenticated)
{
    if (const auto* no = decline_when_charged(behaviour_of(payment_method))) return decline(work, intent, payment_method, *no);

    const bool manual = intent.text("capture_method") == "manual";
    keep_if_asked(work, intent, payment_method);
    note_use(work, payment_method);
    const auto charge = record_charge(
        work, intent, payment_method, {.authenticated = authenticated, .captured = !manual, .pending = work.faults.processing});
    intent.body.set("latest_charge", charge.id)
        .set("payment_method", payment_method.id)
        .set("next_action", http::Json::null())
        .set("last_payment_error", http::Json::null());

    if (work.faults.processing) {
        intent.body.set("status", "processing");
        ObjectStore{work.session}.save(intent);
        tell(work, "charge.pending", charge);
        tell(work, "payment_intent.processing", intent);
        schedule(work, LateOutcome::payment_settles, intent.id, settling_seconds);
    } else if (manual) {
        intent.body.set("status", "requires_capture").set("amount_capturable", intent.integer("amount"));
        ObjectStore{work.session}.save(intent);
        tell(work, "charge.succeeded", charge);
        tell(work, "payment_intent.amount_capturable_updated", intent);
    } else {
        tell(work, "charge.succeeded", charge);
        complete(work, intent, charge);
    }
    return std::nullopt;
}

ApiError refuse(Work& work, Object& intent, const Object& payment_method, ApiError refusal)
{
    refusal = std::move(refusal).with("payment_method", payment_method.body);
    intent.body.set("status", "requires_payment_method")
        .set("payment_method", http::Json::null())
        .set("next_action", http::Json::null())
        .set("last_payment_error", http::Json{json_deep_copy(refusal.error().get())}); // the refusal may come to hold the intent
    ObjectStore{work.session}.save(intent);
    tell(work, "payment_intent.payment_failed", intent);
    return refusal;
}

ApiError decline(Work& work, Object& intent, const Object& payment_method, const Decline& decline)
{
    const auto charge = record_charge(work, intent, payment_method, {.decline = &decline});
    intent.body.set("latest_charge", charge.id);
    tell(work, "charge.failed", charge);
    return refuse(work, intent, payment_method, to_error(decline).with("charge", charge.id));
}

void complete(Work& work, Object& intent, const Object& charge)
{
    intent.body.set("status", "succeeded").set("amount_capturable", 0).set("amount_received", charge.integer("amount_captured"));
    ObjectStore{work.session}.save(intent);
    tell(work, "payment_intent.succeeded", intent);
    const auto* aftermath = std::ranges::find(aftermaths, charge.hidden_text("behaviour"), &Aftermath::behaviour);
    if (aftermath != aftermaths.end()) schedule(work, aftermath->outcome, charge.id, 0);
}

void settle_payment(Work& work, const std::string& id)
{
    auto intent = ObjectStore{work.session}.find("payment_intent", id);
    if (!intent || intent->text("status") != "processing") return;
    auto charge = charge_of(work, intent->text("latest_charge"));
    capture(work, charge, intent->integer("amount"));
    ObjectStore{work.session}.save(charge);
    tell(work, "charge.succeeded", charge);
    complete(work, *intent, charge);
}

} // namespace stripe_fake
