#pragma once
#include <jansson.h>

#include <concepts>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace http {

/// A JSON value as a tree; owns one reference. Members keep the order in which they were set. Answers are written as
/// JsonText instead.
class Json {
public:
    static Json object() { return Json{json_object()}; }
    static Json array() { return Json{json_array()}; }
    static Json null() { return Json{json_null()}; }

    Json(std::string_view text);
    Json(const char* text) : Json{std::string_view{text}} {}
    Json(const std::string& text) : Json{std::string_view{text}} {}
    template <std::integral Number> Json(Number number) : value_{json_integer(static_cast<json_int_t>(number))} {}
    Json(bool truth) : value_{json_boolean(truth)} {}

    /// Takes over the reference.
    explicit Json(json_t* value) : value_{value} {}

    Json& set(const char* member, const Json& value) &;
    Json&& set(const char* member, const Json& value) && { return std::move(set(member, value)); }
    Json& push(const Json& value);

    json_t* get() const noexcept { return value_.get(); }
    std::string dump() const;

private:
    struct Release {
        void operator()(json_t* value) const noexcept { json_decref(value); }
    };
    std::unique_ptr<json_t, Release> value_;
};

/// The body as one JSON object.
/// @throws BadRequest if it is empty, no JSON, no object, nests deeper than 16 levels, repeats a key or is not UTF-8.
Json parse_object(std::string_view body);

} // namespace http
