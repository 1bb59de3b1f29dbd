#pragma once
#include "gateway/stripe_transport.h"

namespace gateway {

/// Makes the account's customer. A key stands for one body, and address and name may change until a lost answer is asked
/// for again: so they follow in a call of their own, name_customer().
StripeReply make_customer(StripeTransport& stripe, const std::string& account);

StripeReply name_customer(StripeTransport& stripe, const std::string& customer, const std::string& email, const std::string& name);

} // namespace gateway
