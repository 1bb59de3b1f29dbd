#include "api_error.h"
#include "endpoint.h"
#include "ids.h"
#include "listing.h"
#include "metadata.h"
#include "object_store.h"

namespace stripe_fake {
namespace {

constexpr const char* kind = "webhook_endpoint";
constexpr const char* list_url = "/v1/webhook_endpoints";

Object find_endpoint(Call& call)
{
    auto endpoint = ObjectStore{call.session}.find(kind, call.segments[0]);
    if (!endpoint) throw no_such("webhook endpoint", call.segments[0]);
    return *std::move(endpoint);
}

/// The test gateway tells listeners on plain HTTP, too.
std::string checked_url(const std::string& url)
{
    if (url.starts_with("https://") || url.starts_with("http://")) return url;
    throw invalid_request("Invalid URL: An explicit scheme (such as https) must be provided.", "url").coded("url_invalid");
}

http::Json read_types(Parameters& parameters)
{
    auto types = http::Json::array();
    const auto given = parameters.list("enabled_events");
    if (given.empty()) throw invalid_request("Missing required param: enabled_events.", "enabled_events").coded("parameter_missing");
    for (const auto& type : given) {
        const bool decent = type == "*"
            || (type.find('.') != std::string::npos
                && type.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_.") == std::string::npos);
        if (!decent) throw invalid_request("Invalid enabled_events: must be * or the type of an event", "enabled_events");
        types.push(type);
    }
    return types;
}

http::Json create(Call& call)
{
    auto& parameters = call.parameters;
    auto endpoint = new_object("we_", kind, call.now());
    endpoint.hidden.set("secret", fresh_id("whsec_"));
    endpoint.body.set("url", checked_url(parameters.required("url")))
        .set("enabled_events", read_types(parameters))
        .set("api_version", text_or_null(parameters.text("api_version")))
        .set("application", http::Json::null())
        .set("description", text_or_null(parameters.text("description")))
        .set("status", "enabled");
    parameters.boolean("connect");
    update_metadata(parameters, endpoint);
    parameters.finish();
    ObjectStore{call.session}.add(endpoint);
    auto told = endpoint.snapshot();
    told.set("secret", endpoint.hidden_text("secret")); // this once
    return told;
}

http::Json retrieve(Call& call)
{
    call.parameters.finish();
    return std::move(find_endpoint(call).body);
}

http::Json update(Call& call)
{
    auto& parameters = call.parameters;
    auto endpoint = find_endpoint(call);
    if (const auto url = parameters.text("url")) endpoint.body.set("url", checked_url(*url));
    if (parameters.contains("enabled_events")) endpoint.body.set("enabled_events", read_types(parameters));
    if (const auto description = parameters.text("description")) endpoint.body.set("description", text_or_null(description));
    if (const auto disabled = parameters.boolean("disabled")) endpoint.body.set("status", *disabled ? "disabled" : "enabled");
    update_metadata(parameters, endpoint);
    parameters.finish();
    ObjectStore{call.session}.save(endpoint);
    return std::move(endpoint.body);
}

http::Json list(Call& call) { return answer_list(call, kind, list_url, {}); }

http::Json remove(Call& call)
{
    call.parameters.finish();
    const auto endpoint = find_endpoint(call);
    ObjectStore{call.session}.remove(endpoint.id);
    return http::Json::object().set("id", endpoint.id).set("object", kind).set("deleted", true);
}

constexpr Endpoint endpoints[] = {
    {"POST", "/v1/webhook_endpoints", create},
    {"GET", "/v1/webhook_endpoints", list},
    {"GET", "/v1/webhook_endpoints/{id}", retrieve},
    {"POST", "/v1/webhook_endpoints/{id}", update},
    {"DELETE", "/v1/webhook_endpoints/{id}", remove},
};

} // namespace

std::span<const Endpoint> webhook_endpoint_endpoints() { return endpoints; }

} // namespace stripe_fake
