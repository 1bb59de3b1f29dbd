#pragma once
#include "gateway/card_payments.h"
#include "gateway/random_uuid.h"

#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace fake {

/// A card gateway in memory that keeps what it did, as the real one does: intents and refunds, one for each idempotency key. A card's
/// name says how it behaves; `trouble` makes calls end otherwise. Safe for many threads.
class FakeCardPayments final : public gateway::CardPayments {
public:
    using Intent = gateway::PaymentIntent;
    using IntentState = gateway::IntentState;
    using Outcome = gateway::CallOutcome;
    template <class Value> using Answer = gateway::GatewayAnswer<Value>;

    /// What goes wrong with the next call: it never arrives, its answer is lost, or nothing.
    enum class Trouble { none, lost_before, lost_after, busy, refused };
    std::function<Trouble()> trouble = [] { return Trouble::none; };

    /// How cards behave, by the gateway's id of them; those not named are good.
    std::map<std::string, domain::Decline> declines{};
    std::set<std::string> challenging{}; ///< cards that want a confirmation instead of refusing

    Answer<Intent> charge(const gateway::ChargeOrder& order) override
    {
        return call<Intent>([&]() -> Intent& {
            const auto words = order.customer + ' ' + order.payment_method + ' ' + domain::to_text(order.amount) + ' ' + order.description;
            keys_with_other_words += words_.try_emplace(order.idempotency_key, words).first->second != words;
            const auto known = by_key_.find(order.idempotency_key);
            if (known != by_key_.end()) return intents_.at(known->second);
            const auto id = "pi_" + gateway::random_uuid().text();
            by_key_[order.idempotency_key] = id;
            auto& intent = intents_[id] = {.id = id,
                .amount_minor = order.amount.minor,
                .currency = order.amount.currency,
                .customer = order.customer,
                .owner = {.invoice = order.invoice, .attempt = order.attempt},
                .created = now};
            charge(intent, order.payment_method);
            return intent;
        });
    }

    Answer<Intent> confirm_on_session(const gateway::SessionConfirmation& confirmation) override
    {
        return call<Intent>([&]() -> Intent& {
            auto& intent = intents_.at(confirmation.intent);
            if (intent.state == IntentState::requires_payment_method) {
                intent.state = IntentState::requires_action;
                intent.decline.reset();
                intent.next_action_url = "https://bank.example/" + intent.id;
            }
            return intent;
        });
    }

    Answer<Intent> retrieve_intent(const std::string& id) override
    {
        const std::lock_guard lock{mutex_};
        const auto found = intents_.find(id);
        if (found == intents_.end()) return {.outcome = Outcome::missing};
        return {.outcome = Outcome::done, .value = found->second};
    }

    Answer<std::vector<Intent>> find_intents(const std::string& customer, domain::Instant) override
    {
        const std::lock_guard lock{mutex_};
        std::vector<Intent> found;
        for (const auto& [id, intent] : intents_)
            if (intent.customer == customer) found.push_back(intent);
        return {.outcome = Outcome::done, .value = found};
    }

    Answer<Intent> cancel_intent(const std::string& id, const std::string&) override
    {
        return call<Intent>([&]() -> Intent& {
            auto& intent = intents_.at(id);
            if (intent.state != IntentState::succeeded) intent.state = IntentState::canceled;
            return intent;
        });
    }

    Answer<gateway::Refund> refund(const gateway::RefundOrder& order) override
    {
        return call<gateway::Refund>([&]() -> gateway::Refund& {
            const auto known = by_key_.find(order.idempotency_key);
            if (known != by_key_.end()) return refunds_.at(known->second);
            const auto id = "re_" + gateway::random_uuid().text();
            by_key_[order.idempotency_key] = id;
            return refunds_[id] = {.id = id,
                       .state = refund_state,
                       .amount_minor = order.amount.minor,
                       .currency = order.amount.currency,
                       .intent = order.intent,
                       .owner = {.refund = order.refund}};
        });
    }
    Answer<gateway::Refund> retrieve_refund(const std::string& id) override
    {
        const std::lock_guard lock{mutex_};
        return {.outcome = Outcome::done, .value = refunds_.at(id)};
    }
    Answer<std::vector<gateway::Refund>> list_refunds(const std::string& intent) override
    {
        const std::lock_guard lock{mutex_};
        std::vector<gateway::Refund> found;
        for (const auto& [id, refund] : refunds_)
            if (refund.intent == intent) found.push_back(refund);
        return {.outcome = Outcome::done, .value = found};
    }

