#pragma once
#include "domain/calendar.h"
#include "domain/decline.h"
#include "domain/gateway_event.h"
#include "domain/money.h"
#include "domain/payment_method.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

// Money moved by card, as the gateway tells it. Data in, data out: no function throws for a declined card, a network
// that fails or an answer that cannot be read. Every word list of the gateway's is open: what is not known here arrives as
// `unrecognised` or as nullopt, and is never taken for success.
namespace gateway {

/// What came of a call.
enum class CallOutcome {
    done,    ///< answered: `value` is the object's state now. A declined charge is done, too: see the state and the decline
    refused, ///< a mistake of ours, a wrong key or a missing permission: the same again will not help; alarm
    missing, ///< the gateway does not know an object that was named; `error.param` tells which, unless it was the call's own
    later,   ///< certainly not carried out (rate limit, no connection): the same again, not before `retry_after`
    unknown, ///< may have been carried out: the same again under the same key, or look it up; never anew
};

/// What the gateway said when it did not simply agree; empty and 0 where it said nothing. Its message is left out: it may
/// repeat what was sent.
struct GatewayError {
    int status{0};
    std::string type{}, code{}, param{};
};

template <class Value> struct GatewayAnswer {
    CallOutcome outcome{CallOutcome::unknown};
    Value value{}; ///< if done
    GatewayError error{};
    std::string request_id{};                 ///< "req_…", which the gateway's support asks for; empty without an answer
    bool replayed{false};                     ///< what an earlier call under the same key was answered: asking again changes nothing
    std::chrono::milliseconds retry_after{0}; ///< with `later`: how long it takes at least
};

enum class IntentState {
    requires_payment_method, ///< declined, or not tried yet
    requires_confirmation,
    requires_action, ///< waits for the member
    processing,      ///< neither paid nor failed: no new attempt
    requires_capture,
    succeeded, ///< the only one that is paid
    canceled,
    unrecognised, ///< neither paid nor failed
};

/// Whose it is, by the metadata that we gave the object.
struct Ownership {
    std::string instance{};           ///< the installation that made it; empty: none of ours
    std::string invoice{}, attempt{}; ///< of a charge
    std::string refund{};             ///< of a refund: our id
    std::string account{};            ///< of a customer, a registration
};

/// A payment intent, in minor units.
struct PaymentIntent {
    std::string id{}; ///< "pi_…"
    IntentState state{IntentState::unrecognised};
    std::int64_t amount_minor{0};
    std::int64_t received_minor{0};
    std::optional<domain::Currency> currency{}; ///< nullopt: one in which we do not trade
    std::string customer{};
    std::string payment_method{};             ///< after a decline the one that was tried
    std::string latest_charge{};              ///< "ch_…"; after a decline the failed one
    std::optional<domain::Decline> decline{}; ///< of the last try, unless it succeeded
    std::string next_action_url{};            ///< with requires_action: where the member has to go
    std::string client_secret{};              ///< for the member's browser; never logged
    Ownership owner{};
    domain::Instant created{};
    bool livemode{false};
};

/// One attempt to be paid. All of it must come from the attempt's row: a key stands for one body.
struct ChargeOrder {
    std::string customer{};       ///< "cus_…"
    std::string payment_method{}; ///< "pm_…"
    domain::Money amount{};
    std::string invoice{}, attempt{}; ///< go into the metadata, for find_intents()
    std::string description{};        ///< what the member sees at the gateway
    std::string idempotency_key{};
};

/// The member is there and confirms the intent, with the same card or another.
struct SessionConfirmation {
    std::string intent{};
    std::string payment_method{};
    std::string return_url{};
    std::string idempotency_key{};
};

enum class RefundState { pending, requires_action, succeeded, failed, canceled, unrecognised };

/// Money given back, in minor units. One that succeeded may still fail days later.
struct Refund {
    std::string id{}; ///< "re_…"
    RefundState state{RefundState::unrecognised};
    std::int64_t amount_minor{0};
    std::optional<domain::Currency> currency{};
    std::string intent{}, charge{};
    std::string failure_reason{};
    Ownership owner{};
    domain::Instant created{};
};

struct RefundOrder {
    std::string intent{};
    domain::Money amount{};
    std::string refund{}; ///< our id, goes into the metadata
    std::string idempotency_key{};
};

enum class ChargeState { succeeded, pending, failed, unrecognised };

/// One movement on a card, in minor units; with what the gateway keeps for it.
struct Charge {
    std::string id{}; ///< "ch_…"
    ChargeState state{ChargeState::unrecognised};
    std::string intent{}, payment_method{};
    std::int64_t amount_minor{0}, refunded_minor{0};
    std::optional<domain::Currency> currency{};
    bool disputed{false};
    std::optional<std::int64_t> fee_minor{};        ///< nullopt: the gateway has not settled it yet
    std::optional<std::int64_t> settled_minor{};    ///< what reaches our account, less the fee, in the fee's currency
    std::optional<domain::Currency> fee_currency{}; ///< of the settlement, perhaps not the charge's
    std::string balance_transaction{};              ///< "txn_…"
    std::optional<domain::Decline> decline{};       ///< if it failed
    Ownership owner{};
    domain::Instant created{};
};

enum class DisputeState {
    warning_needs_response, ///< an inquiry: the money has not moved
    warning_under_review,
    warning_closed,
    needs_response, ///< the money is withdrawn
    under_review,
    won,
    lost,
    prevented,
    unrecognised,
};

/// A cardholder contests a charge. Amounts in minor units.
struct Dispute {
    std::string id{}; ///< "dp_…" or "du_…"
    DisputeState state{DisputeState::unrecognised};
    std::string charge{}, intent{};
    std::int64_t amount_minor{0};
    std::optional<domain::Currency> currency{};
    std::string reason{};
    bool is_charge_refundable{false};
    domain::Money fees{}; ///< kept so far, less what was given back; in the currency of the settlement
    std::optional<domain::Instant> evidence_due{};
    domain::Instant created{};
};

/// A page of events, newest first. The next one begins behind `after`; empty: that was the last.
struct EventPage {
    std::vector<domain::GatewayEvent> events{};
    std::string after{};
};

enum class SetupState { requires_payment_method, requires_confirmation, requires_action, processing, succeeded, canceled, unrecognised };

/// The registration of a card in the member's browser.
struct SetupIntent {
    std::string id{}; ///< "seti_…"
    SetupState state{SetupState::unrecognised};
    std::string customer{}, payment_method{};
    std::string client_secret{}; ///< for the member's browser; never logged
    bool off_session{false};     ///< registered for charges without the member: only then it may be charged so
    std::optional<domain::Decline> decline{};
    Ownership owner{};
    domain::Instant created{};
};

/// A card at the gateway, and whose it is; empty customer: nobody's, it cannot be charged.
struct RegisteredCard {
    domain::Card card{};
    std::string customer{};
};

struct CustomerDetails {
    std::string account{}, email{}, name{};
};

/// Charges cards, gives money back, and tells what became of both. One implementation: Stripe's API.
/// Calls return within the configured time, with all their repetitions and the waiting for the rate limit.
class CardPayments {
public:
    virtual ~CardPayments() = default;

