#pragma once
#include "object_store.h"
#include "work.h"

#include <string>

namespace stripe_fake {

// Late outcomes: the cardholder objects to a charge; the bank decides on the evidence.
void open_dispute(Work& work, const std::string& charge);
void decide_dispute(Work& work, const std::string& dispute);

/// True if the money is, or will be, the cardholder's by a dispute already.
bool is_refund_barred(Work& work, const Object& charge);

} // namespace stripe_fake
