#include "events.h"

#include "deliveries.h"
#include "endpoint.h"
#include "listing.h"

#include "api_error.h"

namespace stripe_fake {
namespace {

constexpr const char* api_version = "2026-10-28.endive"; // the account's; an endpoint may have another

/// The members of `before` that are another in `after`, down through objects; null for one that was not there.
http::Json previous_attributes(json_t* before, json_t* after)
{
    auto changed = http::Json::object();
    const char* member = nullptr;
    json_t* now = nullptr;
    json_object_foreach(after, member, now)
    {
        auto* then = json_object_get(before, member);
        if (then && json_equal(then, now)) continue;
        if (then && json_is_object(then) && json_is_object(now)) changed.set(member, previous_attributes(then, now));
        else changed.set(member, then ? http::Json{json_incref(then)} : http::Json::null());
    }
    json_object_foreach(before, member, now) if (!json_object_get(after, member)) changed.set(member, http::Json{json_incref(now)});
    return changed;
}

http::Json request_of(const Work& work)
{
    const auto or_null = [](const std::string& text) { return text.empty() ? http::Json::null() : http::Json{text}; };
    return http::Json::object().set("id", or_null(work.request_id)).set("idempotency_key", or_null(work.idempotency_key));
}

/// With the number of deliveries that are still to be made.
http::Json shown(Work& work, const Object& event)
{
    auto body = event.snapshot();
    body.set("pending_webhooks", Deliveries{work.session}.open_for(event.id));
    return body;
}

http::Json retrieve(Call& call)
{
    call.parameters.finish();
    const auto event = ObjectStore{call.session}.look_at(call.segments[0]);
    if (!event || event->kind != "event") throw no_such("event", call.segments[0]);
    return shown(call, *event);
}

http::Json list(Call& call)
{
    auto& parameters = call.parameters;
    auto filter = read_filter(parameters, {});
    const auto type = parameters.text("type").value_or("");
    if (type.ends_with('*')) filter.topic_like = type.substr(0, type.size() - 1) + '%';
    else filter.topics = type;
    for (const auto& each : parameters.list("types")) filter.topics += (filter.topics.empty() ? "" : ",") + each;
    if (!type.empty() && parameters.contains("types")) throw invalid_request("You may pass either `type` or `types`, not both.", "types");
    return answer_list(call, "event", "/v1/events", filter);
}

constexpr Endpoint endpoints[] = {
    {"GET", "/v1/events", list},
    {"GET", "/v1/events/{id}", retrieve},
};

} // namespace

std::span<const Endpoint> event_endpoints() { return endpoints; }

void tell(Work& work, const std::string& type, const Object& object, const http::Json& before)
{
    auto event = new_object("evt_", "event", work.now());
    event.topic = type;
    auto data = http::Json::object().set("object", object.body);
    if (json_is_object(before.get())) data.set("previous_attributes", previous_attributes(before.get(), object.body.get()));
    json_object_del(event.body.get(), "metadata");

    Deliveries deliveries{work.session};
    const auto endpoints_told = deliveries.endpoints_for(type);
    event.body.set("api_version", api_version)
        .set("type", type)
        .set("pending_webhooks", endpoints_told.size())
        .set("request", request_of(work))
        .set("data", data);
    ObjectStore{work.session}.add(event);
    deliveries.add(work, event.id, endpoints_told);
    ++work.events_told;
}

} // namespace stripe_fake
