#include "card.h"

#include "api_error.h"
#include "domain/payment_method.h"
#include "ids.h"

#include <algorithm>
#include <chrono>

namespace stripe_fake {
namespace {

constexpr int years_ahead = 3;      // of an alias' expiry
constexpr int last_year_ahead = 50; // of any expiry

ApiError card_error(const std::string& code, const std::string& param, const std::string& message)
{
    return ApiError{402, "card_error", message}.coded(code).with("param", param);
}

bool is_digits(std::string_view text) { return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos; }

const TestCard& test_card(std::string number)
{
    std::erase_if(number, [](char c) { return c == ' ' || c == '-'; });
    if (!is_digits(number)) throw card_error("invalid_number", "number", "The card number is not a valid credit card number.");
    if (!domain::looks_like_card_number(number)) throw card_error("incorrect_number", "number", "Your card number is incorrect.");
    if (const auto* card = test_card_by_number(number)) return *card;
    throw card_error("card_declined", "number",
        "Your card was declined. Your request was in test mode, but used a non test card. For a list of valid test cards, visit:"
        " https://stripe.com/docs/testing.")
        .with("decline_code", "test_mode_live_card");
}

void check_expiry(std::int64_t month, std::int64_t year, domain::Date today)
{
    const int this_year = static_cast<int>(today.year());
    const auto this_month = static_cast<std::int64_t>(static_cast<unsigned>(today.month()));
    if (month < 1 || month > 12 || (year == this_year && month < this_month))
        throw card_error("invalid_expiry_month", "exp_month", "Your card's expiration month is invalid.");
    if (year < this_year || year > this_year + last_year_ahead)
        throw card_error("invalid_expiry_year", "exp_year", "Your card's expiration year is invalid.");
}

void check_cvc(const std::string& cvc)
{
    if (!is_digits(cvc) || cvc.size() < 3 || cvc.size() > 4)
        throw card_error("invalid_cvc", "cvc", "Your card's security code is invalid.");
}

std::int64_t required_integer(Parameters& parameters, const std::string& name)
{
    parameters.required(name);
    return *parameters.integer(name);
}

} // namespace

Card read_card(Parameters& parameters, const std::string& prefix, domain::Date today, const std::string& secret)
{
    const auto name = [&](const char* member) { return (prefix.empty() ? "card[" : prefix + "[card][") + member + "]"; };
    const auto number = parameters.required(name("number"));
    const auto month = required_integer(parameters, name("exp_month"));
    const auto short_year = required_integer(parameters, name("exp_year"));
    const auto year = short_year >= 0 && short_year < 100 ? 2000 + short_year : short_year;
    const auto cvc = parameters.text(name("cvc"));

    auto card = card_of(test_card(number), today, secret);
    check_expiry(month, year, today);
    if (cvc) check_cvc(*cvc);
    card.exp_month = static_cast<int>(month);
    card.exp_year = static_cast<int>(year);
    card.has_cvc = cvc.has_value();
    return card;
}

Card card_of(const TestCard& card, domain::Date today, const std::string& secret)
{
    return {.brand = brand_of(card.number),
        .last4 = std::string{card.number.substr(card.number.size() - 4)},
        .exp_month = 12,
        .exp_year = static_cast<int>(today.year()) + years_ahead,
        .country = std::string{card.country},
        .funding = std::string{card.funding},
        .fingerprint = fingerprint(secret, card.number).substr(0, 16),
        .behaviour = std::string{card.behaviour},
        .has_cvc = true};
}

http::Json to_json(const Card& card)
{
    const auto checks = http::Json::object()
                            .set("address_line1_check", http::Json::null())
                            .set("address_postal_code_check", http::Json::null())
                            .set("cvc_check", card.has_cvc ? http::Json{"unchecked"} : http::Json::null());
    const auto networks =
        http::Json::object().set("available", std::move(http::Json::array().push(card.brand))).set("preferred", http::Json::null());
    return http::Json::object()
        .set("brand", card.brand)
        .set("checks", checks)
        .set("country", card.country)
        .set("display_brand", card.brand)
        .set("exp_month", card.exp_month)
        .set("exp_year", card.exp_year)
        .set("fingerprint", card.fingerprint)
        .set("funding", card.funding)
        .set("generated_from", http::Json::null())
        .set("last4", card.last4)
        .set("networks", networks)
        .set("regulated_status", "unregulated")
        .set("three_d_secure_usage", http::Json::object().set("supported", true))
        .set("wallet", http::Json::null());
}

} // namespace stripe_fake
