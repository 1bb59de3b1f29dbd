#include "api_error.h"
#include "customers.h"
#include "ids.h"
#include "metadata.h"
#include "payment_methods.h"

namespace stripe_fake {
namespace {

constexpr const char* kind = "setup_intent";

/// A browser may only touch the intent whose secret it holds.
Object find_setup_intent(Call& call)
{
    const auto secret = call.parameters.text("client_secret");
    auto intent = ObjectStore{call.session}.find(kind, call.segments[0]);
    const bool shown = call.caller == Caller::server || (intent && secret && *secret == intent->text("client_secret"));
    if (!intent || !shown) throw no_such("setupintent", call.segments[0], intent ? "intent" : "");
    return *std::move(intent);
}

/// The intent as the caller may see it: a browser is told neither whose it is nor what the server noted.
http::Json shown(const Call& call, const Object& intent)
{
    http::Json body{json_deep_copy(intent.body.get())};
    if (call.caller == Caller::browser)
        for (const char* member : {"customer", "latest_attempt", "mandate", "metadata"}) json_object_del(body.get(), member);
    return body;
}

ApiError unexpected_state(const Call& call, const Object& intent, const std::string& verb)
{
    return invalid_request("You cannot " + verb + " this SetupIntent because it has a status of " + intent.text("status") + ".")
        .coded("setup_intent_unexpected_state")
        .with("setup_intent", shown(call, intent));
}

void require_status(const Call& call, const Object& intent, const std::string& verb, std::initializer_list<std::string_view> expected)
{
    const auto status = intent.text("status");
    for (const auto each : expected)
        if (status == each) return;
    throw unexpected_state(call, intent, verb);
}

ApiError no_card() { return invalid_request("Missing required param: payment_method.", "payment_method").coded("parameter_missing"); }

/// The card that a request names, or brings along; nullopt if it does neither.
std::optional<Object> given_card(Call& call)
{
    auto& parameters = call.parameters;
    if (parameters.contains("payment_method_data")) {
        for (const char* member : {"guid", "muid", "sid", "payment_user_agent", "time_on_page", "referrer", "pasted_fields"})
            parameters.accept(std::string{"payment_method_data["} + member + ']'); // of the browser library
        return create_payment_method(call, "payment_method_data");
    }
    if (!parameters.contains("payment_method")) return std::nullopt;
    return find_payment_method(call, parameters.required("payment_method"), "payment_method");
}

/// How the browser would go on to the bank's dialog; this gateway has none, see authenticate().
struct Presentation {
    std::string return_url{};
    bool by_library{false};
};

Presentation read_presentation(Parameters& parameters)
{
    for (const char* name : {"mandate_data", "expected_payment_method_type"}) parameters.accept(name);
    return {.return_url = parameters.text("return_url").value_or(""), .by_library = parameters.boolean("use_stripe_sdk").value_or(false)};
}

/// The intent wants another card, and remembers why.
void remember(Call& call, Object& intent, const ApiError& refusal)
{
    intent.body.set("status", "requires_payment_method")
        .set("payment_method", http::Json::null())
        .set("next_action", http::Json::null())
        .set("last_setup_error", http::Json{json_deep_copy(refusal.error().get())}); // the refusal may come to hold the intent
    ObjectStore{call.session}.save(intent);
}

void succeed(Call& call, Object& intent, Object& card)
{
    if (!intent.customer.empty()) attach(call, card, intent.customer);
    intent.body.set("status", "succeeded")
        .set("payment_method", card.id)
        .set("next_action", http::Json::null())
        .set("last_setup_error", http::Json::null());
    ObjectStore{call.session}.save(intent);
}

http::Json next_action(const Object& intent, const Presentation& presentation)
{
    if (presentation.by_library || presentation.return_url.empty())
        return http::Json::object()
            .set("type", "use_stripe_sdk")
            .set("use_stripe_sdk", http::Json::object().set("type", "three_d_secure_redirect"));
    return http::Json::object()
        .set("type", "redirect_to_url")
        .set("redirect_to_url",
            http::Json::object()
                .set("return_url", presentation.return_url)
                .set("url", "https://hooks.stripe.com/3d_secure_2/" + intent.id));
}

/// Asks the bank to let the card be kept. @throws ApiError 402 if it refuses
void ask_bank(Call& call, Object& intent, Object& card, const Presentation& presentation)
{
    if (auto refusal = refusal_to_keep(card)) {
        auto told = (*std::move(refusal)).with("payment_method", card.body);
        remember(call, intent, told);
        throw std::move(told).with("setup_intent", shown(call, intent));
    }
    if (!is_challenged(card)) return succeed(call, intent, card);
    intent.body.set("status", "requires_action").set("payment_method", card.id).set("next_action", next_action(intent, presentation));
    ObjectStore{call.session}.save(intent);
}

http::Json read_types(Parameters& parameters)
{
    auto types = http::Json::array();
    for (const auto& type : parameters.list("payment_method_types")) {
        if (type != "card") throw invalid_request("This account takes payment methods of type card only.", "payment_method_types");
        types.push(type);
    }
    if (json_array_size(types.get()) == 0) types.push("card");
    return types;
}

/// A new intent as the parameters describe it; they may go on to name a card.
Object described(Call& call)
{
    auto& parameters = call.parameters;
    auto intent = new_object("seti_", kind, call.now);
    const auto customer = parameters.text("customer");
    if (customer && !customer->empty()) intent.customer = find_customer(call, *customer, "customer").id;
    const auto usage = parameters.text("usage").value_or("off_session");
    if (usage != "off_session" && usage != "on_session") throw invalid_request("usage must be one of off_session or on_session", "usage");
    parameters.accept("automatic_payment_methods"); // cards are all there is

    intent.body.set("client_secret", intent.id + "_secret_" + fresh_id(""))
        .set("status", "requires_payment_method")
        .set("usage", usage)
        .set("customer", text_or_null(intent.customer))
        .set("payment_method", http::Json::null())
        .set("payment_method_types", read_types(parameters))
        .set("description", text_or_null(parameters.text("description")));
    for (const char* member : {"next_action", "last_setup_error", "latest_attempt", "mandate", "cancellation_reason"})
        intent.body.set(member, http::Json::null());
    update_metadata(parameters, intent);
    return intent;
}

http::Json create(Call& call)
{
    auto intent = described(call);
    const bool at_once = call.parameters.boolean("confirm").value_or(false);
    const auto presentation = at_once ? read_presentation(call.parameters) : Presentation{};
    auto card = given_card(call);
    call.parameters.finish();
    if (card) {
        require_attachable(*card, intent.customer);
        intent.body.set("status", "requires_confirmation").set("payment_method", card->id);
    }
    if (at_once && !card) throw no_card();
    ObjectStore{call.session}.add(intent);
    if (at_once) ask_bank(call, intent, *card, presentation);
    return std::move(intent.body);
}

http::Json retrieve(Call& call)
{
    const auto intent = find_setup_intent(call);
    call.parameters.finish();
    return shown(call, intent);
}

http::Json confirm(Call& call)
{
    auto intent = find_setup_intent(call);
    require_status(call, intent, "confirm", {"requires_payment_method", "requires_confirmation", "requires_action"});
    const auto presentation = read_presentation(call.parameters);
    auto card = given_card(call);
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
    auto intent = find_setup_intent(call);
    const auto reason = call.parameters.text("cancellation_reason");
    call.parameters.finish();
    if (reason && *reason != "abandoned" && *reason != "duplicate" && *reason != "requested_by_customer")
        throw invalid_request("cancellation_reason must be one of abandoned, duplicate or requested_by_customer", "cancellation_reason");
    require_status(call, intent, "cancel", {"requires_payment_method", "requires_confirmation", "requires_action"});
    intent.body.set("status", "canceled").set("cancellation_reason", text_or_null(reason)).set("next_action", http::Json::null());
    ObjectStore{call.session}.save(intent);
    return std::move(intent.body);
}

/// Not Stripe's: does what the cardholder would do in the bank's dialog.
http::Json authenticate(Call& call)
{
    auto intent = find_setup_intent(call);
    const auto outcome = call.parameters.required("outcome");
    call.parameters.finish();
    if (outcome != "succeed" && outcome != "fail") throw invalid_request("outcome must be one of succeed or fail", "outcome");
    require_status(call, intent, "authenticate", {"requires_action"});
    auto card = find_payment_method(call, intent.text("payment_method"));
    auto refusal = outcome == "fail" ? authentication_failure() : refusal_after_challenge(card);
    if (refusal) remember(call, intent, (*std::move(refusal)).with("payment_method", card.body));
    else succeed(call, intent, card);
    return std::move(intent.body);
}

constexpr Endpoint endpoints[] = {
    {"POST", "/v1/setup_intents", create},
    {"GET", "/v1/setup_intents/{id}", retrieve, Caller::browser},
    {"POST", "/v1/setup_intents/{id}/confirm", confirm, Caller::browser},
    {"POST", "/v1/setup_intents/{id}/cancel", cancel},
    {"POST", "/v1/test_helpers/setup_intents/{id}/authenticate", authenticate},
};

} // namespace

std::span<const Endpoint> setup_intent_endpoints() { return endpoints; }

} // namespace stripe_fake
