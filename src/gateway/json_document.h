#pragma once
#include "domain/calendar.h"

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

struct json_t;

namespace gateway {

/// A value in somebody else's JSON; lives as long as its document. What is not there, or of another kind than asked for,
/// reads as empty: nothing throws.
class JsonNode {
public:
    using Path = std::initializer_list<const char*>;

    JsonNode() = default;
    explicit JsonNode(json_t* value) : value_{value} {}

    bool is_object() const;
    bool is_array() const;
    bool is_null() const; ///< also if there is nothing
    JsonNode at(Path path) const;
    std::string text(Path path) const;
    std::optional<std::int64_t> number(Path path) const;

    /// The number as it was written, if it had at most 15 digits: "6.99". Never goes through rounding that shows.
    std::string decimal(Path path) const;
    bool flag(Path path) const;
    domain::Instant instant(Path path) const; ///< of Unix seconds; 1970 if there is none
    std::vector<JsonNode> items(Path path) const;

    /// Name and value of an object's members, in the order in which they stand.
    std::vector<std::pair<std::string, JsonNode>> members(Path path) const;

    /// The text, or the `id` of the object that stands in its place.
    std::string id_of(Path path) const;

    /// As JSON text again.
    std::string dump() const;

private:
    json_t* value_{nullptr};
};

class JsonDocument {
public:
    JsonDocument() = default;

    /// The root is empty if the text is no JSON (RFC 8259), or repeats a key in an object.
    explicit JsonDocument(std::string_view text);

    /// The same, where the text may also be a bare number, string, boolean or null.
    static JsonDocument of_any(std::string_view text);

    /// True if the text was none.
    bool empty() const { return !value_; }

    JsonNode root() const { return JsonNode{value_.get()}; }

private:
    struct Release {
        void operator()(json_t* value) const noexcept;
    };
    std::unique_ptr<json_t, Release> value_{};
};

} // namespace gateway
