#pragma once
#include "api/raw_card.h"
#include "http/router.h"
#include "service/accounts.h"
#include "service/memberships.h"
#include "service/payment_methods.h"
#include "service/sign_ins.h"
#include "service/writes.h"

#include <string>

namespace api {

struct MembershipServices {
    service::Accounts& accounts;
    service::Memberships& memberships;
    service::PaymentMethods& methods;
    service::SignIns& sign_ins;
    service::Writes& writes;
    RawCards raw_cards{RawCards::refuse};
    std::string base_url{};
};

/// /membership; its POST also takes the credentials, and in a sandbox the card, in the body.
void add_membership_routes(http::Router& router, const MembershipServices& services);

} // namespace api
