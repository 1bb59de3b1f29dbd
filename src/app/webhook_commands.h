#pragma once
#include <ostream>
#include <string>

namespace app {

/// Tells the card gateway where to tell us of its events, `url` (empty: base_url and /webhooks/stripe), and keeps the
/// secret it answers with in the configured file. Safe to repeat. A gateway that cannot be reached is asked for half a
/// minute. @throws std::runtime_error if the gateway refuses or the file cannot be written; domain::Unavailable if the
/// gateway does not answer; std::invalid_argument if no file is configured
void register_webhook(std::ostream& out, const std::string& url);

} // namespace app
