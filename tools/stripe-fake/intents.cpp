#include "intents.h"

#include "api_error.h"
#include "ids.h"

#include <algorithm>
#include <array>

namespace stripe_fake {
namespace {

constexpr auto told_to_browsers = std::to_array<std::string_view>({"id", "object", "amount", "automatic_payment_methods", "canceled_at",
    "cancellation_reason", "capture_method", "client_secret", "confirmation_method", "created", "currency", "description",
    "last_payment_error", "last_setup_error", "livemode", "next_action", "payment_method", "payment_method_configuration_details",
    "payment_method_types", "processing", "receipt_email", "setup_future_usage", "shipping", "status", "usage"});

std::string noun_of(const std::string& kind) { return kind == "setup_intent" ? "SetupIntent" : "PaymentIntent"; }

} // namespace

Object find_intent(Call& call, const std::string& kind)
{
    const auto secret = call.parameters.text("client_secret");
    auto intent = ObjectStore{call.session}.find(kind, call.segments[0]);
    const bool allowed = call.caller == Caller::server || (intent && secret && *secret == intent->text("client_secret"));
    if (!intent || !allowed) throw no_such(kind == "setup_intent" ? "setupintent" : kind, call.segments[0], intent ? "intent" : "");
    return *std::move(intent);
}

http::Json shown(const Call& call, const Object& intent)
{
    auto body = intent.snapshot();
    if (call.caller == Caller::server) return body;
    auto told = http::Json::object();
    for (const auto name : told_to_browsers) {
        const std::string member{name};
        if (auto* value = json_object_get(body.get(), member.c_str())) told.set(member.c_str(), http::Json{json_incref(value)});
    }
    return told;
}

void require_status(const Call& call, const Object& intent, const std::string& verb, std::initializer_list<std::string_view> expected)
{
    const auto status = intent.text("status");
    if (std::ranges::find(expected, status) != expected.end()) return;
    std::string list;
    for (const auto each : expected) list += (list.empty() ? "" : ", ") + std::string{each};
    throw invalid_request("You cannot " + verb + " this " + noun_of(intent.kind) + " because it has a status of " + status + ". Only a "
        + noun_of(intent.kind) + " with one of the following statuses will do: " + list + ".")
        .coded(intent.kind + "_unexpected_state")
        .with(intent.kind.c_str(), shown(call, intent));
}

void read_types(Parameters& parameters, Object& intent)
{
    auto types = http::Json::array();
    for (const auto& type : parameters.list("payment_method_types")) {
        if (type != "card")
            throw invalid_request(
                "The payment method type provided: " + type + " is invalid. This account takes cards only.", "payment_method_types");
        types.push(type);
    }
    const bool named = json_array_size(types.get()) > 0;
    const auto enabled = parameters.boolean("automatic_payment_methods[enabled]");
    const auto redirects = parameters.text("automatic_payment_methods[allow_redirects]").value_or("always");
    if (named && enabled.value_or(false))
        throw invalid_request("You may only specify one of these parameters: automatic_payment_methods, payment_method_types.");
    if (redirects != "always" && redirects != "never")
        throw invalid_request("allow_redirects must be one of always or never", "automatic_payment_methods[allow_redirects]");
    if (!named) types.push("card");
    intent.body.set("payment_method_types", types);
    intent.body.set("automatic_payment_methods",
        named || !enabled.value_or(true) ? http::Json::null()
                                         : http::Json::object().set("allow_redirects", redirects).set("enabled", true));
}

void begin_challenge(Call& call, Object& intent, const Presentation& presentation)
{
    auto challenge = Object{.id = fresh_id("src_"), .kind = "challenge", .created = call.now()};
    challenge.hidden.set("intent", intent.id).set("return_url", presentation.return_url).set("by_library", presentation.by_library);
    ObjectStore{call.session}.add(challenge);
    intent.hidden.set("challenge", challenge.id); // an older one's page has nothing to say any more

    const auto url = call.base_url + "/redirect/authenticate/" + challenge.id;
    auto next_action = http::Json::object();
    if (presentation.by_library || presentation.return_url.empty())
        next_action.set("type", "use_stripe_sdk")
            .set("use_stripe_sdk",
                http::Json::object().set("source", challenge.id).set("stripe_js", url).set("type", "three_d_secure_redirect"));
    else
        next_action.set("type", "redirect_to_url")
            .set("redirect_to_url", http::Json::object().set("return_url", presentation.return_url).set("url", url));
    intent.body.set("status", "requires_action").set("next_action", next_action);
}

} // namespace stripe_fake
