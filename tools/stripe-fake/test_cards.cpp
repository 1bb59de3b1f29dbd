#include "test_cards.h"

#include <algorithm>
#include <array>

namespace stripe_fake {
namespace {

constexpr auto cards = std::to_array<TestCard>({
    {"4242424242424242", "visa", "succeeds"},
    {"4111111111111111", "", "succeeds"},
    {"4000056655665556", "visa_debit", "succeeds", "US", "debit"},
    {"5555555555554444", "mastercard", "succeeds"},
    {"2223003122003222", "", "succeeds"},
    {"5200828282828210", "mastercard_debit", "succeeds", "US", "debit"},
    {"5105105105105100", "mastercard_prepaid", "succeeds", "US", "prepaid"},
    {"378282246310005", "amex", "succeeds"},
    {"371449635398431", "", "succeeds"},
    {"6011111111111117", "discover", "succeeds"},
    {"3056930009020004", "diners", "succeeds"},
    {"3566002020360505", "jcb", "succeeds", "JP"},
    {"6200000000000005", "unionpay", "succeeds", "CN"},
    {"4000007560000009", "ch", "succeeds", "CH"},

    {"4000000000000002", "visa_chargeDeclined", "generic_decline"},
    {"4000000000009995", "visa_chargeDeclinedInsufficientFunds", "insufficient_funds"},
    {"4000000000009987", "visa_chargeDeclinedLostCard", "lost_card"},
    {"4000000000009979", "visa_chargeDeclinedStolenCard", "stolen_card"},
    {"4000000000006975", "visa_chargeDeclinedVelocityLimitExceeded", "card_velocity_exceeded"},
    {"4000000000000069", "chargeDeclinedExpiredCard", "expired_card"},
    {"4000000000000127", "chargeDeclinedIncorrectCvc", "incorrect_cvc"},
    {"4000000000000119", "chargeDeclinedProcessingError", "processing_error"},
    {"4000000000000341", "chargeCustomerFail", "declines_every_charge"},

    {"4000002500003155", "authenticationRequiredOnSetup", "challenge_on_setup", "IE"},
    {"4000002760003184", "authenticationRequired", "challenge_on_every_payment", "DE"},
    {"4000003800000446", "authenticationRequiredSetupForOffSession", "challenge_on_session_only", "GR"},
    {"4000008260003178", "authenticationRequiredChargeDeclinedInsufficientFunds", "challenge_then_insufficient_funds", "GB"},
    {"4000000000003220", "threeDSecure2Required", "three_d_secure_required"},
    {"4000008400001629", "threeDSecureRequiredChargeDeclined", "three_d_secure_then_declined"},
    {"4000008400001280", "threeDSecureRequiredProcessingError", "three_d_secure_fails"},
    {"4000000000003055", "threeDSecureOptional", "three_d_secure_optional"},

    {"4100000000000019", "radarBlock", "blocked_as_fraud"},
    {"4000000000000259", "createDispute", "disputed_as_fraudulent"},
    {"4000000000002685", "createDisputeProductNotReceived", "disputed_as_not_received"},
    {"4000000000001976", "createDisputeInquiry", "inquired"},
    {"4000000000005423", "createIssuerFraudRecord", "early_fraud_warning"},
    {"4000000000007726", "pendingRefund", "refund_pending"},
    {"4000000000005126", "refundFail", "refund_fails"},
    {"4000000000000101", "cvcCheckFail", "cvc_check_fails"},
    {"4000000000000036", "avsZipFail", "postal_code_check_fails"},
});

constexpr std::string_view alias_prefix = "pm_card_";

struct NumberRange {
    std::string_view prefix{};
    std::string_view brand{};
};

constexpr auto ranges = std::to_array<NumberRange>({{"4", "visa"}, {"51", "mastercard"}, {"52", "mastercard"}, {"53", "mastercard"},
    {"54", "mastercard"}, {"55", "mastercard"}, {"22", "mastercard"}, {"34", "amex"}, {"37", "amex"}, {"60", "discover"},
    {"62", "unionpay"}, {"30", "diners"}, {"36", "diners"}, {"35", "jcb"}});

} // namespace

const TestCard* test_card_by_number(std::string_view number)
{
    const auto* found = std::ranges::find(cards, number, &TestCard::number);
    return found == cards.end() ? nullptr : found;
}

const TestCard* test_card_by_alias(std::string_view payment_method)
{
    if (!payment_method.starts_with(alias_prefix)) return nullptr;
    const auto alias = payment_method.substr(alias_prefix.size());
    const auto* found = std::ranges::find_if(cards, [&](const TestCard& card) {
        if (card.alias.empty()) return false;
        // The declining ones were documented without the brand before.
        return card.alias == alias || (card.alias.starts_with("visa_charge") && card.alias.substr(5) == alias);
    });
    return found == cards.end() ? nullptr : found;
}

std::string brand_of(std::string_view number)
{
    const auto* found = std::ranges::find_if(ranges, [&](const NumberRange& range) { return number.starts_with(range.prefix); });
    return std::string{found == ranges.end() ? "unknown" : found->brand};
}

} // namespace stripe_fake
