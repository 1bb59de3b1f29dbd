#pragma once
#include "api/raw_card.h"
#include "http/router.h"
#include "service/accounts.h"
#include "service/payment_methods.h"
#include "service/writes.h"

#include <string>

namespace api {

struct PaymentServices {
    service::Accounts& accounts;
    service::PaymentMethods& methods;
    service::Writes& writes;
    RawCards raw_cards{RawCards::refuse};
    std::string base_url{};
};

/// /payment-methods and what is below it, but for the registration in the browser (card_setups.h).
void add_payment_routes(http::Router& router, const PaymentServices& services);

} // namespace api
