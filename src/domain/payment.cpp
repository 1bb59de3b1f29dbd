#include "domain/payment.h"

#include <stdexcept>

namespace domain {

std::string_view to_text(PaymentMeans means)
{
    switch (means) {
    case PaymentMeans::card: return "card";
    case PaymentMeans::bank: return "bank";
    }
    throw std::domain_error{"no such means of payment"};
}

PaymentMeans payment_means_from(std::string_view text)
{
    for (const auto means : {PaymentMeans::card, PaymentMeans::bank})
        if (to_text(means) == text) return means;
    throw std::domain_error{"no such means of payment"};
}

} // namespace domain
