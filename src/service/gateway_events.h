#pragma once
#include "domain/gateway_event.h"
#include "gateway/clock.h"
#include "gateway/webhook_signature.h"
#include "store/database.h"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace service {

/// Who may tell us something by webhook.
struct WebhookTrust {
    std::function<std::vector<std::string>()> secrets{}; ///< asked each time, so that a new one needs no restart
    std::chrono::seconds tolerance{300};                 ///< how far the time of signing may be off; 0: does not matter
    std::vector<const gateway::Clock*> clocks{};         ///< the time of signing must fit one of them
};

enum class ReceivedEvent {
    stored,         ///< and committed
    known,          ///< came before
    bad_signature,  ///< nothing was stored
    not_an_event,   ///< signed well, but nothing that we know how to keep; nothing was stored
    not_configured, ///< there is no secret yet
};

/// The events of the card gateway as they come in. They are kept and committed, whatever they are; the worker acts on them.
class GatewayEvents {
public:
    GatewayEvents(store::Database& database, domain::GatewayIdentity us, WebhookTrust trust)
        : database_{database}, us_{std::move(us)}, trust_{std::move(trust)}
    {
    }

    /// A webhook's body as it came, and its Stripe-Signature header. @throws domain::Unavailable if it cannot be stored
    ReceivedEvent receive(const std::string& body, std::string_view signature);

    /// An event of whose origin there is no doubt, such as one in the gateway's list. Returns false if it is known.
    bool keep(const domain::GatewayEvent& event);

private:
    gateway::SignatureFault fault_of(std::string_view signature, const std::string& body, const std::vector<std::string>& secrets) const;

    store::Database& database_;
    domain::GatewayIdentity us_;
    WebhookTrust trust_;
};

} // namespace service