    Answer<gateway::Charge> retrieve_charge(const std::string& id) override
    {
        return {.outcome = Outcome::done,
            .value = {.id = id, .state = gateway::ChargeState::succeeded, .fee_minor = 59, .fee_currency = domain::Currency::chf}};
    }
    Answer<gateway::Dispute> retrieve_dispute(const std::string& id) override
    {
        return {.outcome = Outcome::done, .value = disputes.at(id)};
    }
    Answer<gateway::EventPage> events(domain::Instant, const std::string&) override { return {.outcome = Outcome::done}; }
    Answer<gateway::SetupIntent> create_setup(const std::string& customer, const std::string& account, const std::string& key) override
    {
        return call<gateway::SetupIntent>([&]() -> gateway::SetupIntent& {
            const auto known = by_key_.find(key);
            if (known != by_key_.end()) return setups_.at(known->second);
            const auto id = "seti_" + gateway::random_uuid().text();
            by_key_[key] = id;
            return setups_[id] = {.id = id,
                       .state = gateway::SetupState::requires_payment_method,
                       .customer = customer,
                       .client_secret = id + "_secret_1",
                       .off_session = true,
                       .owner = {.account = account}};
        });
    }
    Answer<gateway::SetupIntent> retrieve_setup(const std::string& id) override
    {
        if (!setups_.contains(id)) return {.outcome = Outcome::missing};
        return call<gateway::SetupIntent>([&]() -> gateway::SetupIntent& { return setups_.at(id); });
    }
    Answer<gateway::RegisteredCard> retrieve_card(const std::string& id) override
    {
        if (!cards_.contains(id)) return {.outcome = Outcome::missing};
        return call<gateway::RegisteredCard>([&]() -> gateway::RegisteredCard& { return cards_.at(id); });
    }
    Answer<std::string> create_customer(const gateway::CustomerDetails& details) override
    {
        return {.outcome = Outcome::done, .value = "cus_" + details.account};
    }
    Answer<std::string> update_customer(const std::string& customer, const gateway::CustomerDetails&) override
    {
        return {.outcome = Outcome::done, .value = customer};
    }

    /// The cardholder confirms, or fails to, an intent that waits for it.
    void play_cardholder(const std::string& id, bool confirms)
    {
        const std::lock_guard lock{mutex_};
        auto& intent = intents_.at(id);
        if (confirms) succeed(intent);
        else {
            intent.state = IntentState::requires_payment_method;
            intent.decline = domain::Decline{.code = "payment_intent_authentication_failure"};
        }
    }

    /// A day has passed: no key is known any more.
    void forget_keys()
    {
        const std::lock_guard lock{mutex_};
        by_key_.clear();
    }

    /// Whatever it was, the intent is seen as declined from now on, as a stale answer would tell.
    void see_declined(const std::string& id, const domain::Decline& decline)
    {
        const std::lock_guard lock{mutex_};
        intents_.at(id).state = IntentState::requires_payment_method;
        intents_.at(id).decline = decline;
    }

