#pragma once
#include "store/database.h"

#include <cstdint>
#include <string>

namespace stripe_fake {

/// Makes what is missing of the gateway's tables, all named stripe_fake_…; forgets idempotency keys older than a day at
/// `now` (Unix seconds).
void make_tables(store::Database& database, std::int64_t now);

/// The secret under which card numbers become fingerprints. Two programs that start at once agree on the first one's.
std::string shared_secret(store::Database& database);

} // namespace stripe_fake
