#pragma once
#include "api/ovh_routes.h"
#include "http/json_text.h"
#include "service/checkout_history.h"
#include "service/checkout_payments.h"
#include "service/retraction.h"

#include <chrono>
#include <string>

namespace api {

struct OvhOrderServices {
    service::CheckoutHistory& history;
    service::CheckoutPayments& payments;
    service::Retraction& retraction;
    std::string base_url{};
    std::chrono::days patience{}; ///< with an order that is not paid; 0: for ever
};

/// A purchase of the caller's. @throws OvhError 404
service::CheckoutView ovh_order_of(const http::Request& request, const OvhCaller& caller, service::CheckoutHistory& history);

/// An instant in the query; a day counts from its beginning, in UTC. @throws OvhError 400
std::optional<domain::Instant> ovh_instant(const http::Request& request, const char* name);

/// billing.Payment: `payment` of what was issued then; none: credit settled it, or there was nothing to pay.
http::JsonText ovh_payment_json(const std::optional<store::DocumentPayment>& payment, domain::Instant issued_at, bool is_free);

/// /me/order: what was bought, and how it stands.
void add_ovh_order_routes(OvhRoutes& routes, const OvhOrderServices& services);

/// The ways to pay an order, to pay it and to withdraw from it.
void add_ovh_order_payment_routes(OvhRoutes& routes, const OvhOrderServices& services);

/// billing.order.FollowUp, a step after the other.
http::JsonText ovh_follow_up(const service::CheckoutView& view, const service::CheckoutHistory::Progress& progress);

} // namespace api
