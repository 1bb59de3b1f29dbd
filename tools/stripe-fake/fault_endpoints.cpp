#include "api_error.h"
#include "endpoint.h"
#include "faults.h"
#include "ids.h"

// Not Stripe's: faults on request.
//
//   POST   /v1/test_helpers/faults       kind=…&method=POST&path=/v1/payment_intents&times=1&delay_ms=2000
//   GET    /v1/test_helpers/faults       those that have times left
//   DELETE /v1/test_helpers/faults/{id}  one; without an id: all
//
// `kind` is one of FaultKind's names (faults.h says what each does). `method` and `path` choose the requests: default any;
// a path is a pattern in which * stands for one segment or a part of it (/v1/payment_intents/*/confirm), or just *.
// `times` is how many requests suffer it, 1 by default. `delay_ms` is for `delay` and `reorder_webhooks`, 1000 by default.
// Requests below /v1/test_helpers suffer nothing.

namespace stripe_fake {
namespace {

constexpr std::int64_t default_delay_ms = 1000;
constexpr std::int64_t max_delay_ms = 14'000; // nginx gives up a little later
constexpr std::int64_t max_times = 1'000'000;
constexpr std::size_t max_path = 255;

http::Json to_json(const Fault& fault)
{
    return http::Json::object()
        .set("id", fault.id)
        .set("object", "test_helpers.fault")
        .set("kind", to_text(fault.kind))
        .set("method", fault.method)
        .set("path", fault.path)
        .set("times", fault.times)
        .set("delay_ms", fault.delay_ms);
}

std::int64_t bounded(Parameters& parameters, const char* name, std::int64_t otherwise, std::int64_t max)
{
    const auto number = parameters.integer(name).value_or(otherwise);
    if (number < 1 || number > max) throw invalid_request(std::string{name} + " must be between 1 and " + std::to_string(max), name);
    return number;
}

http::Json create(Call& call)
{
    auto& parameters = call.parameters;
    const auto kind = fault_kind_from(parameters.required("kind"));
    if (!kind)
        throw invalid_request("kind must be one of drop_before, drop_after, error_after_commit, delay, rate_limit, lock_timeout,"
                              " duplicate_webhook, reorder_webhooks or processing",
            "kind");
    const Fault fault{.id = fresh_id("fault_"),
        .method = parameters.text("method").value_or("*"),
        .path = parameters.text("path").value_or("*"),
        .kind = *kind,
        .times = bounded(parameters, "times", 1, max_times),
        .delay_ms = bounded(parameters, "delay_ms", default_delay_ms, max_delay_ms)};
    parameters.finish();
    if (fault.method != "*" && fault.method != "GET" && fault.method != "POST" && fault.method != "DELETE")
        throw invalid_request("method must be one of GET, POST, DELETE or *", "method");
    if (fault.path.empty() || fault.path.size() > max_path) throw invalid_request("path must have 1 to 255 characters", "path");
    FaultStore{call.session}.add(fault);
    return to_json(fault);
}

http::Json list(Call& call)
{
    call.parameters.finish();
    auto data = http::Json::array();
    for (const auto& fault : FaultStore{call.session}.all()) data.push(to_json(fault));
    return http::Json::object().set("object", "list").set("data", data).set("has_more", false).set("url", "/v1/test_helpers/faults");
}

http::Json remove(Call& call)
{
    call.parameters.finish();
    const auto& id = call.segments[0];
    if (!FaultStore{call.session}.remove(id)) throw no_such("fault", id);
    return http::Json::object().set("id", id).set("object", "test_helpers.fault").set("deleted", true);
}

http::Json remove_all(Call& call)
{
    call.parameters.finish();
    FaultStore{call.session}.remove_all();
    return http::Json::object().set("object", "test_helpers.fault").set("deleted", true);
}

constexpr Endpoint endpoints[] = {
    {"POST", "/v1/test_helpers/faults", create},
    {"GET", "/v1/test_helpers/faults", list},
    {"DELETE", "/v1/test_helpers/faults", remove_all},
    {"DELETE", "/v1/test_helpers/faults/{id}", remove},
};

} // namespace

std::span<const Endpoint> fault_endpoints() { return endpoints; }

} // namespace stripe_fake
