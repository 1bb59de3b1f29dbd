#include "api_error.h"
#include "bank.h"
#include "customers.h"
#include "events.h"
#include "listing.h"
#include "metadata.h"
#include "payment_methods.h"

namespace stripe_fake {
namespace {

http::Json create(Call& call)
{
    auto payment_method = create_payment_method(call, "");
    call.parameters.finish();
    return std::move(payment_method.body);
}

http::Json retrieve(Call& call)
{
    call.parameters.finish();
    return std::move(find_payment_method(call, call.segments[0]).body);
}

http::Json attach_to_customer(Call& call)
{
    const auto id = call.parameters.required("customer");
    call.parameters.finish();
    auto payment_method = find_payment_method(call, call.segments[0]);
    const auto customer = find_customer(call, id, "customer");
    require_attachable(payment_method, customer.id);
    if (const auto* decline = decline_when_kept(behaviour_of(payment_method))) throw to_error(*decline);
    attach(call, payment_method, customer.id);
    return std::move(payment_method.body);
}

http::Json detach_from_customer(Call& call)
{
    call.parameters.finish();
    auto payment_method = find_payment_method(call, call.segments[0]);
    if (payment_method.customer.empty())
        throw invalid_request("The payment method you provided is not attached to a customer so detachment is impossible.");
    detach(call, payment_method);
    return std::move(payment_method.body);
}

http::Json update(Call& call)
{
    auto& parameters = call.parameters;
    auto payment_method = find_payment_method(call, call.segments[0]);
    if (payment_method.customer.empty())
        throw invalid_request("You must save this PaymentMethod to a customer before you can update it.")
            .coded("payment_method_unattached");
    const auto before = payment_method.snapshot();
    auto* card = json_object_get(payment_method.body.get(), "card");
    for (const char* member : {"exp_month", "exp_year"})
        if (const auto number = parameters.integer(std::string{"card["} + member + ']'))
            json_object_set_new(card, member, json_integer(*number));
    if (parameters.contains("billing_details")) payment_method.body.set("billing_details", read_billing_details(parameters, ""));
    if (const auto redisplay = parameters.text("allow_redisplay")) payment_method.body.set("allow_redisplay", *redisplay);
    update_metadata(parameters, payment_method);
    parameters.finish();
    ObjectStore{call.session}.save(payment_method);
    tell(call, "payment_method.updated", payment_method, before);
    return std::move(payment_method.body);
}

http::Json list(Call& call, const std::string& customer, const std::string& url)
{
    const auto type = call.parameters.text("type").value_or("card");
    if (type != "card") throw invalid_request("This account takes payment methods of type card only.", "type");
    return answer_list(call, "payment_method", url, {.customer = customer});
}

http::Json list_of_customer(Call& call)
{
    const auto customer = find_customer(call, call.segments[0]);
    return list(call, customer.id, "/v1/customers/" + customer.id + "/payment_methods");
}

/// Of one customer the path says whose it must be.
http::Json retrieve_of_customer(Call& call)
{
    call.parameters.finish();
    const auto customer = find_customer(call, call.segments[0]);
    auto found = ObjectStore{call.session}.look_at(call.segments[1]);
    if (!found || found->kind != "payment_method" || found->customer != customer.id) throw no_such("PaymentMethod", call.segments[1]);
    return std::move(found->body);
}

http::Json list_all(Call& call)
{
    const auto customer = find_customer(call, call.parameters.required("customer"), "customer");
    return list(call, customer.id, "/v1/payment_methods");
}

constexpr Endpoint endpoints[] = {
    {"POST", "/v1/payment_methods", create, Caller::browser},
    {"GET", "/v1/payment_methods", list_all},
    {"GET", "/v1/payment_methods/{id}", retrieve},
    {"POST", "/v1/payment_methods/{id}", update},
    {"POST", "/v1/payment_methods/{id}/attach", attach_to_customer},
    {"POST", "/v1/payment_methods/{id}/detach", detach_from_customer},
    {"GET", "/v1/customers/{id}/payment_methods", list_of_customer},
    {"GET", "/v1/customers/{id}/payment_methods/{id}", retrieve_of_customer},
};

} // namespace

std::span<const Endpoint> payment_method_endpoints() { return endpoints; }

} // namespace stripe_fake
