#include "api_error.h"
#include "customers.h"
#include "ids.h"
#include "metadata.h"
#include "payment_methods.h"

namespace stripe_fake {
namespace {

const std::string kind{"setup_intent"};

/// A browser may only touch the intent whose secret it holds.
Object find_setup_intent(Call& call)
{
    const auto secret = call.parameters.text("client_secret");
    auto intent = ObjectStore{call.session}.find(kind, call.segments[0]);
    const bool shown = call.caller == Caller::server || (intent && secret && *secret == intent->text("client_secret"));
    if (!intent || !shown) throw no_such("setupintent", call.segments[0], intent ? "intent" : "");
    return *std::move(intent);
}

ApiError unexpected_state(const Object& intent, const std::string& verb)
{
    return invalid_request("You cannot " + verb + " this SetupIntent because it has a status of " + intent.text("status") + ".")
        .coded("setup_intent_unexpected_state")
        .with("setup_intent", intent.body);
}

http::Json create(Call& call)
{
    auto& parameters = call.parameters;
    auto intent = new_object("seti_", kind, call.now);
    const auto customer = parameters.text("customer");
    if (customer) intent.customer = find_customer(call, *customer, "customer").id;
    auto types = http::Json::array();
    for (const auto& type : parameters.list("payment_method_types")) {
        if (type != "card") throw invalid_request("This account takes payment methods of type card only.", "payment_method_types");
        types.push(type);
    }
    if (json_array_size(types.get()) == 0) types.push("card");
    const auto usage = parameters.text("usage").value_or("off_session");
    if (usage != "off_session" && usage != "on_session") throw invalid_request("usage must be one of off_session or on_session", "usage");
    parameters.accept("automatic_payment_methods");

    intent.body.set("client_secret", intent.id + "_secret_" + fresh_id("")).set("status", "requires_payment_method");
    intent.body.set("usage", usage).set("customer", text_or_null(customer)).set("payment_method", http::Json::null());
    intent.body.set("payment_method_types", types).set("description", text_or_null(parameters.text("description")));
    for (const char* member : {"next_action", "last_setup_error", "latest_attempt", "mandate", "cancellation_reason"})
        intent.body.set(member, http::Json::null());
    update_metadata(parameters, intent);
    parameters.finish();
    ObjectStore{call.session}.add(intent);
    return std::move(intent.body);
}

http::Json retrieve(Call& call)
{
    auto intent = find_setup_intent(call);
    call.parameters.finish();
    return std::move(intent.body);
}

/// The card that a confirmation names, or brings along.
Object confirmed_card(Call& call)
{
    if (call.parameters.contains("payment_method_data")) return create_payment_method(call, "payment_method_data");
    return find_payment_method(call, call.parameters.required("payment_method"), "payment_method");
}

/// The bank refused: the intent wants another card, and remembers why.
[[noreturn]] void refuse(Call& call, Object& intent, ApiError refusal)
{
    intent.body.set("status", "requires_payment_method").set("payment_method", http::Json::null());
    intent.body.set("last_setup_error", refusal.error());
    ObjectStore{call.session}.save(intent);
    throw std::move(refusal).with("setup_intent", intent.body);
}

http::Json confirm(Call& call)
{
    auto intent = find_setup_intent(call);
    const auto status = intent.text("status");
    if (status != "requires_payment_method" && status != "requires_confirmation") throw unexpected_state(intent, "confirm");
    for (const char* name : {"return_url", "use_stripe_sdk", "mandate_data", "expected_payment_method_type"}) call.parameters.accept(name);
    auto card = confirmed_card(call);
    call.parameters.finish();
    if (!intent.customer.empty()) require_attachable(card, intent.customer);
    if (auto refusal = refusal_to_keep(card)) refuse(call, intent, *std::move(refusal));

    if (!intent.customer.empty()) attach(call, card, intent.customer);
    intent.body.set("status", "succeeded").set("payment_method", card.id).set("last_setup_error", http::Json::null());
    ObjectStore{call.session}.save(intent);
    return std::move(intent.body);
}

http::Json cancel(Call& call)
{
    auto intent = find_setup_intent(call);
    const auto reason = call.parameters.text("cancellation_reason");
    call.parameters.finish();
    if (reason && *reason != "abandoned" && *reason != "duplicate" && *reason != "requested_by_customer")
        throw invalid_request("cancellation_reason must be one of abandoned, duplicate or requested_by_customer", "cancellation_reason");
    const auto status = intent.text("status");
    if (status == "succeeded" || status == "canceled") throw unexpected_state(intent, "cancel");
    intent.body.set("status", "canceled").set("cancellation_reason", text_or_null(reason));
    ObjectStore{call.session}.save(intent);
    return std::move(intent.body);
}

constexpr Endpoint endpoints[] = {
    {"POST", "/v1/setup_intents", create},
    {"GET", "/v1/setup_intents/{id}", retrieve, Caller::browser},
    {"POST", "/v1/setup_intents/{id}/confirm", confirm, Caller::browser},
    {"POST", "/v1/setup_intents/{id}/cancel", cancel},
};

} // namespace

std::span<const Endpoint> setup_intent_endpoints() { return endpoints; }

} // namespace stripe_fake
