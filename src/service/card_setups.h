#pragma once
#include "domain/card_consent.h"
#include "gateway/card_payments.h"
#include "gateway/clock.h"
#include "service/payment_methods.h"
#include "store/database.h"

#include <optional>
#include <string>

namespace service {

/// A registration that a member's browser may carry out with the gateway.
struct CardSetup {
    std::string id{};            ///< "seti_…"
    std::string client_secret{}; ///< never logged
};

/// How a registration stands; `open`: nothing was tried yet.
enum class SetupStanding { open, requires_action, processing, succeeded, failed };

struct SetupResult {
    SetupStanding standing{SetupStanding::open};
    std::optional<domain::PaymentMethod> card{}; ///< with succeeded; nullopt if it was removed since
    std::string told_code{};                     ///< with failed: why, as far as it may be told
};

/// Cards that members register in the browser, at the gateway's own fields. Whatever way we hear that one succeeded (the member's
/// return, an event, or both at once), the gateway is asked what became of it, and the same function writes it down.
class CardSetups {
public:
    CardSetups(store::Database& database, PaymentMethods& methods, gateway::CardPayments& gateway, gateway::Clock& clock)
        : database_{database}, methods_{methods}, gateway_{gateway}, clock_{clock}
    {
    }

    /// Begins a registration. `attempt` names the try: the same again is the same registration.
    /// @throws domain::Refusal not_a_member; domain::Unavailable card_gateway_unavailable
    CardSetup begin(domain::MemberId member, const std::string& attempt);

    /// Keeps that the member agreed to later charges; a later word replaces an earlier one until there is a card. Returns the consent
    /// that counts. `consent.given_at` is set here. @throws domain::Refusal not_found
    domain::CardConsent consent(domain::MemberId member, const std::string& setup, domain::CardConsent consent);

    /// The member says that a registration is through. @throws domain::Refusal not_found if it is not this member's;
    /// domain::Unavailable card_gateway_unavailable
    SetupResult finish(domain::MemberId member, const std::string& setup);

    /// An event mentioned a registration. Returns false if the gateway did not answer: look again.
    bool look_at(const std::string& setup) { return take(setup).has_value(); }

    /// Forgets registrations of which nothing came for a month.
    void remove_abandoned();

private:
    std::optional<SetupResult> take(const std::string& setup);
    std::optional<SetupResult> take_card(const gateway::SetupIntent& seen);

    store::Database& database_;
    PaymentMethods& methods_;
    gateway::CardPayments& gateway_;
    gateway::Clock& clock_;
};

} // namespace service
