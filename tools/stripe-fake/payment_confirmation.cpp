#include "payment_confirmation.h"

#include "api_error.h"
#include "bank.h"
#include "events.h"
#include "payment_methods.h"
#include "payment_settling.h"

namespace stripe_fake {
namespace {

/// "off_session" takes, besides the truth, two words that mean it.
bool read_off_session(Call& call)
{
    const auto text = call.parameters.text("off_session").value_or("");
    const bool off_session = text == "one_off" || text == "recurring" || call.parameters.boolean("off_session").value_or(false);
    if (off_session && call.caller == Caller::browser)
        throw invalid_request("off_session cannot be used with a publishable key.", "off_session");
    return off_session;
}

/// Other kinds of payment might lead the customer away, and back to where?
void require_return_url(const Object& intent, const Confirmation& confirmation)
{
    const auto* automatic = json_object_get(intent.body.get(), "automatic_payment_methods");
    const auto* redirects = json_string_value(json_object_get(automatic, "allow_redirects"));
    const bool may_redirect = redirects && std::string_view{redirects} == "always";
    const auto& presentation = confirmation.presentation;
    if (!may_redirect || confirmation.off_session || presentation.by_library || !presentation.return_url.empty()) return;
    throw invalid_request("This PaymentIntent is configured to accept payment methods enabled in your Dashboard. Because some of these"
                          " payment methods might redirect your customer off of your page, you must provide a `return_url`. If you don't"
                          " want to accept redirect-based payment methods, set `automatic_payment_methods[enabled]` to `true` and"
                          " `automatic_payment_methods[allow_redirects]` to `never` when creating Setup Intents and Payment Intents.");
}

} // namespace

std::string confirmation_only(const Parameters& parameters)
{
    for (const char* name : {"off_session", "error_on_requires_action", "return_url", "mandate_data"})
        if (parameters.contains(name)) return name;
    return {};
}

Confirmation read_confirmation(Call& call)
{
    auto& parameters = call.parameters;
    for (const char* name : {"mandate_data", "expected_payment_method_type"}) parameters.accept(name);
    Confirmation confirmation{.presentation = {.return_url = parameters.text("return_url").value_or(""),
                                  .by_library = parameters.boolean("use_stripe_sdk").value_or(false)},
        .off_session = read_off_session(call),
        .refuses_challenge = parameters.boolean("error_on_requires_action").value_or(false)};
    const auto wish = parameters.text("payment_method_options[card][request_three_d_secure]").value_or("automatic");
    confirmation.wants_challenge = wish == "any" || wish == "challenge";
    return confirmation;
}

void confirm_payment(Call& call, Object& intent, Object& payment_method, const Confirmation& confirmation)
{
    require_usable(payment_method, intent.customer);
    require_return_url(intent, confirmation);
    const auto behaviour = behaviour_of(payment_method);
    const bool challenged = confirmation.off_session ? is_challenged_off_session(behaviour, is_set_up(payment_method))
                                                     : confirmation.wants_challenge || is_challenged_on_session(behaviour);
    std::optional<ApiError> refusal;
    if (challenged && confirmation.off_session) {
        refusal = decline(call, intent, payment_method, decline_for_want_of_cardholder());
    } else if (challenged && confirmation.refuses_challenge) {
        refusal = refuse(call, intent, payment_method, to_error(decline_of_challenge()));
    } else if (challenged) {
        intent.body.set("payment_method", payment_method.id);
        begin_challenge(call, intent, confirmation.presentation);
        ObjectStore{call.session}.save(intent);
        tell(call, "payment_intent.requires_action", intent);
    } else {
        refusal = charge_card(call, intent, payment_method, false);
    }
    if (refusal) throw(*std::move(refusal)).with("payment_intent", shown(call, intent));
}

void finish_payment(Work& work, Object& intent, bool passed)
{
    auto payment_method = ObjectStore{work.session}.find("payment_method", intent.text("payment_method")).value();
    if (!passed || is_challenge_broken(behaviour_of(payment_method)))
        refuse(work, intent, payment_method, authentication_failure("payment_intent"));
    else charge_card(work, intent, payment_method, true);
}

} // namespace stripe_fake
