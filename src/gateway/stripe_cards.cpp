#include "gateway/card_gateway.h"
#include "gateway/random_uuid.h"
#include "gateway/stripe_customers.h"
#include "gateway/stripe_objects.h"
#include "gateway/stripe_transport.h"

namespace gateway {
namespace {

bool is_payment_method_id(std::string_view id) { return is_stripe_id(id, "pm_"); }

/// What may be told of a decline.
std::string decline_code_of(const StripeReply& reply)
{
    return std::string{domain::told_code(gateway::decline_of(reply.body().at({"error"})))};
}

/// The slug for a field of a card that Stripe could not even read, or empty if that was not the trouble.
std::string unreadable_card_field(const StripeReply& reply)
{
    if (reply.status() != 400) return {};
    const auto param = reply.text({"error", "param"});
    if (param == "card[number]") return "invalid_number";
    if (param == "card[exp_month]") return "invalid_expiry_month";
    if (param == "card[exp_year]") return "invalid_expiry_year";
    if (param == "card[cvc]") return "invalid_cvc";
    return {};
}

CardResult accepted(const StripeReply& payment_method)
{
    if (payment_method.text({"id"}).empty()) return {}; // a 200 of something else on the way
    if (payment_method.text({"type"}) != "card") return {.state = CardState::refused, .decline_code = "invalid_token"};
    return {.state = CardState::accepted, .card = card_of(payment_method.body())};
}

class StripeCards final : public CardGateway {
public:
    explicit StripeCards(StripeTransport& stripe) : stripe_{stripe} {}

    CustomerResult create_customer(const std::string& account, const std::string& email, const std::string& name) override
    {
        const auto made = make_customer(stripe_, account);
        const auto id = made.text({"id"});
        if (made.status() != 200 || id.empty()) return {};
        // If this fails the customer has no name at Stripe; the card can be kept nevertheless.
        name_customer(stripe_, id, email, name);
        return {.state = CardState::accepted, .id = id};
    }

    CardResult attach(const std::string& token, const std::string& customer, const std::string& attempt) override
    {
        if (!is_payment_method_id(token)) return {.state = CardState::refused, .decline_code = "invalid_token"};
        StripeForm body;
        body.add("customer", customer);
        const auto reply =
            stripe_.post("attach", "/v1/payment_methods/" + token + "/attach", body, stripe_key("attach", {attempt, token, customer}));
        if (reply.status() == 200) return accepted(reply);
        if (reply.is_decline()) return {.state = CardState::refused, .decline_code = decline_code_of(reply)};
        if (reply.text({"error", "param"}) == "customer") return {}; // not the token's fault
        if (reply.text({"error", "code"}) == "resource_missing") return {.state = CardState::refused, .decline_code = "unknown_token"};
        if (reply.status() == 400 && reply.text({"error", "type"}) == "invalid_request_error") return attached_already(token, customer);
        return {};
    }

    CardState detach(const std::string& gateway_id) override
    {
        if (!is_payment_method_id(gateway_id)) return CardState::refused;
        const auto path = "/v1/payment_methods/" + gateway_id;
        const auto reply = stripe_.post("detach", path + "/detach", {}, "detach-" + gateway_id);
        if (reply.status() == 200 || reply.status() == 404) return CardState::accepted;
        if (reply.status() != 400) return CardState::unknown;
        // Stripe has no code for "not attached", so its state is looked at.
        const auto found = stripe_.get("read_payment_method", path);
        const bool untied = found.status() == 404 || (found.status() == 200 && found.text({"customer"}).empty());
        return untied ? CardState::accepted : CardState::unknown;
    }

    TokenResult tokenize(const RawCard& card) override
    {
        StripeForm body;
        body.add("type", "card").add("card[number]", card.number).add("card[cvc]", card.cvc);
        body.add("card[exp_month]", card.exp_month).add("card[exp_year]", card.exp_year);
        const auto key = "token-" + random_uuid().text(); // not from the card: keys are kept and logged
        const auto reply = stripe_.post("tokenize", "/v1/payment_methods", body, key);
        const auto token = reply.text({"id"});
        if (reply.status() == 200 && !token.empty()) return {.state = CardState::accepted, .token = token};
        if (reply.is_decline()) return {.state = CardState::refused, .decline_code = decline_code_of(reply)};
        if (const auto code = unreadable_card_field(reply); !code.empty()) return {.state = CardState::refused, .decline_code = code};
        return {};
    }

private:
    /// Stripe does not take the token: the browser's registration or an earlier call may have attached it already.
    CardResult attached_already(const std::string& token, const std::string& customer)
    {
        const auto found = stripe_.get("read_payment_method", "/v1/payment_methods/" + token);
        if (found.status() == 200 && found.text({"customer"}) == customer) return accepted(found);
        if (found.status() == 200 || found.status() == 404) return {.state = CardState::refused, .decline_code = "invalid_token"};
        return {};
    }

    StripeTransport& stripe_;
};

} // namespace

RawCard::~RawCard()
{
    for (auto* text : {&number, &exp_month, &exp_year, &cvc}) wipe(*text);
}

std::unique_ptr<CardGateway> make_stripe_cards(StripeTransport& stripe) { return std::make_unique<StripeCards>(stripe); }

} // namespace gateway
