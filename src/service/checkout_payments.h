#pragma once
#include "domain/member.h"
#include "gateway/clock.h"
#include "service/billing.h"
#include "service/checkout_history.h"
#include "service/member_payments.h"
#include "store/database.h"
#include "store/payment_method_store.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace service {

/// Pays what is due of purchases made through carts.
class CheckoutPayments {
public:
    /// `base_url` is the site's, where the bank's page leads back to.
    CheckoutPayments(store::Database& database, gateway::Clock& clock, Billing& billing, MemberPayments& payments, std::string base_url)
        : database_{database}, clock_{clock}, billing_{billing}, payments_{payments}, base_url_{std::move(base_url)}
    {
    }

    /// The member's ways to pay that can be used, with their numbers, the oldest first.
    std::vector<store::NumberedMethod> methods(domain::MemberId member);

    /// Charges the card (the default one, if none is named) for what is open of the purchase, issuing its invoice first if the worker did
    /// not come to it yet. `succeeded`, too, if nothing is open.
    /// @throws domain::Refusal not_found, order_state, payment_method_required; domain::Unavailable as MemberPayments::pay
    MemberPayment pay_by_card(domain::MemberId member, std::int64_t checkout, const std::optional<domain::Uuid>& card);

    /// The purchase is paid on bill: it is delivered and its invoice is due like others. Returns false if the member pays by card: it is
    /// the default way to pay that decides. @throws domain::Refusal not_found, order_state
    bool pay_on_bill(domain::MemberId member, std::int64_t checkout);

private:
    CheckoutView payable(domain::MemberId member, std::int64_t checkout);

    store::Database& database_;
    gateway::Clock& clock_;
    Billing& billing_;
    MemberPayments& payments_;
    std::string base_url_;
};

} // namespace service
