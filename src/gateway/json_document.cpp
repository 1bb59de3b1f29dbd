#include "gateway/json_document.h"

#include <jansson.h>

#include <cstdlib>

namespace gateway {

bool JsonNode::is_object() const { return json_is_object(value_); }

bool JsonNode::is_array() const { return json_is_array(value_); }

bool JsonNode::is_null() const { return !value_ || json_is_null(value_); }

JsonNode JsonNode::at(Path path) const
{
    auto* value = value_;
    for (const char* member : path) value = json_object_get(value, member); // of nothing: nothing
    return JsonNode{value};
}

std::string JsonNode::text(Path path) const
{
    const char* text = json_string_value(at(path).value_);
    return text ? text : "";
}

std::optional<std::int64_t> JsonNode::number(Path path) const
{
    const auto* value = at(path).value_;
    if (!json_is_integer(value)) return std::nullopt;
    return json_integer_value(value);
}

std::string JsonNode::decimal(Path path) const
{
    const auto* value = at(path).value_;
    if (!json_is_number(value)) return "";
    const std::unique_ptr<char, decltype(&std::free)> text{json_dumps(value, JSON_ENCODE_ANY | JSON_REAL_PRECISION(15)), &std::free};
    return text ? text.get() : "";
}

bool JsonNode::flag(Path path) const { return json_is_true(at(path).value_); }

domain::Instant JsonNode::instant(Path path) const
{
    constexpr std::int64_t end_of_9999 = 253'402'300'799;
    const auto seconds = number(path).value_or(0);
    return domain::Instant{std::chrono::seconds{seconds < 0 || seconds > end_of_9999 ? 0 : seconds}};
}

std::vector<JsonNode> JsonNode::items(Path path) const
{
    const auto* array = at(path).value_;
    std::vector<JsonNode> items;
    for (std::size_t i = 0; i < json_array_size(array); ++i) items.emplace_back(json_array_get(array, i));
    return items;
}

std::vector<std::pair<std::string, JsonNode>> JsonNode::members(Path path) const
{
    std::vector<std::pair<std::string, JsonNode>> members;
    const char* name = nullptr;
    json_t* value = nullptr;
    json_object_foreach(at(path).value_, name, value) members.emplace_back(name, JsonNode{value});
    return members;
}

std::string JsonNode::id_of(Path path) const
{
    const auto node = at(path);
    return node.is_object() ? node.text({"id"}) : node.text({});
}

std::string JsonNode::dump() const
{
    const std::unique_ptr<char, decltype(&std::free)> text{json_dumps(value_, JSON_COMPACT | JSON_ENCODE_ANY), &std::free};
    return text ? text.get() : "";
}

JsonDocument::JsonDocument(std::string_view text) : value_{json_loadb(text.data(), text.size(), JSON_REJECT_DUPLICATES, nullptr)} {}

JsonDocument JsonDocument::of_any(std::string_view text)
{
    JsonDocument document;
    document.value_.reset(json_loadb(text.data(), text.size(), JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, nullptr));
    return document;
}

void JsonDocument::Release::operator()(json_t* value) const noexcept { json_decref(value); }

} // namespace gateway
