#include "gateway/stripe_webhooks.h"

#include "gateway/random_uuid.h"

#include <algorithm>
#include <array>
#include <set>

namespace gateway {
namespace {

constexpr const char* folder = "/v1/webhook_endpoints";

/// What the worker acts on. Refunds that fail come as refund.updated or refund.failed, whichever Stripe chooses.
constexpr std::array event_types{"payment_intent.succeeded", "payment_intent.payment_failed", "payment_intent.processing",
    "payment_intent.requires_action", "payment_intent.canceled", "setup_intent.succeeded", "setup_intent.setup_failed",
    "payment_method.attached", "payment_method.detached", "payment_method.automatically_updated", "payment_method.updated",
    "charge.refunded", "refund.created", "refund.updated", "refund.failed", "charge.dispute.created", "charge.dispute.updated",
    "charge.dispute.closed", "charge.dispute.funds_withdrawn", "charge.dispute.funds_reinstated", "customer.deleted"};

void add_address(StripeForm& body, const std::string& url)
{
    body.add("url", url);
    for (std::size_t i = 0; i < event_types.size(); ++i) body.add("enabled_events[" + std::to_string(i) + "]", event_types[i]);
}

/// A key that no other call has: each of these is meant anew.
std::string fresh_key() { return "webhook-" + random_uuid().text(); }

bool is_up_to_date(JsonNode endpoint, const std::string& url)
{
    std::set<std::string> types;
    for (const auto type : endpoint.items({"enabled_events"})) types.insert(type.text({}));
    return endpoint.text({"url"}) == url && endpoint.text({"status"}) == "enabled"
        && types == std::set<std::string>{event_types.begin(), event_types.end()};
}

GatewayAnswer<WebhookChange> answer_of(const StripeReply& reply, WebhookChange change)
{
    auto answer = reply.answer<WebhookChange>();
    answer.value = change;
    return answer;
}

GatewayAnswer<WebhookChange> update(StripeTransport& stripe, const std::string& url, const std::string& id)
{
    StripeForm body;
    add_address(body, url);
    body.add("disabled", "false");
    return answer_of(stripe.post("update_webhook", std::string{folder} + '/' + id, body, fresh_key()), WebhookChange::updated);
}

GatewayAnswer<WebhookChange> create(
    StripeTransport& stripe, const std::string& url, const std::function<void(const WebhookSubscription&)>& remember)
{
    StripeForm body;
    add_address(body, url);
    body.add("api_version", stripe_api_version).add_unless_empty("metadata[instance]", stripe.settings().instance);
    const auto reply = stripe.post("create_webhook", folder, body, fresh_key());
    auto answer = answer_of(reply, WebhookChange::created);
    const WebhookSubscription made{.id = reply.text({"id"}), .secret = reply.text({"secret"})};
    if (answer.outcome != CallOutcome::done) return answer;
    if (made.id.empty() || made.secret.empty()) answer.outcome = CallOutcome::unknown;
    else remember(made);
    return answer;
}

} // namespace

GatewayAnswer<WebhookChange> register_webhook(StripeTransport& stripe, const std::string& url, const WebhookSubscription& known,
    const std::function<void(const WebhookSubscription&)>& remember)
{
    StripeForm query;
    query.add("limit", 100);
    const auto list = stripe.get("list_webhooks", folder, query);
    if (list.outcome() != CallOutcome::done) return list.answer<WebhookChange>();

    bool is_there = false; // the one whose secret we have
    GatewayAnswer<WebhookChange> answer{.outcome = CallOutcome::done};
    std::vector<std::string> former;
    for (const auto endpoint : list.body().items({"data"})) {
        const auto id = endpoint.text({"id"});
        const bool ours = !stripe.settings().instance.empty() && endpoint.text({"metadata", "instance"}) == stripe.settings().instance;
        if (id == known.id && !known.secret.empty() && endpoint.text({"api_version"}) == stripe_api_version) {
            is_there = true;
            if (!is_up_to_date(endpoint, url)) answer = update(stripe, url, id);
        } else if (ours) {
            former.push_back(id);
        }
    }
    if (!is_there) answer = create(stripe, url, remember);
    if (answer.outcome != CallOutcome::done) return answer;
    for (const auto& id : former) stripe.remove("remove_webhook", std::string{folder} + '/' + id);
    return answer;
}

} // namespace gateway
