#pragma once
#include "http/json.h"
#include "http/problem.h"

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace http {

/// Reads the members of a JSON object and collects every fault on the way; finish() reports them all at once.
/// A getter that finds a fault notes it and returns a harmless value, so that reading goes on.
class Form {
public:
    explicit Form(Json object);

    /// A nested object; its faults are reported with this form's. Absent: an empty one. Lives as long as this form.
    Form& object(const char* name);

    /// The objects of an array of at most `max`; their faults and unknown members are reported with this form's. Absent: none.
    std::vector<Form*> objects(const char* name, std::size_t max);

    /// Texts of 1 to 255 bytes without control characters, at most `max` of them. Absent: none.
    std::vector<std::string> texts(const char* name, std::size_t max);

    /// Text of 1 to `max` bytes without control characters.
    std::string text(const char* name, std::size_t max = 255);
    std::optional<std::string> optional_text(const char* name, std::size_t max = 255);

    /// One of the words given.
    std::string choice(const char* name, const std::vector<std::string_view>& words);
    std::optional<std::string> optional_choice(const char* name, const std::vector<std::string_view>& words);

    /// An integer, or its digits as a string, within the bounds.
    std::int64_t integer(const char* name, std::int64_t min, std::int64_t max);

    /// A number with at most three decimals, or its digits as a string, in thousandths.
    std::int64_t thousandths(const char* name, std::int64_t min, std::int64_t max);

    std::optional<bool> optional_boolean(const char* name);

    bool has(const char* name) const;

    /// The names that were asked for so far.
    std::vector<std::string> known() const { return {known_.begin(), known_.end()}; }

    // Marks the member as known, too.
    bool is_null(const char* name);
    bool is_empty_text(const char* name);

    /// Marks a member as known without reading it.
    void accept(const char* name) { known_.insert(name); }

    /// Notes a fault of this form's member.
    void fault(const char* name, std::string code, std::string detail);

    /// @throws InvalidFields if anything was wrong or a member is unknown. Called on the outermost form, at the end;
    /// the unknown members of nested forms are reported too.
    void finish();

private:
    Form(json_t* object, std::string pointer, std::shared_ptr<std::vector<Fault>> faults);

    json_t* take(const char* name);
    json_t* take_required(const char* name);
    json_t* take_array(const char* name, std::size_t max);
    std::optional<std::string> checked_text(const char* name, json_t* value, std::size_t max);
    std::int64_t bounded(const char* name, int decimals, std::int64_t min, std::int64_t max);
    void note_unknown_members();

    Json object_;
    std::string pointer_;
    std::shared_ptr<std::vector<Fault>> faults_;
    std::set<std::string, std::less<>> known_{};
    std::vector<std::unique_ptr<Form>> nested_{};
};

} // namespace http
