#include "api/strict_json.h"

#include "api/scenario_reader.h"

#include <algorithm>

namespace api {
namespace {

/// A step of a JSON pointer (RFC 6901).
std::string child_path(const std::string& parent, std::string_view name)
{
    auto path = parent + '/';
    for (const char c : name) {
        if (c == '~') path += "~0";
        else if (c == '/') path += "~1";
        else path += c;
    }
    return path;
}

std::size_t characters_in(const std::string& text)
{
    return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

} // namespace

void StrictValue::fail(const char* code, const std::string& message) const { throw InvalidScenario{code, path_, message}; }

std::int64_t StrictValue::integer(std::int64_t least, std::int64_t most) const
{
    if (!json_is_integer(value_)) fail("bad_type", "must be an integer");
    const std::int64_t number = json_integer_value(value_);
    if (number < least || number > most) fail("bad_value", "must be " + std::to_string(least) + ".." + std::to_string(most));
    return number;
}

std::string StrictValue::text(std::size_t least, std::size_t most) const
{
    if (!json_is_string(value_)) fail("bad_type", "must be text");
    std::string text(json_string_value(value_), json_string_length(value_));
    const auto length = characters_in(text);
    if (length < least || length > most) fail("bad_value", "is too short or too long");
    return text;
}

bool StrictValue::boolean() const
{
    if (!json_is_boolean(value_)) fail("bad_type", "must be true or false");
    return json_is_true(value_);
}

domain::Day StrictValue::day() const
{
    const auto date = domain::date_from(text());
    if (!date) fail("bad_value", "must be a day that exists, YYYY-MM-DD");
    if (int{date->year()} < 1990 || int{date->year()} > 2100) fail("bad_value", "the year must be 1990..2100");
    return *date;
}

std::vector<StrictValue> StrictValue::items() const
{
    if (!json_is_array(value_)) fail("bad_type", "must be an array");
    std::vector<StrictValue> items;
    for (std::size_t i = 0; i < json_array_size(value_); ++i)
        items.emplace_back(json_array_get(value_, i), child_path(path_, std::to_string(i)));
    return items;
}

std::vector<std::pair<std::string, StrictValue>> StrictValue::members() const
{
    if (!json_is_object(value_)) fail("bad_type", "must be an object");
    std::vector<std::pair<std::string, StrictValue>> members;
    for (void* at = json_object_iter(value_); at; at = json_object_iter_next(value_, at)) {
        const std::string name(json_object_iter_key(at), json_object_iter_key_len(at));
        members.emplace_back(name, StrictValue{json_object_iter_value(at), child_path(path_, name)});
    }
    return members;
}

StrictObject::StrictObject(const StrictValue& value) : value_{value}
{
    if (!json_is_object(value.value_)) value.fail("bad_type", "must be an object");
    if (auto* note = json_object_get(value.value_, "note"); note && !json_is_string(note)) at("note").fail("bad_type", "must be text");
}

StrictValue StrictObject::at(const char* name) const { return {json_object_get(value_.value_, name), child_path(value_.path_, name)}; }

StrictValue StrictObject::required(const char* name)
{
    known_.insert(name);
    if (!has(name)) at(name).fail("missing_field", "is missing");
    return at(name);
}

std::optional<StrictValue> StrictObject::optional(const char* name)
{
    known_.insert(name);
    if (!has(name)) return std::nullopt;
    return at(name);
}

void StrictObject::finish() const
{
    for (const auto& [name, member] : value_.members())
        if (!known_.contains(name)) member.fail("unknown_field", "is not known here");
}

} // namespace api
