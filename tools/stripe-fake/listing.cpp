#include "listing.h"

#include "api_error.h"

#include <algorithm>

namespace stripe_fake {
namespace {

constexpr std::int64_t max_page = 100;

/// created=… is that second; created[gte], [gt], [lte] and [lt] are a range.
void read_created(Parameters& parameters, Filter& filter)
{
    if (const auto exactly = parameters.integer("created")) filter.created_from = filter.created_to = *exactly;
    if (const auto from = parameters.integer("created[gte]")) filter.created_from = *from;
    if (const auto from = parameters.integer("created[gt]")) filter.created_from = *from + 1;
    if (const auto to = parameters.integer("created[lte]")) filter.created_to = *to;
    if (const auto to = parameters.integer("created[lt]")) filter.created_to = *to - 1;
}

} // namespace

ListPart read_list_part(Parameters& parameters)
{
    ListPart part{.limit = parameters.integer("limit").value_or(10),
        .starting_after = parameters.text("starting_after").value_or(""),
        .ending_before = parameters.text("ending_before").value_or("")};
    if (part.limit < 1 || part.limit > max_page) throw invalid_request("limit must be between 1 and 100", "limit");
    if (!part.starting_after.empty() && !part.ending_before.empty())
        throw invalid_request("starting_after and ending_before cannot both be given", "ending_before");
    return part;
}

Filter read_filter(Parameters& parameters, std::initializer_list<std::string_view> by)
{
    Filter filter;
    const auto read = [&](const char* name, std::string& into) {
        if (std::ranges::find(by, name) != by.end()) into = parameters.text(name).value_or("");
    };
    read("customer", filter.customer);
    read("payment_intent", filter.payment_intent);
    read("charge", filter.charge);
    read_created(parameters, filter);
    return filter;
}

http::Json answer_list(Call& call, const std::string& kind, const std::string& url, const Filter& filter)
{
    const auto part = read_list_part(call.parameters);
    call.parameters.finish();
    const auto page = ObjectStore{call.session}.list(kind, filter, part);
    auto data = http::Json::array();
    for (const auto& object : page.objects) data.push(object.body);
    return http::Json::object().set("object", "list").set("data", data).set("has_more", page.has_more).set("url", url);
}

} // namespace stripe_fake
