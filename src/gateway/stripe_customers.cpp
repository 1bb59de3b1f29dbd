#include "gateway/stripe_customers.h"

namespace gateway {

StripeReply make_customer(StripeTransport& stripe, const std::string& account)
{
    StripeForm body;
    body.add("metadata[account]", account).add_unless_empty("metadata[instance]", stripe.settings().instance);
    return stripe.post("create_customer", "/v1/customers", body, "cus-" + account);
}

StripeReply name_customer(StripeTransport& stripe, const std::string& customer, const std::string& email, const std::string& name)
{
    StripeForm body;
    body.add("email", email).add("name", name);
    return stripe.post("name_customer", "/v1/customers/" + customer, body, stripe_key("cus-name", {customer, email, name}));
}

} // namespace gateway
