#pragma once
#include "domain/member.h"
#include "domain/payment_method.h"
#include "gateway/card_gateway.h"
#include "gateway/card_payments.h"
#include "gateway/clock.h"
#include "store/database.h"

#include <string>
#include <vector>

namespace service {

struct RegisteredMethod {
    domain::PaymentMethod method{};
    bool is_new{true};
};

/// A card that the gateway has tied to the member, ready to be written down.
struct AttachedCard {
    domain::Card card{};
};

/// The members' ways to pay.
class PaymentMethods {
public:
    PaymentMethods(store::Database& database, gateway::CardGateway& cards, gateway::Clock& clock)
        : database_{database}, cards_{cards}, clock_{clock}
    {
    }

    std::vector<domain::PaymentMethod> list(domain::MemberId member);

    /// Applies for payment on bill; an operator decides. Applying again gives the same application.
    RegisteredMethod apply_for_invoice(store::Session& session, domain::MemberId member);

    /// Asks the gateway to keep the card behind the token for the member. Outside any transaction: the gateway may be
    /// slow. `attempt` names the try, so that a repeated one is not a second one.
    /// @throws domain::Refusal card_refused; domain::Unavailable card_gateway_unavailable
    AttachedCard attach(domain::MemberId member, const std::string& token, const std::string& attempt);

    /// Trades a raw card for a token. @throws as attach()
    std::string tokenize(const gateway::RawCard& card);

    /// Writes an attached card down. A card that the member has registered already is not registered twice; what the
    /// gateway then keeps too many is untied by the worker.
    RegisteredMethod register_card(store::Session& session, domain::MemberId member, const AttachedCard& attached);

    /// @throws domain::Refusal not_found
    domain::PaymentMethod make_default(store::Session& session, domain::MemberId member, const domain::Uuid& uuid);

    /// The worker unties a removed card at the gateway. @throws domain::Refusal not_found, payment_method_in_use
    void remove(store::Session& session, domain::MemberId member, const domain::Uuid& uuid);

    /// The worker's part of remove(). Returns false if the gateway did not answer: try again.
    bool detach_removed(const domain::Uuid& uuid);

    /// A card's data changed at the gateway: its network sent a new expiry. Returns false if the gateway did not answer: look again.
    bool renew_card(gateway::CardPayments& gateway, const std::string& gateway_id);

    /// The member's customer at the gateway, made at the first time.
    /// @throws domain::Refusal not_a_member; domain::Unavailable card_gateway_unavailable
    std::string customer_of(domain::MemberId member);

private:
    store::Database& database_;
    gateway::CardGateway& cards_;
    gateway::Clock& clock_;
};

} // namespace service
