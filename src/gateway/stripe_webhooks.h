#pragma once
#include "gateway/stripe_transport.h"

#include <functional>
#include <string>

namespace gateway {

/// Our webhook at Stripe, as this installation remembers it.
struct WebhookSubscription {
    std::string id{};     ///< "we_…"; empty: there is none yet
    std::string secret{}; ///< "whsec_…", which Stripe tells once
};

enum class WebhookChange { none, updated, created };

/// Sees to it that Stripe tells `url` of what we handle, in our version of its API, and tells none of our former
/// addresses any more: the endpoints that carry our instance are ours. Safe to repeat at any time; a lost answer leaves an
/// endpoint that the next call removes. `remember` is called with a new subscription before the old ones are removed.
GatewayAnswer<WebhookChange> register_webhook(StripeTransport& stripe, const std::string& url, const WebhookSubscription& known,
    const std::function<void(const WebhookSubscription&)>& remember);

} // namespace gateway
