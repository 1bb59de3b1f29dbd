#pragma once
#include "domain/calendar.h"
#include "domain/money.h"
#include "domain/uuid.h"

#include <optional>
#include <string>

namespace store {

/// "2026-11-24", the form in which MariaDB reads and prints a DATE.
std::string to_sql(domain::Date date);
std::optional<std::string> to_sql(const std::optional<domain::Date>& date);

/// "2026-11-24 12:30:05.123456", the form of a DATETIME(6) in UTC.
std::string to_sql(domain::Instant instant);

// Back from the database. @throws std::runtime_error if the column holds something else: the schema is broken then.
domain::Date date_of(const std::string& text);
domain::Instant instant_of(const std::string& text);
std::optional<domain::Instant> instant_of(const std::optional<std::string>& text);
domain::Uuid uuid_of(const std::string& text);
domain::Money money_of(std::int64_t minor, const std::string& currency);

} // namespace store
