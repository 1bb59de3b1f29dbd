#pragma once
#include "api/ovh_routes.h"
#include "http/json_text.h"
#include "service/accounts.h"
#include "service/checkout_payments.h"
#include "store/payment_method_store.h"

namespace api {

/// "CREDIT_CARD", or "DEFERRED_PAYMENT_ACCOUNT" for payment on bill.
const char* ovh_payment_type(domain::PaymentMethodType type);

/// payment.method.PaymentMethod
http::JsonText ovh_payment_method(const store::NumberedMethod& method);

/// /me and /me/payment/method: who one is, and how one pays. Both services must live as long as the routes.
void add_ovh_me_routes(OvhRoutes& routes, service::Accounts& accounts, service::CheckoutPayments& payments);

} // namespace api
