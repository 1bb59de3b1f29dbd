#include "customers.h"

#include "api_error.h"
#include "events.h"
#include "listing.h"
#include "metadata.h"
#include "payment_methods.h"

#include <array>

namespace stripe_fake {
namespace {

constexpr auto text_members = std::to_array<const char*>({"description", "email", "name", "phone"});

void set_default(Object& customer, const http::Json& payment_method)
{
    customer.body.set("invoice_settings",
        http::Json::object()
            .set("custom_fields", http::Json::null())
            .set("default_payment_method", payment_method)
            .set("footer", http::Json::null())
            .set("rendering_options", http::Json::null()));
}

std::string default_of(const Object& customer)
{
    const auto* settings = json_object_get(customer.body.get(), "invoice_settings");
    const char* id = json_string_value(json_object_get(settings, "default_payment_method"));
    return id ? id : "";
}

bool is_deleted(const Object& customer) { return json_is_true(json_object_get(customer.body.get(), "deleted")); }

http::Json read_address(Parameters& parameters)
{
    const auto all = parameters.text("address");
    if (all && all->empty()) return http::Json::null();
    auto address = http::Json::object();
    for (const char* member : {"city", "country", "line1", "line2", "postal_code", "state"})
        address.set(member, text_or_null(parameters.text(std::string{"address["} + member + ']')));
    return address;
}

/// Carries the parameters that are given into the customer.
void update(Call& call, Object& customer)
{
    auto& parameters = call.parameters;
    for (const char* member : text_members)
        if (const auto text = parameters.text(member)) customer.body.set(member, text_or_null(text));
    if (parameters.contains("preferred_locales")) {
        auto locales = http::Json::array();
        parameters.text("preferred_locales");
        for (const auto& locale : parameters.list("preferred_locales")) locales.push(locale);
        customer.body.set("preferred_locales", locales);
    }
    if (parameters.contains("address")) customer.body.set("address", read_address(parameters));
    if (const auto exempt = parameters.text("tax_exempt")) customer.body.set("tax_exempt", *exempt);
    update_metadata(parameters, customer);

    const std::string param = "invoice_settings[default_payment_method]";
    const auto payment_method = parameters.text(param);
    parameters.finish();
    if (!payment_method) return;
    if (payment_method->empty()) return set_default(customer, http::Json::null());
    const auto found = find_payment_method(call, *payment_method, param);
    if (found.customer != customer.id)
        throw invalid_request("The customer does not have a payment method with the ID " + found.id
                + ". The payment method must be attached to the customer.",
            param)
            .coded("resource_missing");
    set_default(customer, found.id);
}

http::Json create(Call& call)
{
    auto customer = new_object("cus_", "customer", call.now());
    for (const char* member : text_members) customer.body.set(member, http::Json::null());
    customer.body.set("address", http::Json::null())
        .set("balance", 0)
        .set("currency", http::Json::null())
        .set("default_source", http::Json::null())
        .set("delinquent", false)
        .set("discount", http::Json::null())
        .set("preferred_locales", http::Json::array())
        .set("shipping", http::Json::null())
        .set("tax_exempt", "none");
    set_default(customer, http::Json::null());
    update(call, customer);
    ObjectStore{call.session}.add(customer);
    tell(call, "customer.created", customer);
    return std::move(customer.body);
}

http::Json retrieve(Call& call)
{
    call.parameters.finish();
    auto customer = ObjectStore{call.session}.look_at(call.segments[0]);
    if (!customer || (customer->kind != "customer" && !is_deleted(*customer))) throw no_such("customer", call.segments[0]);
    return std::move(customer->body); // of a deleted one, too
}

http::Json list(Call& call)
{
    auto filter = read_filter(call.parameters, {});
    filter.email = call.parameters.text("email").value_or("");
    return answer_list(call, "customer", "/v1/customers", filter);
}

http::Json change(Call& call)
{
    auto customer = find_customer(call, call.segments[0]);
    const auto before = customer.snapshot();
    update(call, customer);
    ObjectStore{call.session}.save(customer);
    tell(call, "customer.updated", customer, before);
    return std::move(customer.body);
}

http::Json remove(Call& call)
{
    call.parameters.finish();
    ObjectStore objects{call.session};
    auto customer = find_customer(call, call.segments[0]);
    for (bool more = true; more;) {
        auto page = objects.list("payment_method", {.customer = customer.id}, {.limit = 100});
        for (auto& payment_method : page.objects) detach(call, payment_method);
        more = page.has_more;
    }
    tell(call, "customer.deleted", customer);
    customer.kind = "deleted_customer"; // out of every list
    customer.body = http::Json::object().set("id", customer.id).set("object", "customer").set("deleted", true);
    objects.save(customer);
    return std::move(customer.body);
}

constexpr Endpoint endpoints[] = {
    {"POST", "/v1/customers", create},
    {"GET", "/v1/customers", list},
    {"GET", "/v1/customers/{id}", retrieve},
    {"POST", "/v1/customers/{id}", change},
    {"DELETE", "/v1/customers/{id}", remove},
};

} // namespace

std::span<const Endpoint> customer_endpoints() { return endpoints; }

Object find_customer(Call& call, const std::string& id, const std::string& param)
{
    auto customer = ObjectStore{call.session}.find("customer", id);
    if (!customer || is_deleted(*customer)) throw no_such("customer", id, param);
    return *std::move(customer);
}

void forget_default(Work& work, const std::string& customer, const std::string& payment_method)
{
    ObjectStore objects{work.session};
    auto found = objects.find("customer", customer);
    if (!found || default_of(*found) != payment_method) return;
    set_default(*found, http::Json::null());
    objects.save(*found);
}

} // namespace stripe_fake
