#include "setup_intents.h"

#include "api_error.h"
#include "bank.h"
#include "customers.h"
#include "events.h"
#include "ids.h"
#include "intents.h"
#include "listing.h"
#include "metadata.h"
#include "payment_methods.h"

namespace stripe_fake {
namespace {

constexpr const char* kind = "setup_intent";

ApiError no_card() { return invalid_request("Missing required param: payment_method.", "payment_method").coded("parameter_missing"); }

Presentation read_presentation(Parameters& parameters)
{
    for (const char* name : {"mandate_data", "expected_payment_method_type"}) parameters.accept(name);
    return {.return_url = parameters.text("return_url").value_or(""), .by_library = parameters.boolean("use_stripe_sdk").value_or(false)};
}

/// The intent wants another card, and remembers why.
void fail(Work& work, Object& intent, const ApiError& refusal)
{
    intent.body.set("status", "requires_payment_method")
        .set("payment_method", http::Json::null())
        .set("next_action", http::Json::null())
        .set("last_setup_error", http::Json{json_deep_copy(refusal.error().get())}); // the refusal may come to hold the intent
    ObjectStore{work.session}.save(intent);
    tell(work, "setup_intent.setup_failed", intent);
}

void succeed(Work& work, Object& intent, Object& card)
{
    if (!intent.customer.empty()) attach(work, card, intent.customer);
    if (intent.text("usage") == "off_session") note_set_up(work, card);
    intent.body.set("status", "succeeded")
        .set("payment_method", card.id)
        .set("next_action", http::Json::null())
        .set("last_setup_error", http::Json::null());
    ObjectStore{work.session}.save(intent);
    tell(work, "setup_intent.succeeded", intent);
}

/// Asks the bank to let the card be kept. @throws ApiError 402 if it refuses
void ask_bank(Call& call, Object& intent, Object& card, const Presentation& presentation)
{
    if (const auto* decline = decline_when_kept(behaviour_of(card))) {
        auto refusal = to_error(*decline).with("payment_method", card.body);
        fail(call, intent, refusal);
        throw std::move(refusal).with("setup_intent", shown(call, intent));
    }
    if (!is_challenged_at_setup(behaviour_of(card))) return succeed(call, intent, card);
    intent.body.set("payment_method", card.id);
    begin_challenge(call, intent, presentation);
    ObjectStore{call.session}.save(intent);
    tell(call, "setup_intent.requires_action", intent);
}

/// A new intent as the parameters describe it; they may go on to name a card.
Object described(Call& call)
{
    auto& parameters = call.parameters;
    auto intent = new_object("seti_", kind, call.now());
    const auto customer = parameters.text("customer");
    if (customer && !customer->empty()) intent.customer = find_customer(call, *customer, "customer").id;
    const auto usage = parameters.text("usage").value_or("off_session");
    if (usage != "off_session" && usage != "on_session") throw invalid_request("usage must be one of off_session or on_session", "usage");

    intent.body.set("client_secret", intent.id + "_secret_" + fresh_id(""))
        .set("status", "requires_payment_method")
        .set("usage", usage)
        .set("customer", text_or_null(intent.customer))
        .set("payment_method", http::Json::null())
        .set("description", text_or_null(parameters.text("description")));
    for (const char* member : {"next_action", "last_setup_error", "latest_attempt", "mandate", "cancellation_reason"})
        intent.body.set(member, http::Json::null());
    read_types(parameters, intent);
    update_metadata(parameters, intent);
    return intent;
}

http::Json create(Call& call)
{
    auto intent = described(call);
    const bool at_once = call.parameters.boolean("confirm").value_or(false);
    const auto presentation = at_once ? read_presentation(call.parameters) : Presentation{};
    auto card = given_payment_method(call);
    call.parameters.finish();
    if (card) {
        require_attachable(*card, intent.customer);
        intent.body.set("status", "requires_confirmation").set("payment_method", card->id);
    }
    if (at_once && !card) throw no_card();
    ObjectStore{call.session}.add(intent);
    tell(call, "setup_intent.created", intent);
    if (at_once) ask_bank(call, intent, *card, presentation);
    return std::move(intent.body);
}

http::Json retrieve(Call& call)
{
    const auto intent = find_intent(call, kind);
    call.parameters.finish();
    return shown(call, intent);
}

http::Json confirm(Call& call)
{
    auto intent = find_intent(call, kind);
    require_status(call, intent, "confirm", {"requires_payment_method", "requires_confirmation", "requires_action"});
    const auto presentation = read_presentation(call.parameters);
    auto card = given_payment_method(call);
    call.parameters.finish();
    if (!card) {
        if (intent.text("payment_method").empty()) throw no_card();
        card = find_payment_method(call, intent.text("payment_method"), "payment_method");
    }
    require_attachable(*card, intent.customer);
    ask_bank(call, intent, *card, presentation);
    return shown(call, intent);
}

http::Json cancel(Call& call)
{
    auto intent = find_intent(call, kind);
    const auto reason = call.parameters.text("cancellation_reason");
    call.parameters.finish();
    if (reason && *reason != "abandoned" && *reason != "duplicate" && *reason != "requested_by_customer")
        throw invalid_request("cancellation_reason must be one of abandoned, duplicate or requested_by_customer", "cancellation_reason");
    require_status(call, intent, "cancel", {"requires_payment_method", "requires_confirmation", "requires_action"});
    intent.body.set("status", "canceled").set("cancellation_reason", text_or_null(reason)).set("next_action", http::Json::null());
    ObjectStore{call.session}.save(intent);
    tell(call, "setup_intent.canceled", intent);
    return std::move(intent.body);
}

http::Json update(Call& call)
{
    auto& parameters = call.parameters;
    auto intent = find_intent(call, kind);
    const auto customer = parameters.text("customer");
    if (customer) intent.customer = customer->empty() ? "" : find_customer(call, *customer, "customer").id;
    if (customer) intent.body.set("customer", text_or_null(intent.customer));
    if (const auto description = parameters.text("description")) intent.body.set("description", text_or_null(description));
    const auto card = given_payment_method(call);
    update_metadata(parameters, intent);
    parameters.finish();
    if (card || customer) require_status(call, intent, "update", {"requires_payment_method", "requires_confirmation", "requires_action"});
    if (card) {
        require_attachable(*card, intent.customer);
        intent.body.set("status", "requires_confirmation").set("payment_method", card->id).set("next_action", http::Json::null());
    }
    ObjectStore{call.session}.save(intent);
    return std::move(intent.body);
}

http::Json list(Call& call) { return answer_list(call, kind, "/v1/setup_intents", read_filter(call.parameters, {"customer"})); }

constexpr Endpoint endpoints[] = {
    {"POST", "/v1/setup_intents", create},
    {"GET", "/v1/setup_intents", list},
    {"GET", "/v1/setup_intents/{id}", retrieve, Caller::browser},
    {"POST", "/v1/setup_intents/{id}", update},
    {"POST", "/v1/setup_intents/{id}/confirm", confirm, Caller::browser},
    {"POST", "/v1/setup_intents/{id}/cancel", cancel},
};

} // namespace

std::span<const Endpoint> setup_intent_endpoints() { return endpoints; }

void finish_setup(Work& work, Object& intent, bool passed)
{
    auto card = ObjectStore{work.session}.find("payment_method", intent.text("payment_method")).value();
    const auto* decline = decline_when_kept_after_challenge(behaviour_of(card));
    if (!passed || is_challenge_broken(behaviour_of(card)))
        fail(work, intent, authentication_failure(kind).with("payment_method", card.body));
    else if (decline) fail(work, intent, to_error(*decline).with("payment_method", card.body));
    else succeed(work, intent, card);
}

} // namespace stripe_fake
