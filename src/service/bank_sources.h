#pragma once
#include <string>

namespace service {

/// The name of a bank's booking as a piece of money, for ever: "booking:CH71…:D:TX00001". A key that is not plain ASCII stands
/// as its SHA-256.
std::string payment_source(const std::string& account, const std::string& booking_key);

} // namespace service