    /// The member's browser goes through with a registration; `fingerprint` is the card's. Returns the gateway's id of the card.
    std::string play_registration(const std::string& setup, const std::string& fingerprint)
    {
        const std::lock_guard lock{mutex_};
        auto& seen = setups_.at(setup);
        seen.state = gateway::SetupState::succeeded;
        seen.payment_method = "pm_" + gateway::random_uuid().text();
        cards_[seen.payment_method] = {.card = {.gateway_id = seen.payment_method,
                                           .brand = "visa",
                                           .last4 = "4242",
                                           .exp_month = 12,
                                           .exp_year = 2030,
                                           .fingerprint = fingerprint,
                                           .country = "CH",
                                           .funding = "credit"},
            .customer = seen.customer};
        return seen.payment_method;
    }
    /// A registration or a card that is otherwise than usual.
    gateway::SetupIntent& setup(const std::string& id) { return setups_.at(id); }
    void untie(const std::string& card) { cards_.at(card).customer.clear(); }

    /// A refund that ends as the bank decides, later.
    void end_refund(const std::string& id, gateway::RefundState state, const std::string& why = "")
    {
        const std::lock_guard lock{mutex_};
        refunds_.at(id).state = state;
        refunds_.at(id).failure_reason = why;
    }

    /// A refund that somebody makes in the gateway's dashboard: nothing of ours is on it. Returns the gateway's id of it.
    std::string refund_by_hand(const std::string& intent, std::int64_t minor)
    {
        const std::lock_guard lock{mutex_};
        const auto& paid = intents_.at(intent);
        const auto id = "re_" + gateway::random_uuid().text();
        refunds_[id] = {.id = id,
            .state = refund_state,
            .amount_minor = minor,
            .currency = paid.currency,
            .intent = intent,
            .charge = paid.latest_charge};
        return id;
    }

    /// Money taken for the document, over all intents.
    std::int64_t taken_for(const std::string& invoice)
    {
        const std::lock_guard lock{mutex_};
        std::int64_t sum = 0;
        for (const auto& [id, intent] : intents_)
            if (intent.owner.invoice == invoice) sum += intent.received_minor;
        return sum;
    }
    std::vector<Intent> intents_of(const std::string& invoice)
    {
        const std::lock_guard lock{mutex_};
        std::vector<Intent> found;
        for (const auto& [id, intent] : intents_)
            if (intent.owner.invoice == invoice) found.push_back(intent);
        return found;
    }

    gateway::RefundState refund_state{gateway::RefundState::succeeded};
    std::map<std::string, gateway::Dispute> disputes{};
    domain::Instant now{};
    int calls{0};
    int keys_with_other_words{0}; ///< charges that Stripe would refuse with idempotency_error

private:
    template <class Value, class Work> Answer<Value> call(const Work& work)
    {
        const std::lock_guard lock{mutex_};
        ++calls;
        const auto what = trouble();
        if (what == Trouble::lost_before) return {.outcome = Outcome::unknown};
        if (what == Trouble::busy) return {.outcome = Outcome::later};
        if (what == Trouble::refused) return {.outcome = Outcome::refused, .error = {.status = 400, .code = "parameter_missing"}};
        const auto& value = work();
        if (what == Trouble::lost_after) return {.outcome = Outcome::unknown};
        return {.outcome = Outcome::done, .value = value, .request_id = "req_" + std::to_string(calls)};
    }

    void charge(Intent& intent, const std::string& card)
    {
        intent.latest_charge = "ch_" + gateway::random_uuid().text();
        if (challenging.contains(card)) {
            intent.state = IntentState::requires_action;
            return;
        }
        const auto declined = declines.find(card);
        if (declined == declines.end()) return succeed(intent);
        intent.state = IntentState::requires_payment_method;
        intent.decline = declined->second;
    }
    static void succeed(Intent& intent)
    {
        intent.state = IntentState::succeeded;
        intent.received_minor = intent.amount_minor;
        intent.decline.reset();
        intent.latest_charge = "ch_" + gateway::random_uuid().text();
    }

    std::mutex mutex_;
    std::map<std::string, Intent> intents_{};
    std::map<std::string, gateway::Refund> refunds_{};
    std::map<std::string, gateway::SetupIntent> setups_{};
    std::map<std::string, gateway::RegisteredCard> cards_{};
    std::map<std::string, std::string> words_{}; ///< of charges, by key
    std::map<std::string, std::string> by_key_{};
};

} // namespace fake
