#include "domain/decline.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <stdexcept>

namespace domain {
namespace {

using enum DeclineReaction;

/// What is known of one code, be it an error's or an issuer's.
struct Cause {
    std::string_view code{};
    DeclineReaction reaction{};
    std::string_view text_key{"decline_generic"};
    int max_tries{max_charges}; ///< with retry_later
    int min_days{0};
};

/// Sorted by code.
constexpr Cause causes[] = {
    {"approve_with_id", retry_later, "decline_temporary", 2},
    {"authentication_not_handled", customer_must_act, "decline_authentication"},
    {"authentication_required", customer_must_act, "decline_authentication"},
    {"call_issuer", retry_later},
    {"card_not_supported", ask_for_card, "decline_other_card"},
    {"card_velocity_exceeded", retry_later, "decline_limit_reached", max_charges, 1},
    {"currency_not_supported", ask_for_card, "decline_other_card"},
    {"do_not_honor", retry_later},
    {"do_not_try_again", never_again},
    {"duplicate_transaction", ask_for_card, "decline_other_card"},
    {"expired_card", ask_for_card, "decline_expired"},
    {"fraudulent", never_again},
    {"generic_decline", retry_later},
    {"incorrect_address", ask_for_card, "decline_card_data"},
    {"incorrect_cvc", ask_for_card, "decline_card_data"},
    {"incorrect_number", ask_for_card, "decline_card_data"},
    {"incorrect_pin", ask_for_card, "decline_other_card"},
    {"incorrect_zip", ask_for_card, "decline_card_data"},
    {"insufficient_funds", retry_later, "decline_insufficient_funds"},
    {"invalid_account", ask_for_card, "decline_other_card"},
    {"invalid_amount", ask_for_card, "decline_other_card"},
    {"invalid_cvc", ask_for_card, "decline_card_data"},
    {"invalid_expiry_month", ask_for_card, "decline_card_data"},
    {"invalid_expiry_year", ask_for_card, "decline_card_data"},
    {"invalid_number", ask_for_card, "decline_card_data"},
    {"invalid_pin", ask_for_card, "decline_other_card"},
    {"issuer_not_available", retry_later, "decline_temporary"},
    {"lost_card", never_again},
    {"merchant_blacklist", never_again},
    {"mobile_device_authentication_required", customer_must_act, "decline_authentication"},
    {"new_account_information_available", ask_for_card, "decline_card_data"},
    {"no_action_taken", retry_later},
    {"not_permitted", ask_for_card, "decline_other_card"},
    {"offline_pin_required", ask_for_card, "decline_other_card"},
    {"online_or_offline_pin_required", ask_for_card, "decline_other_card"},
    {"payment_intent_authentication_failure", customer_must_act, "decline_authentication"},
    {"pickup_card", never_again},
    {"pin_try_exceeded", ask_for_card, "decline_other_card"},
    {"processing_error", retry_later, "decline_temporary"},
    {"reenter_transaction", retry_later, "decline_temporary"},
    {"restricted_card", never_again},
    {"revocation_of_all_authorizations", never_again},
    {"revocation_of_authorization", never_again},
    {"security_violation", never_again},
    {"service_not_allowed", retry_later},
    {"setup_intent_authentication_failure", customer_must_act, "decline_authentication"},
    {"stolen_card", never_again},
    {"stop_payment_order", never_again},
    {"testmode_decline", our_mistake, "decline_our_mistake"},
    {"transaction_not_allowed", ask_for_card, "decline_other_card"},
    {"try_again_later", retry_later, "decline_temporary"},
    {"withdrawal_count_limit_exceeded", retry_later, "decline_limit_reached", max_charges, 1},
};
static_assert(std::ranges::is_sorted(causes, {}, &Cause::code));

const Cause* cause_named(std::string_view code)
{
    const auto* at = std::ranges::lower_bound(causes, code, {}, &Cause::code);
    return at != std::end(causes) && at->code == code ? at : nullptr;
}

/// The error's code decides before the issuer's; "card_declined" leaves it to the issuer.
const Cause* cause_of(const Decline& decline)
{
    const auto* cause = cause_named(decline.code);
    return cause ? cause : cause_named(decline.decline_code);
}

bool is_secret(std::string_view code)
{
    const auto* cause = cause_named(code);
    return cause && cause->reaction == never_again;
}

bool gives_no_cause(const Decline& decline)
{
    return decline.decline_code.empty() && (decline.code.empty() || decline.code == "card_declined");
}

/// What the codes alone ask for.
DeclineJudgement by_codes(const Decline& decline, int tries)
{
    static const Cause generic = *cause_named("generic_decline");
    const auto* known = cause_of(decline);
    const auto& cause = known ? *known : generic;

    DeclineJudgement judgement{.reaction = cause.reaction, .min_days = cause.min_days, .text_key = cause.text_key};
    judgement.is_known = known || gives_no_cause(decline);
    if (cause.reaction == retry_later && tries >= cause.max_tries) judgement.reaction = ask_for_card;
    if (is_secret(decline.decline_code)) judgement.text_key = generic.text_key;
    return judgement;
}

} // namespace

std::string_view to_text(DeclineReaction reaction)
{
    switch (reaction) {
    case retry_later: return "retry_later";
    case ask_for_card: return "ask_for_card";
    case never_again: return "never_again";
    case customer_must_act: return "customer_must_act";
    case our_mistake: return "our_mistake";
    }
    throw std::domain_error{"no such reaction to a decline"};
}

DeclineJudgement judge(const Decline& decline, int tries)
{
    auto judgement = by_codes(decline, tries);
    if (decline.advice_code == "do_not_try_again") {
        judgement.reaction = never_again;
        judgement.text_key = "decline_generic";
    } else if (decline.advice_code == "confirm_card_data" && judgement.reaction != never_again && judgement.reaction != our_mistake) {
        judgement.reaction = ask_for_card;
        judgement.text_key = judgement.text_key == "decline_expired" ? judgement.text_key : "decline_card_data";
    }
    judgement.ends_mandate = decline.decline_code.starts_with("revocation_of_");
    judgement.may_be_paid = decline.decline_code == "duplicate_transaction";
    return judgement;
}

std::string_view told_code(const Decline& decline)
{
    for (const std::string_view code : {decline.decline_code, decline.code})
        if (!code.empty() && code != "card_declined") {
            const auto* cause = cause_named(code);
            return cause && !is_secret(code) ? cause->code : "generic_decline";
        }
    return "generic_decline";
}

std::optional<Date> next_charge_day(Date first_try, Date last_try, int tries, int min_days)
{
    using std::chrono::days;
    constexpr std::array<int, max_charges> offsets{0, 3, 8, 15};
    if (tries < 1 || tries >= max_charges) return std::nullopt;
    const Day planned = Day{first_try} + days{offsets[static_cast<std::size_t>(tries)]};
    return Date{std::max(planned, Day{last_try} + days{std::max(1, min_days)})};
}

} // namespace domain
