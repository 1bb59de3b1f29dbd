#pragma once
#include "http/router.h"
#include "service/accounts.h"
#include "service/card_setups.h"

#include <string>

namespace api {

struct CardSetupServices {
    service::Accounts& accounts;
    service::CardSetups& setups;
    std::string base_url{};
    std::string publishable_key{};
    std::string script_url{}; ///< of the gateway's browser library
    std::string merchant{};   ///< who charges the card
};

/// /payment-methods/card/setup and what is below it: the registration of a card in the browser.
void add_card_setup_routes(http::Router& router, const CardSetupServices& services);

} // namespace api
