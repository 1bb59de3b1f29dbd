#pragma once
#include "gateway/card_payments.h"
#include "gateway/stripe_transport.h"

#include <memory>

namespace gateway {

/// Payments by Stripe's API; `stripe` must outlive them.
std::unique_ptr<CardPayments> make_stripe_payments(StripeTransport& stripe);

} // namespace gateway
