#include "expand.h"

#include "api_error.h"
#include "object_store.h"

#include <algorithm>
#include <array>

namespace stripe_fake {
namespace {

constexpr std::ptrdiff_t max_levels = 4;
constexpr std::int64_t refunds_shown = 10;

/// Members that hold the id of an object, or null.
constexpr auto references = std::to_array<std::string_view>({"balance_transaction", "charge", "customer", "default_payment_method",
    "default_source", "failure_balance_transaction", "latest_attempt", "latest_charge", "mandate", "payment_intent", "payment_method",
    "review", "source", "transfer_reversal", "source_transfer_reversal"});

ApiError not_expandable(const std::string& path) { return invalid_request("This property cannot be expanded (" + path + ").", "expand"); }

/// A charge has a list that is there only when it is asked for.
void add_refunds(Call& call, json_t* charge)
{
    const std::string id{json_string_value(json_object_get(charge, "id"))};
    const auto page = ObjectStore{call.session}.list("refund", {.charge = id}, {.limit = refunds_shown});
    auto data = http::Json::array();
    for (const auto& refund : page.objects) data.push(refund.body);
    const auto list = http::Json::object()
                          .set("object", "list")
                          .set("data", data)
                          .set("has_more", page.has_more)
                          .set("url", "/v1/charges/" + id + "/refunds");
    json_object_set(charge, "refunds", list.get());
}

bool is_charge(const json_t* value)
{
    const char* kind = json_string_value(json_object_get(value, "object"));
    return kind && std::string_view{kind} == "charge";
}

/// Follows the rest of a path below a value of the answer. False if there is nothing to expand.
bool follow(Call& call, json_t* value, std::string_view path)
{
    if (json_is_array(value)) {
        bool all = true;
        for (std::size_t i = 0; i < json_array_size(value); ++i) all = follow(call, json_array_get(value, i), path) && all;
        return all;
    }
    const auto dot = path.find('.');
    const std::string name{path.substr(0, dot)};
    const auto rest = dot == std::string_view::npos ? std::string_view{} : path.substr(dot + 1);
    if (name == "refunds" && is_charge(value) && !json_object_get(value, "refunds")) add_refunds(call, value);
    auto* member = json_object_get(value, name.c_str());
    if (!member) return false;
    const bool refers = std::ranges::find(references, name) != references.end();
    if (!refers && name != "refunds") return !rest.empty() && follow(call, member, rest);

    if (const char* id = json_string_value(member)) {
        const auto found = ObjectStore{call.session}.look_at(id);
        if (!found) return false;
        json_object_set(value, name.c_str(), found->body.get());
        member = found->body.get();
    }
    return rest.empty() || json_is_null(member) || follow(call, member, rest);
}

} // namespace

void expand(Call& call, http::Json& answer, const std::vector<std::string>& paths)
{
    for (const auto& path : paths) {
        if (std::ranges::count(path, '.') >= max_levels)
            throw invalid_request("You cannot expand more than 4 levels of a property. Property: " + path, "expand");
        const bool allowed = call.caller == Caller::server || path == "payment_method";
        if (!allowed || !follow(call, answer.get(), path)) throw not_expandable(path);
    }
}

} // namespace stripe_fake
