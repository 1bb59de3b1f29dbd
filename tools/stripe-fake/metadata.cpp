#include "metadata.h"

#include "api_error.h"

#include <algorithm>

namespace stripe_fake {
namespace {

constexpr std::size_t max_keys = 50;
constexpr std::ptrdiff_t max_key = 40;
constexpr std::ptrdiff_t max_value = 500;

/// Of UTF-8: all bytes but those that continue a character.
std::ptrdiff_t characters(const std::string& text)
{
    return std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; });
}

} // namespace

void update_metadata(Parameters& parameters, Object& object)
{
    const auto all = parameters.text("metadata");
    const auto given = parameters.members("metadata");
    auto* metadata = json_object_get(object.body.get(), "metadata");
    if (!metadata || (all && all->empty())) {
        object.body.set("metadata", http::Json::object());
        metadata = json_object_get(object.body.get(), "metadata");
    }
    for (const auto& [key, value] : given) {
        const auto param = "metadata[" + key + "]";
        if (characters(key) > max_key) throw invalid_request("Metadata keys can have up to 40 characters.", param);
        if (characters(value) > max_value) throw invalid_request("Metadata values can have up to 500 characters.", param);
        if (value.empty()) json_object_del(metadata, key.c_str());
        else json_object_set_nocheck(metadata, key.c_str(), http::Json{value}.get());
    }
    if (json_object_size(metadata) > max_keys) throw invalid_request("You can have up to 50 keys in metadata.", "metadata");
}

} // namespace stripe_fake
