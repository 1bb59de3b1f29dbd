#pragma once
#include "domain/calendar.h"
#include "domain/invoice.h"
#include "domain/machine.h"
#include "domain/member.h"
#include "domain/money.h"
#include "domain/order.h"
#include "domain/payment_method.h"
#include "domain/snapshot.h"
#include "http/json.h"

#include <optional>

// How the trade's nouns look in JSON, the same in every family.
namespace api {

/// {"amount":1300,"currency":"CHF"}
http::Json json_of(domain::Money amount);
http::Json json_of(const std::optional<domain::Instant>& instant);
http::Json json_of(const std::optional<domain::Date>& date);
http::Json json_of(const domain::Parameters& parameters);
http::Json json_of(const domain::Order& order);
http::Json json_of(const domain::Machine& machine);
http::Json json_of(const domain::Snapshot& snapshot);
http::Json json_of(const domain::PaymentMethod& method);
http::Json json_of(const domain::Member& member);
http::Json json_of(const domain::Totals& totals);

/// The members that every kind of invoice line has.
http::Json json_of(const domain::InvoiceLine& line);

} // namespace api
