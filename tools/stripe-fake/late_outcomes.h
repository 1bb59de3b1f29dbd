#pragma once
#include "work.h"

#include <string>
#include <string_view>

namespace stripe_fake {

/// What banks report some time after the request that caused it.
enum class LateOutcome { payment_settles, refund_settles, refund_fails, charge_is_disputed, fraud_warning, dispute_is_decided };

/// It comes about after so many seconds of the test clock or of the machine's, whichever are over first.
void schedule(Work& work, LateOutcome outcome, const std::string& object, std::int64_t seconds);

void create_late_outcome_table(store::Session& session);

/// Brings about the first one that is due, in the transaction of `work`. False if none is. If it throws, put_off() keeps it
/// from being the first again.
bool bring_about_next(Work& work);
void put_off(store::Session& session, std::int64_t now_ms);

} // namespace stripe_fake
