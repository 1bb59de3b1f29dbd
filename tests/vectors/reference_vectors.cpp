#include "domain/payment_reference.h"
#include "vectors/kind.h"

#include <optional>
#include <string_view>

// {"make": [{"kind", "raw", "reference", "printed"}], "check": [{"kind", "value", "ok", "code"}]}: QR references and creditor
// references, as they are made and as they are judged.
namespace vectors {
namespace {

std::string member(json_t* object, const char* name)
{
    auto* text = json_object_get(object, name);
    return json_is_string(text) ? std::string{json_string_value(text), json_string_length(text)} : std::string{};
}

std::optional<domain::ReferenceType> type_of(json_t* vector)
{
    using enum domain::ReferenceType;
    for (const auto type : {qrr, scor, non})
        if (to_text(type) == member(vector, "kind")) return type;
    return std::nullopt;
}

void compare(std::vector<std::string>& faults, const char* what, const std::string& expected, const std::string& actual)
{
    if (expected != actual) faults.push_back(std::string{what} + ": expected \"" + expected + "\", got \"" + actual + '"');
}

void make(std::vector<std::string>& faults, domain::ReferenceType type, json_t* vector)
{
    const auto raw = member(vector, "raw");
    std::optional<std::string> made;
    if (type == domain::ReferenceType::qrr) made = domain::make_qr_reference(raw);
    if (type == domain::ReferenceType::scor) made = domain::make_creditor_reference(raw);
    compare(faults, "reference", member(vector, "reference"), made.value_or(""));
    if (made && json_object_get(vector, "printed"))
        compare(faults, "printed", member(vector, "printed"), domain::printed_reference(type, *made));
}

void check(std::vector<std::string>& faults, domain::ReferenceType type, json_t* vector)
{
    const auto code = std::string{to_text(domain::check_reference(type, member(vector, "value")))};
    if (json_is_true(json_object_get(vector, "ok")) != code.empty()) faults.push_back("judged " + code);
    compare(faults, "code", member(vector, "code"), code);
}

template <class Play> void play_list(std::vector<Outcome>& outcomes, const fs::path& file, json_t* content, const char* list, Play play_one)
{
    std::size_t index = 0;
    json_t* vector = nullptr;
    json_array_foreach(json_object_get(content, list), index, vector)
    {
        Outcome outcome{file.string() + ' ' + list + '[' + std::to_string(index) + ']', {}};
        if (const auto type = type_of(vector)) play_one(outcome.faults, *type, vector);
        else outcome.faults.push_back("there is no kind of reference " + member(vector, "kind"));
        outcomes.push_back(std::move(outcome));
    }
}

bool knows(const fs::path&, json_t* content)
{
    auto* made = json_array_get(json_object_get(content, "make"), 0);
    auto* checked = json_array_get(json_object_get(content, "check"), 0);
    return (made && json_is_string(json_object_get(made, "raw")) && json_is_string(json_object_get(made, "kind")))
        || (checked && json_is_string(json_object_get(checked, "value")) && json_is_string(json_object_get(checked, "kind")));
}

std::vector<Outcome> play(const fs::path& file, json_t* content, const fs::path&)
{
    std::vector<Outcome> outcomes;
    play_list(outcomes, file, content, "make", make);
    play_list(outcomes, file, content, "check", check);
    return outcomes;
}

} // namespace

const Kind references{knows, play};

} // namespace vectors
