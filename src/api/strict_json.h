#pragma once
#include "domain/calendar.h"

#include <jansson.h>

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

// Reading of scenario files: every type, range and field name is checked, and a fault names its place.
namespace api {

/// A value and where it stands.
class StrictValue {
public:
    StrictValue(json_t* value, std::string path) : value_{value}, path_{std::move(path)} {}

    /// @throws InvalidScenario bad_type, bad_value
    std::int64_t integer(std::int64_t least, std::int64_t most) const;
    std::string text(std::size_t least = 0, std::size_t most = SIZE_MAX) const; ///< length in characters
    bool boolean() const;
    domain::Day day() const;
    std::vector<StrictValue> items() const;                           ///< of an array
    std::vector<std::pair<std::string, StrictValue>> members() const; ///< of an object used as a map

    const std::string& path() const { return path_; }

    [[noreturn]] void fail(const char* code, const std::string& message) const;

private:
    friend class StrictObject;

    json_t* value_;
    std::string path_;
};

/// An object with fixed fields. Each is to be asked for; finish() finds those that nobody asked for. `note` is always
/// allowed, and always text.
class StrictObject {
public:
    /// @throws InvalidScenario bad_type
    explicit StrictObject(const StrictValue& value);

    /// @throws InvalidScenario missing_field
    StrictValue required(const char* name);
    std::optional<StrictValue> optional(const char* name);

    /// True if the field is there; it still has to be asked for.
    bool has(const char* name) const { return json_object_get(value_.value_, name) != nullptr; }

    /// The place of a field, whether it is there or not.
    StrictValue at(const char* name) const;

    /// @throws InvalidScenario unknown_field
    void finish() const;

    const StrictValue& value() const { return value_; }

private:
    StrictValue value_;
    std::set<std::string> known_{"note"};
};

} // namespace api
