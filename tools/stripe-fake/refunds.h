#pragma once
#include "work.h"

#include <string>

namespace stripe_fake {

// Late outcomes: a pending refund reaches the card; one that seemed to have reached it comes back.
void settle_refund(Work& work, const std::string& refund);
void fail_refund(Work& work, const std::string& refund);

} // namespace stripe_fake
