#include "fraud_warnings.h"

#include "api_error.h"
#include "charges.h"
#include "endpoint.h"
#include "events.h"
#include "listing.h"

namespace stripe_fake {
namespace {

constexpr const char* kind = "radar.early_fraud_warning";

http::Json retrieve(Call& call)
{
    call.parameters.finish();
    auto warning = ObjectStore{call.session}.look_at(call.segments[0]);
    if (!warning || warning->kind != kind) throw no_such("early fraud warning", call.segments[0]);
    return std::move(warning->body);
}

http::Json list(Call& call)
{
    return answer_list(call, kind, "/v1/radar/early_fraud_warnings", read_filter(call.parameters, {"charge", "payment_intent"}));
}

constexpr Endpoint endpoints[] = {
    {"GET", "/v1/radar/early_fraud_warnings", list},
    {"GET", "/v1/radar/early_fraud_warnings/{id}", retrieve},
};

} // namespace

std::span<const Endpoint> fraud_warning_endpoints() { return endpoints; }

void warn_of_fraud(Work& work, const std::string& id)
{
    const auto charge = charge_of(work, id);
    auto warning = new_object("issfr_", kind, work.now());
    warning.charge = charge.id;
    warning.payment_intent = charge.payment_intent;
    json_object_del(warning.body.get(), "metadata");
    warning.body.set("actionable", true)
        .set("charge", charge.id)
        .set("fraud_type", "misc")
        .set("payment_intent", text_or_null(charge.payment_intent));
    ObjectStore{work.session}.add(warning);
    tell(work, "radar.early_fraud_warning.created", warning);
}

} // namespace stripe_fake
