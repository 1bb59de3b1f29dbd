#pragma once
#include "object_store.h"
#include "work.h"

namespace stripe_fake {

/// The cardholder has answered the bank's challenge: the intent, which waits for that, goes on or wants another card.
void finish_setup(Work& work, Object& intent, bool passed);

} // namespace stripe_fake
