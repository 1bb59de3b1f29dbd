#include "expand.h"

#include "api_error.h"
#include "object_store.h"

#include <algorithm>
#include <array>

namespace stripe_fake {
namespace {

constexpr int max_levels = 4;

struct Reference {
    std::string_view member{};
    const char* kind{}; ///< nullptr: here it is always null
};

constexpr auto references = std::to_array<Reference>({{"customer", "customer"}, {"payment_method", "payment_method"},
    {"default_payment_method", "payment_method"}, {"default_source", nullptr}, {"latest_attempt", nullptr}, {"mandate", nullptr}});

ApiError not_expandable(const std::string& path) { return invalid_request("This property cannot be expanded (" + path + ").", "expand"); }

/// Follows the rest of a path below a value of the answer. False if there is nothing to expand.
bool follow(Call& call, json_t* value, std::string_view path, int level)
{
    if (level > max_levels) return false;
    if (json_is_array(value)) {
        bool all = true;
        for (std::size_t i = 0; i < json_array_size(value); ++i) all = follow(call, json_array_get(value, i), path, level) && all;
        return all;
    }
    const auto dot = path.find('.');
    const std::string name{path.substr(0, dot)};
    const auto rest = dot == std::string_view::npos ? std::string_view{} : path.substr(dot + 1);
    auto* member = json_object_get(value, name.c_str());
    const auto* reference = std::ranges::find(references, name, &Reference::member);
    if (!member) return false;
    if (reference == references.end()) return !rest.empty() && follow(call, member, rest, level + 1);

    if (const char* id = json_string_value(member)) {
        const auto found = reference->kind ? ObjectStore{call.session}.find(reference->kind, id) : std::nullopt;
        if (!found) return false;
        json_object_set(value, name.c_str(), found->body.get());
        member = found->body.get();
    }
    return rest.empty() || json_is_null(member) || follow(call, member, rest, level + 1);
}

} // namespace

void expand(Call& call, http::Json& answer, const std::vector<std::string>& paths)
{
    for (const auto& path : paths) {
        const bool allowed = call.caller == Caller::server || path == "payment_method";
        if (!allowed || !follow(call, answer.get(), path, 1)) throw not_expandable(path);
    }
}

} // namespace stripe_fake
