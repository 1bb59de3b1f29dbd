#include "gateway/stripe_payments.h"

#include "gateway/stripe_customers.h"
#include "gateway/stripe_event.h"
#include "gateway/stripe_objects.h"

#include <algorithm>

namespace gateway {
namespace {

constexpr std::int64_t page_size = 100;
constexpr std::int64_t event_page_size = 50; // they carry whole objects
constexpr int max_pages = 50;

std::string currency_code(domain::Currency currency)
{
    std::string code{domain::to_text(currency)};
    std::ranges::transform(code, code.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return code;
}

std::int64_t unix_seconds(domain::Instant instant) { return std::chrono::floor<std::chrono::seconds>(instant).time_since_epoch().count(); }

/// For an id that Stripe cannot have given: no call is made.
template <class Value> GatewayAnswer<Value> no_such_id() { return {.outcome = CallOutcome::missing}; }

/// The value that a reader finds in the answer; an answer that is not such an object leaves everything open.
template <class Value> GatewayAnswer<Value> read(const StripeReply& reply, std::optional<Value> (*reader)(JsonNode))
{
    auto answer = reply.answer<Value>();
    if (answer.outcome != CallOutcome::done) return answer;
    auto value = reply.is_decline() ? std::nullopt : reader(reply.body());
    if (value) answer.value = *std::move(value);
    else answer.outcome = CallOutcome::unknown;
    return answer;
}

/// What a refused charge says of its intent.
PaymentIntent declined_intent(JsonNode error)
{
    auto intent = payment_intent_of(error.at({"payment_intent"})).value_or(PaymentIntent{.state = IntentState::requires_payment_method});
    intent.decline = decline_of(error);
    if (intent.payment_method.empty()) intent.payment_method = error.id_of({"payment_method"});
    return intent;
}

/// A refused charge is an answer, and so is an intent that is not in the state for what was asked: it may be paid.
GatewayAnswer<PaymentIntent> intent_in(const StripeReply& reply)
{
    const auto error = reply.body().at({"error"});
    if (reply.is_decline()) {
        auto answer = reply.answer<PaymentIntent>();
        answer.value = declined_intent(error);
        return answer;
    }
    if (reply.outcome() == CallOutcome::refused && error.text({"code"}) == "payment_intent_unexpected_state")
        if (auto intent = payment_intent_of(error.at({"payment_intent"}))) {
            auto answer = reply.answer<PaymentIntent>();
            answer.outcome = CallOutcome::done;
            answer.value = *std::move(intent);
            return answer;
        }
    return read(reply, &payment_intent_of);
}

class StripePayments final : public CardPayments {
public:
    explicit StripePayments(StripeTransport& stripe) : stripe_{stripe} {}

    GatewayAnswer<PaymentIntent> charge(const ChargeOrder& order) override
    {
        StripeForm body;
        body.add("amount", order.amount.minor).add("currency", currency_code(order.amount.currency));
        body.add("customer", order.customer).add("payment_method", order.payment_method).add("payment_method_types[0]", "card");
        body.add("off_session", "true").add("confirm", "true").add_unless_empty("description", order.description);
        body.add("metadata[invoice]", order.invoice).add("metadata[attempt]", order.attempt);
        sign(body);
        return intent_in(stripe_.post("charge", "/v1/payment_intents", body, order.idempotency_key));
    }

    GatewayAnswer<PaymentIntent> confirm_on_session(const SessionConfirmation& confirmation) override
    {
        if (!is_stripe_id(confirmation.intent, "pi_")) return no_such_id<PaymentIntent>();
        StripeForm body;
        body.add("payment_method", confirmation.payment_method).add("return_url", confirmation.return_url);
        return intent_in(
            stripe_.post("confirm", "/v1/payment_intents/" + confirmation.intent + "/confirm", body, confirmation.idempotency_key));
    }

    GatewayAnswer<PaymentIntent> retrieve_intent(const std::string& intent) override
    {
        return retrieve("retrieve_intent", "/v1/payment_intents/", intent, "pi_", &payment_intent_of);
    }

    GatewayAnswer<std::vector<PaymentIntent>> find_intents(const std::string& customer, domain::Instant since) override
    {
        return list("list_intents", "/v1/payment_intents", &payment_intent_of,
            [&](StripeForm& query) { query.add("customer", customer).add("created[gte]", unix_seconds(since)); });
    }

    GatewayAnswer<PaymentIntent> cancel_intent(const std::string& intent, const std::string& idempotency_key) override
    {
        if (!is_stripe_id(intent, "pi_")) return no_such_id<PaymentIntent>();
        StripeForm body;
        body.add("cancellation_reason", "abandoned");
        return intent_in(stripe_.post("cancel_intent", "/v1/payment_intents/" + intent + "/cancel", body, idempotency_key));
    }

    GatewayAnswer<Refund> refund(const RefundOrder& order) override
    {
        StripeForm body;
        body.add("payment_intent", order.intent).add("amount", order.amount.minor).add("metadata[refund]", order.refund);
        sign(body);
        return read(stripe_.post("refund", "/v1/refunds", body, order.idempotency_key), &refund_of);
    }

    GatewayAnswer<Refund> retrieve_refund(const std::string& refund) override
    {
        return retrieve("retrieve_refund", "/v1/refunds/", refund, "re_", &refund_of);
    }

    GatewayAnswer<std::vector<Refund>> list_refunds(const std::string& intent) override
    {
        return list("list_refunds", "/v1/refunds", &refund_of, [&](StripeForm& query) { query.add("payment_intent", intent); });
    }

    GatewayAnswer<Charge> retrieve_charge(const std::string& charge) override
    {
        if (!is_stripe_id(charge, "ch_")) return no_such_id<Charge>();
        StripeForm query;
        query.add("expand[0]", "balance_transaction");
        return read(stripe_.get("retrieve_charge", "/v1/charges/" + charge, query), &charge_of);
    }

    GatewayAnswer<Dispute> retrieve_dispute(const std::string& dispute) override
    {
        return retrieve("retrieve_dispute", "/v1/disputes/", dispute, dispute.starts_with("du_") ? "du_" : "dp_", &dispute_of);
    }

    GatewayAnswer<EventPage> events(domain::Instant since, const std::string& after) override
    {
        StripeForm query;
        query.add("limit", event_page_size).add("created[gte]", unix_seconds(since)).add_unless_empty("starting_after", after);
        const auto reply = stripe_.get("list_events", "/v1/events", query);
        auto answer = reply.answer<EventPage>();
        if (answer.outcome != CallOutcome::done) return answer;
        std::string last;
        for (const auto item : reply.body().items({"data"})) {
            last = item.text({"id"});
            if (auto event = event_of(item)) answer.value.events.push_back(*std::move(event));
        }
        if (!is_list(reply)) answer.outcome = CallOutcome::unknown;
        else if (reply.body().flag({"has_more"})) answer.value.after = last;
        return answer;
    }

    GatewayAnswer<SetupIntent> create_setup(
        const std::string& customer, const std::string& account, const std::string& idempotency_key) override
    {
        StripeForm body;
        body.add("customer", customer).add("usage", "off_session").add("payment_method_types[0]", "card");
        body.add("metadata[account]", account);
        sign(body);
        return read(stripe_.post("create_setup", "/v1/setup_intents", body, idempotency_key), &setup_intent_of);
    }

    GatewayAnswer<SetupIntent> retrieve_setup(const std::string& setup) override
    {
        return retrieve("retrieve_setup", "/v1/setup_intents/", setup, "seti_", &setup_intent_of);
    }

    GatewayAnswer<RegisteredCard> retrieve_card(const std::string& payment_method) override
    {
        return retrieve("read_payment_method", "/v1/payment_methods/", payment_method, "pm_", &registered_card_of);
    }

    GatewayAnswer<std::string> create_customer(const CustomerDetails& details) override
    {
        auto made = customer_id_in(make_customer(stripe_, details.account));
        if (made.outcome == CallOutcome::done) name_customer(stripe_, made.value, details.email, details.name);
        return made;
    }

    GatewayAnswer<std::string> update_customer(const std::string& customer, const CustomerDetails& details) override
    {
        if (!is_stripe_id(customer, "cus_")) return no_such_id<std::string>();
        return customer_id_in(name_customer(stripe_, customer, details.email, details.name));
    }

private:
    /// Marks what is made as this installation's.
    void sign(StripeForm& body) const { body.add_unless_empty("metadata[instance]", stripe_.settings().instance); }

    template <class Value>
    GatewayAnswer<Value> retrieve(const char* purpose, const std::string& folder, const std::string& id, std::string_view prefix,
        std::optional<Value> (*reader)(JsonNode))
    {
        if (!is_stripe_id(id, prefix)) return no_such_id<Value>();
        return read(stripe_.get(purpose, folder + id), reader);
    }

    static bool is_list(const StripeReply& reply) { return reply.text({"object"}) == "list"; }

    static GatewayAnswer<std::string> customer_id_in(const StripeReply& reply)
    {
        return read<std::string>(reply, [](JsonNode object) -> std::optional<std::string> {
            auto id = object.text({"id"});
            if (object.text({"object"}) != "customer" || id.empty()) return std::nullopt;
            return id;
        });
    }

    /// All pages of a list, or nothing: half a list would look like the whole.
    template <class Value, class Filter>
    GatewayAnswer<std::vector<Value>> list(
        const char* purpose, const std::string& path, std::optional<Value> (*reader)(JsonNode), const Filter& filter)
    {
        const auto deadline = stripe_.deadline();
        std::vector<Value> values;
        std::string after;
        for (int page = 0; page < max_pages; ++page) {
            StripeForm query;
            query.add("limit", page_size).add_unless_empty("starting_after", after);
            filter(query);
            const auto reply = stripe_.get(purpose, path, query, deadline);
            auto answer = reply.answer<std::vector<Value>>();
            if (answer.outcome != CallOutcome::done) return answer;
            if (!is_list(reply)) break;
            for (const auto item : reply.body().items({"data"})) {
                auto value = reader(item);
                if (!value) return {.request_id = answer.request_id};
                after = value->id;
                values.push_back(*std::move(value));
            }
            if (!reply.body().flag({"has_more"})) {
                answer.value = std::move(values);
                return answer;
            }
        }
        return {};
    }

    StripeTransport& stripe_;
};

} // namespace

std::unique_ptr<CardPayments> make_stripe_payments(StripeTransport& stripe) { return std::make_unique<StripePayments>(stripe); }

} // namespace gateway
