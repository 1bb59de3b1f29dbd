#pragma once
#include "domain/calendar.h"
#include "http/json.h"
#include "parameters.h"
#include "test_cards.h"

#include <string>

namespace stripe_fake {

/// What a payment method keeps of a card. The number is gone: `fingerprint` only tells that two are the same.
struct Card {
    std::string brand{};
    std::string last4{};
    int exp_month{0};
    int exp_year{0};
    std::string country{};
    std::string funding{};
    std::string fingerprint{};
    std::string behaviour{};
    bool has_cvc{false};
};

/// Reads card[number], card[exp_month] … below `prefix` ("" or "payment_method_data").
/// @throws ApiError 402 for a number, expiry or CVC that no card has, and for a number that is none of the test cards'
Card read_card(Parameters& parameters, const std::string& prefix, domain::Date today, const std::string& secret);

/// The card that an alias such as pm_card_visa stands for, with an expiry to come.
Card card_of(const TestCard& card, domain::Date today, const std::string& secret);

/// As the member "card" of a payment method shows it.
http::Json to_json(const Card& card);

} // namespace stripe_fake
