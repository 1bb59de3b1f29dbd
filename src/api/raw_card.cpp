#include "api/raw_card.h"

#include "domain/payment_method.h"
#include "http/problem.h"

namespace api {
namespace {

bool has_card_number(const json_t* value)
{
    if (json_is_string(value)) return domain::looks_like_card_number({json_string_value(value), json_string_length(value)});
    if (json_is_integer(value)) return domain::looks_like_card_number(std::to_string(json_integer_value(value)));
    if (json_is_array(value)) {
        for (std::size_t i = 0; i < json_array_size(value); ++i)
            if (has_card_number(json_array_get(value, i))) return true;
    }
    if (json_is_object(value)) {
        for (void* at = json_object_iter(const_cast<json_t*>(value)); at; at = json_object_iter_next(const_cast<json_t*>(value), at))
            if (has_card_number(json_object_iter_value(at))) return true;
    }
    return false;
}

} // namespace

bool carries_raw_card(const http::Json& body)
{
    for (const char* name : {"cc_number", "cc_month", "cc_year", "cc_cvc", "card_number", "cvc", "cvv", "pan"})
        if (json_object_get(body.get(), name)) return true;
    return has_card_number(body.get());
}

void refuse_raw_card(const std::string& base_url)
{
    throw http::Rejected{422, "raw_card_refused",
        "card numbers are not accepted here; register the card in the browser at " + base_url
            + "/pages/card (POST /payment-methods/card/setup has what a page of your own needs) or send a payment method id of the "
              "gateway: "
              "{\"type\":\"card\",\"token\":\"pm_…\"} to "
            + base_url + "/payment-methods"};
}

std::string token_for_raw_card(http::Form& form, service::PaymentMethods& methods)
{
    gateway::RawCard card;
    card.number = form.text("cc_number", 32);
    card.exp_month = std::to_string(form.integer("cc_month", 1, 12));
    card.exp_year = std::to_string(form.integer("cc_year", 0, 9999));
    card.cvc = form.text("cc_cvc", 4);
    form.finish();
    return methods.tokenize(card);
}

} // namespace api
