#include "document/printed.h"
#include "domain/iban.h"
#include "domain/payment_reference.h"
#include "vectors/kind.h"

// Amounts, references and IBANs as a bill shows them: {"amounts": [{"minor", "printed", "payload"}], "references": [{"value",
// "printed"}], "ibans": […]}.
namespace vectors {
namespace {

std::string member(json_t* object, const char* name)
{
    const auto* text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

/// Plays a list: what is wrong with each of its objects.
template <class Faults>
void play_list(std::vector<Outcome>& outcomes, const fs::path& file, json_t* content, const char* list, Faults faults_of)
{
    std::size_t index = 0;
    json_t* vector = nullptr;
    json_array_foreach(json_object_get(content, list), index, vector)
        outcomes.push_back({file.string() + ' ' + list + '[' + std::to_string(index) + ']', faults_of(vector)});
}

void compare(std::vector<std::string>& faults, const std::string& expected, const std::string& actual)
{
    if (expected != actual) faults.push_back("expected \"" + expected + "\", got \"" + actual + '"');
}

std::vector<std::string> amount_faults(json_t* vector)
{
    std::vector<std::string> faults;
    const auto minor = json_integer_value(json_object_get(vector, "minor"));
    compare(faults, member(vector, "printed"), document::printed_amount(minor));
    if (json_object_get(vector, "payload")) compare(faults, member(vector, "payload"), document::payload_amount(minor));
    return faults;
}

std::vector<std::string> reference_faults(json_t* vector)
{
    std::vector<std::string> faults;
    const auto value = member(vector, "value");
    const auto type = domain::reference_type(value);
    compare(faults, member(vector, "printed"), type ? domain::printed_reference(*type, value) : "");
    return faults;
}

std::vector<std::string> iban_faults(json_t* vector)
{
    std::vector<std::string> faults;
    compare(faults, member(vector, "printed"), domain::printed_iban(member(vector, "value")));
    return faults;
}

bool knows(const fs::path&, json_t* content)
{
    auto* first = json_array_get(json_object_get(content, "amounts"), 0);
    return json_is_integer(json_object_get(first, "minor")) && json_is_string(json_object_get(first, "printed"));
}

std::vector<Outcome> play(const fs::path& file, json_t* content, const fs::path&)
{
    std::vector<Outcome> outcomes;
    play_list(outcomes, file, content, "amounts", amount_faults);
    play_list(outcomes, file, content, "references", reference_faults);
    play_list(outcomes, file, content, "ibans", iban_faults);
    return outcomes;
}

} // namespace

const Kind printed{knows, play};

} // namespace vectors
