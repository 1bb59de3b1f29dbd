#pragma once
#include "api_error.h"

#include <string_view>

namespace stripe_fake {

/// How a bank says no.
struct Decline {
    std::string_view behaviour{};
    std::string_view code{};
    std::string_view decline_code{}; ///< may be empty
    std::string_view advice_code{};  ///< may be empty
    std::string_view message{};
};

/// When a card is to be kept for later; nullptr: the bank agrees. After a challenge: if the cardholder passed it.
const Decline* decline_when_kept(std::string_view behaviour);
const Decline* decline_when_kept_after_challenge(std::string_view behaviour);

/// When a card is charged; nullptr: the bank agrees.
const Decline* decline_when_charged(std::string_view behaviour);

/// When the cardholder has to be asked, but is not there; or is, but the caller does not want that.
const Decline& decline_for_want_of_cardholder();
const Decline& decline_of_challenge();

/// True if the bank wants to see the cardholder before the card is set up.
bool is_challenged_at_setup(std::string_view behaviour);

/// True if it wants to see the cardholder who is there and pays.
bool is_challenged_on_session(std::string_view behaviour);

/// True if it wants to see the cardholder who is not there. `set_up`: who agreed to that when the card was set up.
bool is_challenged_off_session(std::string_view behaviour, bool set_up);

/// True if the challenge itself fails, whatever the cardholder does.
bool is_challenge_broken(std::string_view behaviour);

/// The 402 that tells of it.
ApiError to_error(const Decline& decline);

/// What an intent remembers when its cardholder did not pass the challenge. `noun`: "payment_intent", "setup_intent".
ApiError authentication_failure(const std::string& noun);

} // namespace stripe_fake
