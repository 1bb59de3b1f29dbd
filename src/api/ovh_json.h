#pragma once
#include "domain/calendar.h"
#include "domain/money.h"
#include "http/form.h"
#include "http/json_text.h"
#include "http/message.h"

#include <optional>
#include <string>

// How the cart API (OVH's order API) reads bodies and queries, and how its values look.
namespace api {

/// Status 200 and the value: what every success of this API is.
http::Response ovh_ok(const http::JsonText& value);

/// Success of what has nothing to tell: 200 and `null`.
http::Response ovh_void();

/// {currencyCode, priceInUcents, text, value}: 6.99 EUR is 699000000 millionths of a cent, "6.99 €" and 6.99.
http::JsonText ovh_price(domain::Money amount);

/// An amount as a JSON number in whole units, from its minor units without a detour: 6.99, 12.
http::JsonText ovh_value(domain::Money amount);

/// Millionths of a cent, as the public catalogues tell prices.
std::int64_t ovh_ucents(domain::Money amount);

/// "2020-10-18T13:44:30+00:00"
std::string ovh_datetime(domain::Instant instant);

/// The body, whose members that are null count as absent; no body is an empty object. The content type is not looked at.
/// @throws http::BadRequest as http::parse_object
http::Form ovh_form(const http::Request& request);

/// A query parameter; the text "null", which python-ovh sends for None, counts as absent. @throws http::BadRequest
std::optional<std::string> ovh_query(const http::Request& request, std::string_view name);

/// A placeholder of the path that is a number. @throws OvhError 404 naming `what` if it is none.
std::int64_t ovh_number(const http::Request& request, std::size_t segment, const std::string& what);

} // namespace api
