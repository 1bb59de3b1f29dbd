#pragma once
#include "fake/test_database.h"
#include "gateway/card_gateway.h"
#include "gateway/stripe_payments.h"
#include "service/card_setups.h"
#include "service/charging.h"
#include "service/disputes.h"
#include "service/gateway_events.h"
#include "service/gateway_news.h"
#include "service/member_payments.h"
#include "service/payment_methods.h"
#include "service/refunds.h"

#include <memory>

namespace fake {

/// The services that move money by card, on the stack's test gateway and connections of their own, as one process has them.
struct Paying {
    explicit Paying(gateway::Clock& its_clock) : clock{its_clock} {}

    static gateway::StripeSettings settings()
    {
        auto settings = app().config.stripe;
        settings.timeout = std::chrono::milliseconds{1500};
        return settings;
    }

    gateway::Clock& clock;
    store::Database database{app().config.database, 2};
    gateway::StripeTransport stripe{settings()};
    std::unique_ptr<gateway::CardPayments> gateway{gateway::make_stripe_payments(stripe)};
    std::unique_ptr<gateway::CardGateway> cards{gateway::make_stripe_cards(stripe)};
    service::Charging charging{database, *gateway, clock};
    service::MemberPayments member_payments{database, *gateway, charging};
    service::Refunds refunds{database, *gateway, clock};
    service::Disputes disputes{database, *gateway, clock};
    service::PaymentMethods methods{database, *cards, clock};
    service::CardSetups setups{database, methods, *gateway, clock};
    service::GatewayEvents events{database, app().gateway_identity(), {}};
    service::GatewayNews news{database, clock,
        {.gateway = *gateway,
            .events = events,
            .charging = charging,
            .refunds = refunds,
            .disputes = disputes,
            .methods = methods,
            .setups = setups}};
};

} // namespace fake
