#pragma once
#include "gateway/card_gateway.h"
#include "gateway/random_uuid.h"

#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace fake {

/// A card gateway that accepts everything, until it is told to answer otherwise. A token is the card's fingerprint; each
/// attempt to tie it gives a payment method of its own. Safe for many threads.
class FakeCards final : public gateway::CardGateway {
public:
    using State = gateway::CardState;

    State state{State::accepted}; ///< what all verbs answer
    int exp_year{2030};           ///< of the cards that are tied from now on

    gateway::CustomerResult create_customer(const std::string& account, const std::string&, const std::string&) override
    {
        const std::lock_guard lock{mutex_};
        ++customers_asked;
        if (state != State::accepted) return {.state = state};
        return {State::accepted, "cus_" + account};
    }

    gateway::CardResult attach(const std::string& token, const std::string& customer, const std::string& attempt) override
    {
        const std::lock_guard lock{mutex_};
        if (state != State::accepted) return {.state = state, .decline_code = state == State::refused ? "expired_card" : ""};
        auto& id = attached_[attempt];
        if (id.empty()) id = "pm_" + gateway::random_uuid().text();
        customers.push_back(customer);
        return {.state = State::accepted,
            .card = {.gateway_id = id,
                .brand = "visa",
                .last4 = "4242",
                .exp_month = 12,
                .exp_year = exp_year,
                .fingerprint = token,
                .country = "CH",
                .funding = "credit"}};
    }

    State detach(const std::string& gateway_id) override
    {
        const std::lock_guard lock{mutex_};
        if (state == State::accepted) detached.push_back(gateway_id);
        return state;
    }

    gateway::TokenResult tokenize(const gateway::RawCard&) override { return {.state = state, .token = "pm_token"}; }

    int customers_asked{0};
    std::vector<std::string> customers{}; ///< to whom cards were tied
    std::vector<std::string> detached{};  ///< gateway ids

private:
    std::mutex mutex_;
    std::map<std::string, std::string> attached_; ///< by attempt
};

} // namespace fake
