#pragma once
#include "domain/payment_method.h"

#include <memory>
#include <string>

namespace gateway {

/// `unknown` is not a failure: the gateway may have done it. Ask again with the same key.
enum class CardState { accepted, refused, unknown };

struct CardResult {
    CardState state{CardState::unknown};
    domain::Card card{};        ///< if accepted
    std::string decline_code{}; ///< if refused: the gateway's slug, fit to be told ("generic_decline" for lost and stolen)
};

/// A card as a member typed it. It is handed on and forgotten: never stored, never logged.
struct RawCard {
    std::string number{}, exp_month{}, exp_year{}, cvc{};
    RawCard() = default;
    RawCard(const RawCard&) = delete;
    RawCard& operator=(const RawCard&) = delete;
    RawCard(RawCard&&) = default;
    RawCard& operator=(RawCard&&) = default;
    ~RawCard(); ///< wipes the memory
};

struct TokenResult {
    CardState state{CardState::unknown};
    std::string token{};        ///< if accepted: "pm_…"
    std::string decline_code{}; ///< if refused
};

struct CustomerResult {
    CardState state{CardState::unknown};
    std::string id{}; ///< "cus_…"
};

/// Keeps the members' cards. One implementation: Stripe's API, which the sandbox's test gateway speaks too.
/// No function throws for a refused card or a lost connection; both are results.
class CardGateway {
public:
    virtual ~CardGateway() = default;

    /// Makes the member's customer; the same `account` always gives the same one.
    virtual CustomerResult create_customer(const std::string& account, const std::string& email, const std::string& name) = 0;

    /// Ties the card behind a token to the customer. `attempt` is the idempotency key: the same again is the same try.
    virtual CardResult attach(const std::string& token, const std::string& customer, const std::string& attempt) = 0;

    /// Unties it; also succeeds if it is gone already.
    virtual CardState detach(const std::string& gateway_id) = 0;

    /// Trades a raw card for a token. Only to be reached where the configuration allows it.
    virtual TokenResult tokenize(const RawCard& card) = 0;
};

class StripeTransport;

/// Cards by Stripe's API; `stripe` must outlive them.
std::unique_ptr<CardGateway> make_stripe_cards(StripeTransport& stripe);

} // namespace gateway
