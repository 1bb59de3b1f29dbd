#pragma once
#include <string>
#include <string_view>

namespace stripe_fake {

/// A card that Stripe documents for tests.
struct TestCard {
    std::string_view number{};
    std::string_view alias{};     ///< "pm_card_…", without the "pm_card_"; empty if it has none
    std::string_view behaviour{}; ///< slug of what it does once it is used; kept with a payment method
    std::string_view country{"US"};
    std::string_view funding{"credit"};
};

/// The card, or nullptr.
const TestCard* test_card_by_number(std::string_view number);
const TestCard* test_card_by_alias(std::string_view payment_method);

/// "visa", "mastercard" …, by the first digits; "unknown" for a range that is none of the test cards'.
std::string brand_of(std::string_view number);

} // namespace stripe_fake
