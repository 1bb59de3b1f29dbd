#include "domain/iban.h"
#include "domain/uid.h"
#include "domain/vat_id.h"
#include "vectors/kind.h"

#include <string_view>

// {"cases": [{"value", "ok", "code"}]}: account numbers (with "qr_iban" and "printed"), Swiss UIDs, VAT ids of the EU. Which of
// them a file is about is told by the codes of its faults, or by its name if all of its values are right.
namespace vectors {
namespace {

std::string_view text_of(json_t* object, const char* name)
{
    auto* text = json_object_get(object, name);
    return json_is_string(text) ? std::string_view{json_string_value(text), json_string_length(text)} : std::string_view{};
}

bool is_about(const fs::path& file, json_t* content, std::string_view codes, std::string_view name)
{
    auto* cases = json_object_get(content, "cases");
    auto* first = json_array_get(cases, 0);
    if (!json_is_string(json_object_get(first, "value")) || !json_is_boolean(json_object_get(first, "ok"))) return false;
    std::size_t index = 0;
    json_t* vector = nullptr;
    json_array_foreach(cases, index, vector) if (const auto code = text_of(vector, "code"); !code.empty()) return code.starts_with(codes);
    return file.stem().string().starts_with(name);
}

void compare(std::vector<std::string>& faults, const std::string& what, std::string_view expected, std::string_view actual)
{
    if (expected != actual) faults.push_back(what + ": expected \"" + std::string{expected} + "\", got \"" + std::string{actual} + '"');
}

/// Plays each case: `code_of` judges the value, "" for a right one; `more` looks at what else a right one says.
template <class CodeOf, class More> std::vector<Outcome> play_cases(const fs::path& file, json_t* content, CodeOf code_of, More more)
{
    std::vector<Outcome> outcomes;
    std::size_t index = 0;
    json_t* vector = nullptr;
    json_array_foreach(json_object_get(content, "cases"), index, vector)
    {
        Outcome outcome{file.string() + " cases[" + std::to_string(index) + ']', {}};
        const auto value = text_of(vector, "value");
        const auto code = code_of(value);
        if (json_is_true(json_object_get(vector, "ok")) != code.empty()) outcome.faults.push_back("judged " + std::string{code});
        compare(outcome.faults, "code", text_of(vector, "code"), code);
        if (code.empty()) more(outcome.faults, vector, value);
        outcomes.push_back(std::move(outcome));
    }
    return outcomes;
}

bool knows_ibans(const fs::path& file, json_t* content) { return is_about(file, content, "E_IBAN_", "iban"); }

std::vector<Outcome> play_ibans(const fs::path& file, json_t* content, const fs::path&)
{
    return play_cases(
        file, content, [](std::string_view value) { return to_text(domain::check_iban(value)); },
        [](std::vector<std::string>& faults, json_t* vector, std::string_view value) {
            if (auto* qr = json_object_get(vector, "qr_iban"); qr && json_is_true(qr) != domain::is_qr_iban(value))
                faults.push_back("qr_iban: got the contrary");
            if (json_object_get(vector, "printed")) compare(faults, "printed", text_of(vector, "printed"), domain::printed_iban(value));
        });
}

constexpr auto nothing_more = [](std::vector<std::string>&, json_t*, std::string_view) {};

bool knows_uids(const fs::path& file, json_t* content) { return is_about(file, content, "E_UID_", "uid"); }

std::vector<Outcome> play_uids(const fs::path& file, json_t* content, const fs::path&)
{
    return play_cases(
        file, content, [](std::string_view value) { return to_text(domain::check_uid(value)); }, nothing_more);
}

bool knows_vat_ids(const fs::path& file, json_t* content) { return is_about(file, content, "E_VAT_", "vat-id"); }

std::vector<Outcome> play_vat_ids(const fs::path& file, json_t* content, const fs::path&)
{
    return play_cases(
        file, content, [](std::string_view value) { return to_text(domain::check_vat_id(value)); }, nothing_more);
}

} // namespace

const Kind ibans{knows_ibans, play_ibans};
const Kind uids{knows_uids, play_uids};
const Kind vat_ids{knows_vat_ids, play_vat_ids};

} // namespace vectors
