#pragma once
#include "gateway/card_payments.h"
#include "service/card_setups.h"
#include "service/charging.h"
#include "service/disputes.h"
#include "service/gateway_events.h"
#include "service/payment_methods.h"
#include "service/refunds.h"
#include "store/gateway_event_store.h"

#include <atomic>
#include <chrono>
#include <optional>

namespace service {

/// Acts on what the card gateway told us. An event is a hint: the object it names is asked for anew and goes the same way as the
/// answer of our own call, so that it matters neither in what order events come nor how often.
class GatewayNews {
public:
    struct Parts {
        gateway::CardPayments& gateway;
        GatewayEvents& events;
        Charging& charging;
        Refunds& refunds;
        Disputes& disputes;
        PaymentMethods& methods;
        CardSetups& setups;
    };

    GatewayNews(store::Database& database, gateway::Clock& clock, Parts parts) : database_{database}, clock_{clock}, parts_{parts} {}

    /// Handles the events that are due, and now and then looks for those that never came.
    void work(const std::atomic<bool>& stop);

private:
    bool handle_some();
    enum class Handling { done, ignored, again };
    Handling handle(const domain::GatewayEvent& event);
    void look_for_missed();

    store::Database& database_;
    gateway::Clock& clock_;
    Parts parts_;
    std::optional<std::chrono::steady_clock::time_point> looked_{};
};

} // namespace service
