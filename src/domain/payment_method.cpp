#include "domain/payment_method.h"

#include <stdexcept>

namespace domain {

std::string_view to_text(PaymentMethodType type)
{
    switch (type) {
    case PaymentMethodType::card: return "card";
    case PaymentMethodType::invoice: return "invoice";
    }
    throw std::domain_error{"no such payment method type"};
}

std::string_view to_text(PaymentMethodStatus status)
{
    switch (status) {
    case PaymentMethodStatus::requested: return "requested";
    case PaymentMethodStatus::active: return "active";
    case PaymentMethodStatus::refused: return "refused";
    case PaymentMethodStatus::removed: return "removed";
    }
    throw std::domain_error{"no such payment method status"};
}

bool looks_like_card_number(std::string_view text)
{
    int digits = 0;
    int sum = 0;
    for (auto at = text.rbegin(); at != text.rend(); ++at) {
        if (*at == ' ' || *at == '-') continue;
        if (*at < '0' || *at > '9') return false;
        const int digit = *at - '0';
        const int weighted = digits % 2 == 1 ? digit * 2 : digit;
        sum += weighted > 9 ? weighted - 9 : weighted;
        ++digits;
    }
    return digits >= 13 && digits <= 19 && sum % 10 == 0;
}

} // namespace domain
