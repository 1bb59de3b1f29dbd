#pragma once
#include "work.h"

#include <string>

namespace stripe_fake {

/// A late outcome: the card's issuer reports the charge as likely fraud.
void warn_of_fraud(Work& work, const std::string& charge);

} // namespace stripe_fake
