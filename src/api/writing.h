#pragma once
#include "domain/calendar.h"
#include "domain/member.h"
#include "domain/uuid.h"
#include "http/json_text.h"
#include "http/message.h"
#include "service/writes.h"

#include <optional>
#include <string>

// What all writing endpoints share: Idempotency-Key, ?dry_run, and how the answer of a use case goes out.
namespace api {

/// Reads the Idempotency-Key header (bare or as a quoted string) and ?dry_run=true; `route` is the template under which
/// the key counts. @throws http::BadRequest for a key that is none
service::WriteRequest write_request(const http::Request& request, domain::MemberId member, const std::string& route);

/// Names one try of an outside call: under a key, the same try for the same request.
std::string attempt_of(const service::WriteRequest& write);

/// What registers a card has no dry run. @throws http::BadRequest if one is wanted
void refuse_dry_run_of_card(const service::WriteRequest& write);

service::Answer answer(int status, const http::JsonText& body, const std::string& location = "");

http::Response respond(const service::WriteRequest& request, const service::Answer& answer);

/// A uuid in the path. @throws domain::Refusal not_found if the text is none: there is nothing of that name.
domain::Uuid uuid_segment(const http::Request& request, std::size_t index = 0);

/// A day in the query; nullopt if it is not given. @throws http::BadRequest if it is none
std::optional<domain::Date> day_of(const http::Request& request, const char* name);

/// A number in the path. @throws domain::Refusal not_found if the text is none.
std::int64_t number_segment(const http::Request& request, std::size_t index = 0);

} // namespace api
