#include "bank.h"

#include <algorithm>
#include <array>
#include <span>

namespace stripe_fake {
namespace {

constexpr auto declines_when_kept = std::to_array<Decline>({
    {"generic_decline", "card_declined", "generic_decline", "try_again_later", "Your card was declined."},
    {"insufficient_funds", "card_declined", "insufficient_funds", "try_again_later", "Your card has insufficient funds."},
    {"lost_card", "card_declined", "lost_card", "do_not_try_again", "Your card was declined."},
    {"stolen_card", "card_declined", "stolen_card", "do_not_try_again", "Your card was declined."},
    {"card_velocity_exceeded", "card_declined", "card_velocity_exceeded", "try_again_later",
        "Your card was declined for making repeated attempts too frequently or exceeding its amount limit."},
    {"expired_card", "expired_card", "", "confirm_card_data", "Your card has expired."},
    {"incorrect_cvc", "incorrect_cvc", "", "confirm_card_data", "Your card's security code is incorrect."},
    {"processing_error", "processing_error", "", "try_again_later",
        "An error occurred while processing your card. Try again in a little bit."},
});

constexpr auto more_declines_when_charged = std::to_array<Decline>({
    {"declines_every_charge", "card_declined", "generic_decline", "try_again_later", "Your card was declined."},
    {"challenge_then_insufficient_funds", "card_declined", "insufficient_funds", "try_again_later", "Your card has insufficient funds."},
    {"three_d_secure_then_declined", "card_declined", "generic_decline", "try_again_later", "Your card was declined."},
    {"blocked_as_fraud", "card_declined", "fraudulent", "", "Your card was declined."},
});

constexpr Decline not_there{
    "", "authentication_required", "authentication_required", "", "Your card was declined. This transaction requires authentication."};
constexpr Decline not_handled{"", "authentication_required", "authentication_not_handled", "",
    "The payment method requires authentication, but the request said that none can be handled (error_on_requires_action)."};

const Decline* decline_in(std::span<const Decline> list, std::string_view behaviour)
{
    const auto found = std::ranges::find(list, behaviour, &Decline::behaviour);
    return found == list.end() ? nullptr : &*found;
}

enum class OffSession { never, unless_set_up, always };

/// When a bank wants to see the cardholder.
struct Caution {
    std::string_view behaviour{};
    bool at_setup{false};
    OffSession off_session{};
};

/// All of them do so on session.
constexpr auto cautions = std::to_array<Caution>({
    {"challenge_on_setup", true, OffSession::unless_set_up},
    {"challenge_on_every_payment", true, OffSession::always},
    {"challenge_on_session_only", false, OffSession::never},
    {"challenge_then_insufficient_funds", true, OffSession::unless_set_up},
    {"three_d_secure_required", true, OffSession::unless_set_up},
    {"three_d_secure_then_declined", true, OffSession::always},
    {"three_d_secure_fails", true, OffSession::always},
});

const Caution* caution_of(std::string_view behaviour)
{
    const auto* found = std::ranges::find(cautions, behaviour, &Caution::behaviour);
    return found == cautions.end() ? nullptr : found;
}

} // namespace

const Decline* decline_when_kept(std::string_view behaviour) { return decline_in(declines_when_kept, behaviour); }

const Decline* decline_when_kept_after_challenge(std::string_view behaviour)
{
    return behaviour == "three_d_secure_then_declined" ? decline_in(more_declines_when_charged, behaviour) : nullptr;
}

const Decline* decline_when_charged(std::string_view behaviour)
{
    if (const auto* decline = decline_in(declines_when_kept, behaviour)) return decline;
    return decline_in(more_declines_when_charged, behaviour);
}

const Decline& decline_for_want_of_cardholder() { return not_there; }
const Decline& decline_of_challenge() { return not_handled; }

bool is_challenged_at_setup(std::string_view behaviour)
{
    const auto* caution = caution_of(behaviour);
    return caution && caution->at_setup;
}

bool is_challenged_on_session(std::string_view behaviour) { return caution_of(behaviour) != nullptr; }

bool is_challenged_off_session(std::string_view behaviour, bool set_up)
{
    const auto* caution = caution_of(behaviour);
    if (!caution) return false;
    return caution->off_session == OffSession::always || (caution->off_session == OffSession::unless_set_up && !set_up);
}

bool is_challenge_broken(std::string_view behaviour) { return behaviour == "three_d_secure_fails"; }

ApiError to_error(const Decline& decline)
{
    auto error = ApiError{402, "card_error", std::string{decline.message}}.coded(std::string{decline.code});
    if (!decline.decline_code.empty()) error = std::move(error).with("decline_code", decline.decline_code);
    if (!decline.advice_code.empty()) error = std::move(error).with("advice_code", decline.advice_code);
    return error;
}

ApiError authentication_failure(const std::string& noun)
{
    return ApiError{402, "invalid_request_error",
        "The provided PaymentMethod has failed authentication. You can provide payment_method_data or a new PaymentMethod to attempt"
        " to fulfill this "
            + std::string{noun == "setup_intent" ? "SetupIntent" : "PaymentIntent"} + " again."}
        .coded(noun + "_authentication_failure");
}

} // namespace stripe_fake
