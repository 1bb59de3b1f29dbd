#pragma once
#include "domain/calendar.h"
#include "domain/uuid.h"

#include <optional>
#include <string>
#include <string_view>

namespace domain {

/// All that is kept of a card: nothing here can be charged without the gateway.
struct Card {
    std::string gateway_id{}; ///< the gateway's payment method
    std::string brand{};
    std::string last4{};
    int exp_month{0};
    int exp_year{0};
    std::string fingerprint{};
    std::string country{};
    std::string funding{};
};

enum class PaymentMethodType { card, invoice };
enum class PaymentMethodStatus { requested, active, refused, removed };

std::string_view to_text(PaymentMethodType type);
std::string_view to_text(PaymentMethodStatus status);

/// A way to pay. Only an active one counts; `invoice` waits for an operator's approval.
struct PaymentMethod {
    Uuid uuid{};
    PaymentMethodType type{};
    PaymentMethodStatus status{};
    bool is_default{false};
    std::optional<Card> card{};
    Instant created_at{};
};

/// True if 13 to 19 digits, ignoring blanks and dashes, pass the Luhn check (ISO/IEC 7812-1): what looks like a card
/// number is treated as one.
bool looks_like_card_number(std::string_view text);

} // namespace domain
