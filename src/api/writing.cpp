#include "api/writing.h"

#include "domain/hex.h"
#include "domain/refusal.h"
#include "gateway/random_uuid.h"
#include "http/problem.h"

#include <openssl/sha.h>

#include <algorithm>
#include <charconv>

namespace api {
namespace {

/// SHA-256 of what makes two requests the same: method, path, query and body.
std::string fingerprint_of(const http::Request& request)
{
    const auto text = request.method + '\n' + request.path + '\n' + request.query + '\n' + request.body;
    unsigned char digest[SHA256_DIGEST_LENGTH];
    SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest);
    return domain::to_hex(digest);
}

std::string key_of(const http::Request& request)
{
    auto key = request.param("HTTP_IDEMPOTENCY_KEY");
    if (key.size() >= 2 && key.front() == '"' && key.back() == '"') key = key.substr(1, key.size() - 2);
    if (key.empty() && request.count("HTTP_IDEMPOTENCY_KEY") == 0) return {};
    const bool visible = std::ranges::all_of(key, [](char c) { return c > 0x20 && c < 0x7f; });
    if (key.empty() || key.size() > 255 || !visible) throw http::BadRequest{"Idempotency-Key must have 1 to 255 visible ASCII characters"};
    return std::string{key};
}

} // namespace

service::WriteRequest write_request(const http::Request& request, domain::MemberId member, const std::string& route)
{
    service::WriteRequest write;
    const auto dry_run = request.query_value("dry_run");
    if (!dry_run.empty() && dry_run != "true" && dry_run != "false") throw http::BadRequest{"dry_run must be true or false"};
    write.dry_run = dry_run == "true";
    if (auto key = key_of(request); !key.empty() && request.method == "POST")
        write.key = store::RequestKey{.member = member, .route = route, .key = std::move(key), .fingerprint = fingerprint_of(request)};
    return write;
}

std::string attempt_of(const service::WriteRequest& write)
{
    return write.key ? write.key->fingerprint + write.key->key.substr(0, 64) : gateway::random_uuid().text();
}

void refuse_dry_run_of_card(const service::WriteRequest& write)
{
    if (write.dry_run) throw http::BadRequest{"a card cannot be registered as a dry run: the gateway would keep it"};
}

service::Answer answer(int status, const http::JsonText& body, const std::string& location)
{
    return {.status = status, .body = body.dump(), .location = location};
}

http::Response respond(const service::WriteRequest& request, const service::Answer& answer)
{
    http::Response response{.status = answer.status, .body = answer.body};
    if (request.dry_run) {
        response.status = 200;
        if (response.body.starts_with('{')) response.body.insert(1, response.body == "{}" ? "\"dry_run\":true" : "\"dry_run\":true,");
        return response;
    }
    if (!answer.location.empty()) response.headers.emplace_back("Location", answer.location);
    if (answer.replayed) response.headers.emplace_back("Idempotent-Replayed", "true");
    return response;
}

domain::Uuid uuid_segment(const http::Request& request, std::size_t index)
{
    const auto uuid = domain::Uuid::parse(request.segments.at(index));
    if (!uuid) throw domain::Refusal{domain::Reason::not_found, "there is nothing of this name; the last part of the path must be a uuid"};
    return *uuid;
}

std::int64_t number_segment(const http::Request& request, std::size_t index)
{
    const auto& text = request.segments.at(index);
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size())
        throw domain::Refusal{domain::Reason::not_found, "there is nothing of this number"};
    return number;
}

std::optional<domain::Date> day_of(const http::Request& request, const char* name)
{
    const auto text = request.query_value(name);
    if (text.empty()) return std::nullopt;
    const auto day = domain::date_from(text);
    if (!day) throw http::BadRequest{std::string{name} + " must be a day, YYYY-MM-DD"};
    return day;
}

} // namespace api
