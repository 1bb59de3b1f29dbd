#include "payment_methods.h"

#include "api_error.h"
#include "card.h"
#include "customers.h"
#include "events.h"
#include "metadata.h"
#include "test_cards.h"

namespace stripe_fake {
namespace {

std::string below(const std::string& prefix, const std::string& name)
{
    if (prefix.empty()) return name;
    const auto bracket = name.find('[');
    return prefix + '[' + name.substr(0, bracket) + ']' + (bracket == std::string::npos ? "" : name.substr(bracket));
}

/// A payment method of this card that is not stored yet.
Object with_card(Call& call, const Card& card)
{
    auto payment_method = new_object("pm_", "payment_method", call.now());
    payment_method.hidden.set("behaviour", card.behaviour);
    payment_method.body.set("type", "card").set("card", to_json(card)).set("customer", http::Json::null());
    return payment_method;
}

Object of_alias(Call& call, const TestCard& card)
{
    auto payment_method = with_card(call, card_of(card, call.today, call.secret));
    Parameters none{""};
    payment_method.body.set("allow_redisplay", "unspecified").set("billing_details", read_billing_details(none, ""));
    ObjectStore{call.session}.add(payment_method);
    return payment_method;
}

/// What the bank makes of CVC and postal code becomes known when the card is used first.
void run_checks(Object& payment_method)
{
    auto* checks = json_object_get(json_object_get(payment_method.body.get(), "card"), "checks");
    const auto behaviour = payment_method.hidden_text("behaviour");
    const auto result = [&](const char* failing) { return json_string(behaviour == failing ? "fail" : "pass"); };
    if (!json_is_null(json_object_get(checks, "cvc_check"))) json_object_set_new(checks, "cvc_check", result("cvc_check_fails"));
    const auto* address = json_object_get(json_object_get(payment_method.body.get(), "billing_details"), "address");
    if (json_is_string(json_object_get(address, "postal_code")))
        json_object_set_new(checks, "address_postal_code_check", result("postal_code_check_fails"));
}

} // namespace

http::Json read_billing_details(Parameters& parameters, const std::string& prefix)
{
    const auto read = [&](const std::string& name) { return text_or_null(parameters.text(below(prefix, "billing_details" + name))); };
    auto address = http::Json::object();
    for (const char* member : {"city", "country", "line1", "line2", "postal_code", "state"})
        address.set(member, read(std::string{"[address]["} + member + ']'));
    auto details = http::Json::object().set("address", address);
    for (const char* member : {"email", "name", "phone"}) details.set(member, read(std::string{"["} + member + ']'));
    return std::move(details.set("tax_id", http::Json::null()));
}

Object find_payment_method(Call& call, const std::string& id, const std::string& param)
{
    if (const auto* card = test_card_by_alias(id)) return of_alias(call, *card);
    auto payment_method = ObjectStore{call.session}.find("payment_method", id);
    if (!payment_method) throw no_such("PaymentMethod", id, param);
    return *std::move(payment_method);
}

std::optional<Object> given_payment_method(Call& call)
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

Object create_payment_method(Call& call, const std::string& prefix)
{
    auto& parameters = call.parameters;
    const auto type_param = below(prefix, "type");
    if (parameters.required(type_param) != "card")
        throw invalid_request("This account takes payment methods of type card only.", type_param);
    auto payment_method = with_card(call, read_card(parameters, prefix, call.today, call.secret));
    payment_method.body.set("allow_redisplay", parameters.text(below(prefix, "allow_redisplay")).value_or("unspecified"))
        .set("billing_details", read_billing_details(parameters, prefix));
    if (prefix.empty()) update_metadata(parameters, payment_method);
    ObjectStore{call.session}.add(payment_method);
    return payment_method;
}

void require_attachable(const Object& payment_method, const std::string& customer)
{
    if (!payment_method.hidden_text("detached").empty())
        throw invalid_request("This PaymentMethod was previously used without being attached to a Customer or was detached from a"
                              " Customer, and may not be used again.");
    if (!payment_method.customer.empty() && payment_method.customer != customer)
        throw invalid_request("The payment method you provided has already been attached to a customer.");
}

void require_usable(const Object& payment_method, const std::string& customer)
{
    if (customer.empty() && !payment_method.customer.empty())
        throw invalid_request("The PaymentMethod provided (" + payment_method.id
                + ") belongs to a Customer. Please include the Customer in the `customer` parameter on the PaymentIntent.",
            "payment_method");
    require_attachable(payment_method, customer);
}

void attach(Work& work, Object& payment_method, const std::string& customer)
{
    if (payment_method.customer == customer) return;
    payment_method.customer = customer;
    payment_method.body.set("customer", customer);
    run_checks(payment_method);
    ObjectStore{work.session}.save(payment_method);
    tell(work, "payment_method.attached", payment_method);
}

void detach(Work& work, Object& payment_method)
{
    const auto before = payment_method.snapshot();
    forget_default(work, payment_method.customer, payment_method.id);
    payment_method.hidden.set("detached", payment_method.customer);
    payment_method.customer.clear();
    payment_method.body.set("customer", http::Json::null());
    ObjectStore{work.session}.save(payment_method);
    tell(work, "payment_method.detached", payment_method, before);
}

void note_use(Work& work, Object& payment_method)
{
    run_checks(payment_method);
    if (payment_method.customer.empty()) payment_method.hidden.set("detached", "used by nobody's payment");
    ObjectStore{work.session}.save(payment_method);
}

void note_set_up(Work& work, Object& payment_method)
{
    payment_method.hidden.set("set_up", "off_session");
    ObjectStore{work.session}.save(payment_method);
}

bool is_set_up(const Object& payment_method) { return !payment_method.hidden_text("set_up").empty(); }

std::string behaviour_of(const Object& payment_method) { return payment_method.hidden_text("behaviour"); }

} // namespace stripe_fake
