#include "domain/decline.h"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <map>
#include <ostream>
#include <set>
#include <vector>

namespace domain {

std::ostream& operator<<(std::ostream& out, DeclineReaction reaction) { return out << to_text(reaction); }

} // namespace domain

namespace {

namespace bdata = boost::unit_test::data;
using domain::Date;
using domain::Decline;
using domain::judge;
using domain::next_charge_day;
using std::chrono::days;
using std::chrono::year;
using enum domain::DeclineReaction;

/// The issuers' codes by what each asks of us (Stripe's list of decline codes).
const std::map<domain::DeclineReaction, std::vector<std::string>> issuer_codes{
    {retry_later,
        {"insufficient_funds", "processing_error", "issuer_not_available", "reenter_transaction", "try_again_later", "approve_with_id",
            "card_velocity_exceeded", "withdrawal_count_limit_exceeded", "generic_decline", "do_not_honor", "call_issuer",
            "no_action_taken", "service_not_allowed"}},
    {ask_for_card,
        {"expired_card", "incorrect_number", "invalid_number", "incorrect_cvc", "invalid_cvc", "invalid_expiry_month",
            "invalid_expiry_year", "incorrect_zip", "incorrect_address", "invalid_account", "new_account_information_available",
            "card_not_supported", "currency_not_supported", "not_permitted", "transaction_not_allowed", "invalid_amount", "incorrect_pin",
            "invalid_pin", "offline_pin_required", "online_or_offline_pin_required", "pin_try_exceeded", "duplicate_transaction"}},
    {never_again,
        {"lost_card", "stolen_card", "pickup_card", "restricted_card", "fraudulent", "merchant_blacklist", "security_violation",
            "stop_payment_order", "revocation_of_authorization", "revocation_of_all_authorizations", "do_not_try_again"}},
    {customer_must_act, {"authentication_required", "authentication_not_handled", "mobile_device_authentication_required"}},
    {our_mistake, {"testmode_decline"}},
};

Decline declined(const std::string& decline_code, const std::string& advice = "")
{
    return {.advice_code = advice, .code = "card_declined", .decline_code = decline_code};
}

Date january(unsigned d) { return year{2026} / 1 / d; }

} // namespace

BOOST_AUTO_TEST_SUITE(decline)

BOOST_AUTO_TEST_CASE(each_code_has_its_reaction)
{
    std::size_t codes = 0;
    for (const auto& [reaction, list] : issuer_codes)
        for (const auto& code : list) {
            BOOST_TEST(judge(declined(code)).reaction == reaction, code);
            BOOST_TEST(judge(declined(code)).is_known, code);
            ++codes;
        }
    BOOST_TEST(codes == 50u);
}

BOOST_AUTO_TEST_CASE(an_errors_own_code_decides_before_the_issuers)
{
    for (const std::string code : {"expired_card", "incorrect_cvc", "incorrect_number"})
        BOOST_TEST(judge({.code = code, .decline_code = "generic_decline"}).reaction == ask_for_card, code);
    BOOST_TEST(judge({.code = "processing_error"}).reaction == retry_later);
    BOOST_TEST(judge({.code = "authentication_required", .decline_code = "generic_decline"}).reaction == customer_must_act);
    for (const std::string code : {"payment_intent_authentication_failure", "setup_intent_authentication_failure"})
        BOOST_TEST(judge({.code = code}).reaction == customer_must_act, code);
}

// P54: the network's "never" outranks a soft code.
BOOST_AUTO_TEST_CASE(the_networks_advice_decides_first)
{
    for (const auto& [reaction, list] : issuer_codes)
        for (const auto& code : list) {
            BOOST_TEST(judge(declined(code, "do_not_try_again")).reaction == never_again, code);
            BOOST_TEST(judge(declined(code, "do_not_try_again")).text_key == "decline_generic", code);
            // An advice to try again loosens nothing.
            BOOST_TEST(judge(declined(code, "try_again_later")).reaction == reaction, code);
            BOOST_TEST(judge(declined(code, "an_advice_of_2031")).reaction == reaction, code);
        }
    BOOST_TEST(judge(declined("generic_decline", "confirm_card_data")).reaction == ask_for_card);
    BOOST_TEST(judge(declined("generic_decline", "confirm_card_data")).text_key == "decline_card_data");
    BOOST_TEST(judge({.advice_code = "confirm_card_data", .code = "expired_card"}).text_key == "decline_expired");
    BOOST_TEST(judge(declined("stolen_card", "confirm_card_data")).reaction == never_again);
}

