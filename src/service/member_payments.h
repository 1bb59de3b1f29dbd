#pragma once
#include "domain/charge_attempt.h"
#include "gateway/card_payments.h"
#include "service/charging.h"
#include "store/database.h"

#include <optional>
#include <string>

namespace service {

/// How a payment stands that a member began by hand.
struct MemberPayment {
    domain::AttemptState state{};
    std::string next_action_url{}; ///< with waiting: where the member confirms
    std::string told_code{};       ///< with failed: why, as far as it may be told
};

/// How the payment of a document by card stands.
struct PaymentStanding {
    domain::Money open{};
    std::optional<domain::AttemptState> state{}; ///< of the last try; nullopt: there was none
    std::optional<domain::Uuid> method{};        ///< that it is made with
    std::string told_code{};                     ///< why it failed or waits, as far as it may be told
};

/// A member pays a document by card, by hand and being there: what charges it is Charging's try, begun at once, and the bank may ask the
/// member for a confirmation.
class MemberPayments {
public:
    MemberPayments(store::Database& database, gateway::CardPayments& gateway, Charging& charging)
        : database_{database}, gateway_{gateway}, charging_{charging}
    {
    }

    /// How the payment of a member's document stands. Of a try that is open the gateway is asked, and what it says is written down; if it
    /// does not answer, what is known is told. @throws domain::Refusal not_found
    PaymentStanding standing(domain::MemberId member, const std::string& number);

    /// The member pays a document now and is there to confirm. `return_url` is where the bank's page leads back to. A try that waits for
    /// the member is confirmed, or given up if another card is named than its own.
    /// @throws domain::Refusal payment_method_required, not_found; domain::Unavailable card_gateway_unavailable,
    /// payment_outcome_unknown
    MemberPayment pay(
        domain::MemberId member, const std::string& number, const std::optional<domain::Uuid>& method, const std::string& return_url);

private:
    struct ChosenTry {
        std::optional<domain::Uuid> attempt{}; ///< nullopt: nothing is open of the document
        bool has_other_card{false};            ///< waits for the member, who wants another card now
    };
    ChosenTry choose(domain::MemberId member, const std::string& number, const std::optional<domain::Uuid>& method);
    MemberPayment confirm(const domain::ChargeAttempt& attempt, const std::string& return_url);
    MemberPayment outcome_of(const domain::Uuid& attempt, const std::string& next_action_url = "");

    store::Database& database_;
    gateway::CardPayments& gateway_;
    Charging& charging_;
};

} // namespace service
