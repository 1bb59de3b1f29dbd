#pragma once
#include "domain/calendar.h"

#include <cstdint>
#include <string>
#include <string_view>

// How amounts, days and numbers look on paper.
namespace document {

/// Minor units with a blank between thousands and two decimals: "1 949.75"; below zero with a minus sign (U+2212).
std::string printed_amount(std::int64_t minor);

/// Minor units as the QR payload has them: "1949.75"; `minor` >= 0.
std::string payload_amount(std::int64_t minor);

/// "24.11.2026"; in English "24 Nov 2026".
std::string printed_date(domain::Date date, std::string_view language);

/// The first and the last day, "01.11.2026 – 30.11.2026"; of a period of one day that day.
std::string printed_period(const domain::Period& period, std::string_view language);

/// A UID as the number by which tax is shown: "CHE-123.456.788 MWST".
std::string printed_vat_number(std::string_view uid, std::string_view language);

} // namespace document