BOOST_AUTO_TEST_CASE(an_unknown_code_is_a_generic_decline)
{
    const auto unknown = judge(declined("moon_phase"));
    BOOST_TEST(unknown.reaction == retry_later);
    BOOST_TEST(unknown.text_key == "decline_generic");
    BOOST_TEST(!unknown.is_known);
    BOOST_TEST(!judge({.code = "moon_phase"}).is_known);
    BOOST_TEST(judge({.code = "card_declined"}).is_known); // without a reason, which is no new word
    BOOST_TEST(judge({}).reaction == retry_later);
}

BOOST_AUTO_TEST_CASE(of_lost_stolen_and_suspected_cards_nothing_is_told)
{
    for (const auto& code : issuer_codes.at(never_again)) {
        BOOST_TEST(judge(declined(code)).text_key == "decline_generic", code);
        BOOST_TEST(domain::told_code(declined(code)) == "generic_decline", code);
    }
    BOOST_TEST(judge({.code = "incorrect_cvc", .decline_code = "stolen_card"}).text_key == "decline_generic");
    BOOST_TEST(domain::told_code(declined("insufficient_funds")) == "insufficient_funds");
    BOOST_TEST(domain::told_code({.code = "expired_card"}) == "expired_card");
    BOOST_TEST(domain::told_code({.code = "card_declined"}) == "generic_decline");
    BOOST_TEST(domain::told_code(declined("<script>")) == "generic_decline");
}

BOOST_AUTO_TEST_CASE(each_cause_allows_so_many_tries)
{
    BOOST_TEST(judge(declined("insufficient_funds"), 3).reaction == retry_later);
    BOOST_TEST(judge(declined("insufficient_funds"), 4).reaction == ask_for_card);
    BOOST_TEST(judge(declined("approve_with_id"), 1).reaction == retry_later);
    BOOST_TEST(judge(declined("approve_with_id"), 2).reaction == ask_for_card);
    BOOST_TEST(judge(declined("lost_card"), 4).reaction == never_again);
    BOOST_TEST(judge(declined("authentication_required"), 9).reaction == customer_must_act);
}

BOOST_AUTO_TEST_CASE(limits_of_a_card_want_a_day)
{
    BOOST_TEST(judge(declined("card_velocity_exceeded")).min_days == 1);
    BOOST_TEST(judge(declined("withdrawal_count_limit_exceeded")).min_days == 1);
    BOOST_TEST(judge(declined("processing_error")).min_days == 0);
}

BOOST_AUTO_TEST_CASE(a_revocation_ends_the_mandate)
{
    BOOST_TEST(judge(declined("revocation_of_authorization")).ends_mandate);
    BOOST_TEST(judge(declined("revocation_of_all_authorizations")).ends_mandate);
    BOOST_TEST(!judge(declined("stop_payment_order")).ends_mandate);
}

BOOST_AUTO_TEST_CASE(a_duplicate_may_have_been_paid)
{
    BOOST_TEST(judge(declined("duplicate_transaction")).may_be_paid);
    BOOST_TEST(!judge(declined("generic_decline")).may_be_paid);
}

BOOST_AUTO_TEST_CASE(an_invoice_is_tried_on_the_days_0_3_8_and_15)
{
    BOOST_TEST((next_charge_day(january(1), january(1), 1) == january(4)));
    BOOST_TEST((next_charge_day(january(1), january(4), 2) == january(9)));
    BOOST_TEST((next_charge_day(january(1), january(9), 3) == january(16)));
    BOOST_TEST(!next_charge_day(january(1), january(16), 4));
    BOOST_TEST(!next_charge_day(january(1), january(1), 0)); // the first is no retry
}

BOOST_DATA_TEST_CASE(a_late_run_never_tries_twice_on_one_day, bdata::xrange(1u, 29u), late)
{
    for (int tries = 1; tries < domain::max_charges; ++tries) {
        const auto next = next_charge_day(january(1), january(late), tries).value();
        BOOST_TEST((next > january(late)));
        BOOST_TEST((domain::Day{next_charge_day(january(1), january(late), tries, 5).value()} >= domain::Day{january(late)} + days{5}));
    }
}

BOOST_AUTO_TEST_SUITE_END()
