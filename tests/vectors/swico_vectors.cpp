#include "document/swico.h"
#include "vectors/json_diff.h"
#include "vectors/kind.h"

#include <memory>

// {"cases": [{"text", "tags"}]}: bill information and its values by tag; null: it is not Swico's S1.
namespace vectors {
namespace {

struct Release {
    void operator()(json_t* value) const noexcept { json_decref(value); }
};
using Json = std::unique_ptr<json_t, Release>;

json_t* tags_of(std::string_view text)
{
    const auto values = document::read_swico(text);
    if (!values) return json_null();
    auto* tags = json_object();
    for (const auto& [tag, value] : *values) json_object_set_new(tags, tag.c_str(), json_stringn(value.data(), value.size()));
    return tags;
}

bool knows(const fs::path&, json_t* content)
{
    auto* first = json_array_get(json_object_get(content, "cases"), 0);
    return json_is_string(json_object_get(first, "text")) && json_object_get(first, "tags");
}

std::vector<Outcome> play(const fs::path& file, json_t* content, const fs::path&)
{
    std::vector<Outcome> outcomes;
    std::size_t index = 0;
    json_t* vector = nullptr;
    json_array_foreach(json_object_get(content, "cases"), index, vector)
    {
        const Json tags{tags_of(json_string_value(json_object_get(vector, "text")))};
        outcomes.push_back(
            {file.string() + " cases[" + std::to_string(index) + ']', differences(json_object_get(vector, "tags"), tags.get())});
    }
    return outcomes;
}

} // namespace

const Kind swico{knows, play};

} // namespace vectors
