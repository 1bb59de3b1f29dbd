#pragma once
#include "domain/calendar.h"

#include <optional>
#include <string>
#include <string_view>

namespace domain {

/// Why a card was refused, in the gateway's words; empty where it gave none. All three are open lists.
struct Decline {
    std::string advice_code{};  ///< what the network advises: "try_again_later", "do_not_try_again", "confirm_card_data"
    std::string code{};         ///< the error's code: "card_declined", "expired_card", "authentication_required"
    std::string decline_code{}; ///< the issuer's reason: "insufficient_funds"
    friend bool operator==(const Decline&, const Decline&) = default;
};

/// What a refusal asks of us.
enum class DeclineReaction {
    retry_later,       ///< the same card, on a later day
    ask_for_card,      ///< another card or corrected data; no retry of this one
    never_again,       ///< this card is not tried any more, and the member is told nothing of the cause
    customer_must_act, ///< the member has to be there (3-D Secure)
    our_mistake,       ///< not the card's fault: alarm, and no further calls until somebody looked
};

std::string_view to_text(DeclineReaction reaction);

struct DeclineJudgement {
    DeclineReaction reaction{DeclineReaction::retry_later};
    int min_days{0};          ///< with retry_later: days before the same card may be tried again
    bool ends_mandate{false}; ///< the cardholder revoked the permission: no automatic charge until a new registration
    bool may_be_paid{false};  ///< the issuer thinks that it has been paid already: look before asking for another card
    bool is_known{true};      ///< false: a code nobody has heard of, judged as generic; worth a line in the log
    /// What the member is told, as a key of the texts: decline_generic (also for lost, stolen and fraud), _insufficient_funds,
    /// _limit_reached, _temporary, _expired, _card_data, _other_card, _authentication, _our_mistake.
    std::string_view text_key{"decline_generic"};
};

/// What to do after the refusal. `tries` counts the refusals for this invoice, this one included; each cause allows only
/// so many, then another card is asked for. Judged in the order advice, code, issuer's reason, count; an advice to try
/// again is a permission, it does not loosen what the codes forbid. Sources: Stripe's list of decline codes; the
/// networks' rules on reattempts (Visa: 20 in 30 days, category 1 never; Mastercard: advice 03 and 21 never).
DeclineJudgement judge(const Decline& decline, int tries = 1);

/// The cause as it may be told: a code of Stripe's list, "generic_decline" for lost, stolen and suspected cards and for
/// codes nobody has heard of.
std::string_view told_code(const Decline& decline);

inline constexpr int max_charges = 4; ///< automatic tries of one invoice

/// The day of the next automatic try after `tries` of them: days 0, 3, 8 and 15 counted from the first, at least a day and
/// `min_days` after the last. nullopt when all are used up.
std::optional<Date> next_charge_day(Date first_try, Date last_try, int tries, int min_days = 0);

} // namespace domain
