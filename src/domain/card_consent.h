#pragma once
#include "domain/calendar.h"

#include <array>
#include <string>
#include <string_view>

namespace domain {

/// The versions of the text by which a member agrees that a card is charged for later invoices (nginx/pages/consent.js), the current
/// one last. A text that changes is a new version; an old one stays here for as long as somebody agreed to it.
inline constexpr auto card_consent_versions = std::to_array<std::string_view>({"2026-11-29"});

/// That a member agreed to it: what the card networks want to be told in a dispute.
struct CardConsent {
    std::string version{};
    std::string language{}; ///< de, fr, it, en
    std::string address{};  ///< the IP address it was given from
    Instant given_at{};
};

} // namespace domain
