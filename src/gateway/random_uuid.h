#pragma once
#include "domain/uuid.h"

namespace gateway {

/// A fresh UUID of version 7 from the system's clock and OpenSSL's generator. @throws std::runtime_error without
/// randomness.
domain::Uuid random_uuid();

} // namespace gateway
