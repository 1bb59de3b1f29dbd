#include "http/json.h"

#include "http/problem.h"

#include <cstdlib>
#include <new>

namespace http {
namespace {

constexpr int max_depth = 16;

/// Nesting is measured before the parser recurses into it.
bool nests_too_deep(std::string_view body)
{
    int depth = 0;
    bool in_string = false;
    for (std::size_t i = 0; i < body.size(); ++i) {
        const char c = body[i];
        if (in_string) {
            if (c == '\\') ++i;
            else if (c == '"') in_string = false;
        } else if (c == '"') {
            in_string = true;
        } else if (c == '{' || c == '[') {
            if (++depth > max_depth) return true;
        } else if (c == '}' || c == ']') {
            --depth;
        }
    }
    return false;
}

} // namespace

Json::Json(std::string_view text) : value_{json_stringn(text.data(), text.size())}
{
    // jansson refuses text that is not UTF-8; such text came from outside and is shown as its absence.
    if (!value_) value_.reset(json_string("\xEF\xBF\xBD"));
}

Json& Json::set(const char* member, const Json& value) &
{
    if (json_object_set_nocheck(value_.get(), member, value.get()) != 0) throw std::bad_alloc{};
    return *this;
}

Json& Json::push(const Json& value)
{
    if (json_array_append(value_.get(), value.get()) != 0) throw std::bad_alloc{};
    return *this;
}

std::string Json::dump() const
{
    const std::unique_ptr<char, decltype(&std::free)> text{
        json_dumps(value_.get(), JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(15)), &std::free};
    if (!text) throw std::bad_alloc{};
    return text.get();
}

Json parse_object(std::string_view body)
{
    if (body.empty()) throw BadRequest{"the body is empty; send a JSON object"};
    if (nests_too_deep(body)) throw BadRequest{"the body nests deeper than " + std::to_string(max_depth) + " levels"};

    json_error_t error{};
    Json value{json_loadb(body.data(), body.size(), JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error)};
    if (!value.get())
        throw BadRequest{"the body is not valid JSON at line " + std::to_string(error.line) + ", column " + std::to_string(error.column)
            + (json_error_code(&error) == json_error_duplicate_key ? ": a key is repeated" : "")};
    if (!json_is_object(value.get())) throw BadRequest{"the body must be a JSON object"};
    return value;
}

} // namespace http