    /// Charges without the member. A decline is `done` with state requires_payment_method and the decline.
    virtual GatewayAnswer<PaymentIntent> charge(const ChargeOrder& order) = 0;

    /// Tries an intent again while the member is there; `requires_action` with a URL is what usually comes first.
    virtual GatewayAnswer<PaymentIntent> confirm_on_session(const SessionConfirmation& confirmation) = 0;

    virtual GatewayAnswer<PaymentIntent> retrieve_intent(const std::string& intent) = 0;

    /// All of the customer's intents since then, newest first: what to ask when the outcome of a charge is unknown for
    /// longer than a key lives (24 h); match the owner's invoice and attempt.
    virtual GatewayAnswer<std::vector<PaymentIntent>> find_intents(const std::string& customer, domain::Instant since) = 0;

    /// Gives the intent up. Done with another state than `canceled` if it could not be: with `succeeded` it is paid.
    virtual GatewayAnswer<PaymentIntent> cancel_intent(const std::string& intent, const std::string& idempotency_key) = 0;

    /// Gives money back. Refused with code charge_already_refunded or charge_disputed: both are final.
    virtual GatewayAnswer<Refund> refund(const RefundOrder& order) = 0;
    virtual GatewayAnswer<Refund> retrieve_refund(const std::string& refund) = 0;
    virtual GatewayAnswer<std::vector<Refund>> list_refunds(const std::string& intent) = 0;

    virtual GatewayAnswer<Charge> retrieve_charge(const std::string& charge) = 0;
    virtual GatewayAnswer<Dispute> retrieve_dispute(const std::string& dispute) = 0;

    /// A page of the events since then (the gateway keeps 30 days), behind `after` if that is not empty.
    virtual GatewayAnswer<EventPage> events(domain::Instant since, const std::string& after = "") = 0;

    /// Begins the registration of a card for off-session charges.
    virtual GatewayAnswer<SetupIntent> create_setup(
        const std::string& customer, const std::string& account, const std::string& idempotency_key) = 0;
    virtual GatewayAnswer<SetupIntent> retrieve_setup(const std::string& setup) = 0;
    virtual GatewayAnswer<RegisteredCard> retrieve_card(const std::string& payment_method) = 0;

    /// Makes the account's customer, and gives its id; the same account always gives the same one.
    virtual GatewayAnswer<std::string> create_customer(const CustomerDetails& details) = 0;
    virtual GatewayAnswer<std::string> update_customer(const std::string& customer, const CustomerDetails& details) = 0;
};

} // namespace gateway
