#include "service/card_setups.h"

#include "fake/shop.h"
#include "store/card_setup_store.h"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <set>

namespace {

using domain::Reason;
using fake::FakeCardPayments;
using fake::refusal_of;
using service::SetupStanding;
using store::Session;

struct Page : fake::Shop {
    const domain::Identity annie = fake::new_member();
    service::CardSetups setups{fake::database(), methods, gateway, clock};

    std::string begin(const std::string& attempt = fake::new_name()) { return setups.begin(annie.member, attempt).id; }
    std::vector<domain::PaymentMethod> list() { return methods.list(annie.member); }
    domain::CardConsent agree(const std::string& setup, const std::string& language = "de")
    {
        return setups.consent(annie.member, setup, {.version = "2026-11-29", .language = language, .address = "192.0.2.1"});
    }
    void remove(const domain::Uuid& card)
    {
        fake::in_transaction([&](Session& session) { methods.remove(session, annie.member, card); });
    }
    static std::string row(const std::string& setup)
    {
        return fake::text("SELECT CONCAT_WS(' ', consent_version, consent_language, consent_address, consented_at, method_id IS NOT NULL)"
                          " FROM card_setups WHERE gateway_id = ?",
            setup);
    }
};

} // namespace

namespace service {

std::ostream& operator<<(std::ostream& out, SetupStanding standing)
{
    constexpr const char* names[] = {"open", "requires_action", "processing", "succeeded", "failed"};
    return out << names[static_cast<int>(standing)];
}

} // namespace service

BOOST_FIXTURE_TEST_SUITE(card_setups, Page)

BOOST_AUTO_TEST_CASE(a_registration_that_succeeded_is_a_card)
{
    const auto setup = begin();
    BOOST_TEST(setups.finish(annie.member, setup).standing == SetupStanding::open);
    BOOST_TEST(list().empty());
    gateway.play_registration(setup, "card a");
    const auto result = setups.finish(annie.member, setup);
    BOOST_TEST(result.standing == SetupStanding::succeeded);
    BOOST_TEST_REQUIRE(result.card.has_value());
    BOOST_TEST(result.card->is_default);
    BOOST_TEST((list().front().uuid == result.card->uuid));
    BOOST_TEST(setups.look_at(setup)); // the event comes, too
    BOOST_TEST(list().size() == 1u);
}

BOOST_AUTO_TEST_CASE(the_same_attempt_is_the_same_registration)
{
    const auto attempt = fake::new_name();
    std::set<std::string> ids;
    std::mutex mutex;
    fake::at_once(8, [&](int) {
        const auto id = begin(attempt);
        const std::lock_guard lock{mutex};
        ids.insert(id);
    });
    BOOST_TEST(ids.size() == 1u);
    BOOST_TEST(fake::count("SELECT COUNT(*) FROM card_setups WHERE member_id = ?", fake::number(annie.member)) == 1);
    BOOST_TEST(begin() != *ids.begin());
}

BOOST_AUTO_TEST_CASE(the_row_is_there_before_the_gateway_is_asked)
{
    std::int64_t rows = 0;
    gateway.trouble = [&] {
        rows = fake::count("SELECT COUNT(*) FROM card_setups WHERE member_id = ?", fake::number(annie.member));
        return FakeCardPayments::Trouble::lost_after;
    };
    const auto attempt = fake::new_name();
    BOOST_CHECK_THROW(begin(attempt), domain::Unavailable);
    BOOST_TEST(rows == 1);
    gateway.trouble = [] { return FakeCardPayments::Trouble::none; };
    const auto setup = begin(attempt); // the same one: the gateway had made it
    BOOST_TEST(fake::count("SELECT COUNT(*) FROM card_setups WHERE member_id = ?", fake::number(annie.member)) == 1);
    BOOST_TEST(row(setup) == "0");
}

BOOST_AUTO_TEST_CASE(the_return_and_the_event_at_once_are_one_card)
{
    for (int round = 0; round < 5; ++round) {
        const auto setup = begin();
        gateway.play_registration(setup, "card " + std::to_string(round));
        std::atomic<int> well{0};
        fake::at_once(8, [&](int i) { well += i % 2 ? setups.look_at(setup) : setups.finish(annie.member, setup).card.has_value(); });
        BOOST_TEST(well == 8);
    }
    BOOST_TEST(list().size() == 5u);
    BOOST_TEST(fake::count("SELECT COUNT(*) FROM payment_methods WHERE member_id = ?", fake::number(annie.member)) == 5);
}

BOOST_AUTO_TEST_CASE(anothers_registration_is_not_there)
{
    const auto setup = begin();
    gateway.play_registration(setup, "card a");
    BOOST_TEST((refusal_of([&] { setups.finish(nico.member, setup); }) == Reason::not_found));
    BOOST_TEST((refusal_of([&] { setups.consent(nico.member, setup, {}); }) == Reason::not_found));
    BOOST_TEST((refusal_of([&] { setups.finish(annie.member, "seti_of_nobody"); }) == Reason::not_found));
    BOOST_TEST(list().empty());
    BOOST_TEST(setups.look_at("seti_of_nobody")); // an event of another installation: nothing to do
}

BOOST_AUTO_TEST_CASE(a_silent_gateway_is_asked_again)
{
    const auto setup = begin();
    gateway.play_registration(setup, "card a");
    gateway.trouble = [] { return FakeCardPayments::Trouble::lost_before; };
    BOOST_CHECK_THROW(setups.finish(annie.member, setup), domain::Unavailable);
    BOOST_TEST(!setups.look_at(setup));
    int calls = 0;
    gateway.trouble = [&] { return ++calls == 2 ? FakeCardPayments::Trouble::busy : FakeCardPayments::Trouble::none; };
    BOOST_TEST(!setups.look_at(setup)); // the card could not be read
    BOOST_TEST(list().empty());
    BOOST_TEST(setups.look_at(setup));
    BOOST_TEST(list().size() == 1u);
}

// P33: also a card that was not set up for charges without the member.
BOOST_AUTO_TEST_CASE(what_did_not_succeed_registers_nothing)
{
    using gateway::SetupState;
    const auto setup = begin();
    gateway.setup(setup).decline = domain::Decline{.code = "card_declined", .decline_code = "stolen_card"};
    auto result = setups.finish(annie.member, setup);
    BOOST_TEST(result.standing == SetupStanding::failed);
    BOOST_TEST(result.told_code == "generic_decline"); // that it is stolen is told to nobody
    for (const auto& [state, standing] : {std::pair{SetupState::requires_action, SetupStanding::requires_action},
             {SetupState::processing, SetupStanding::processing}, {SetupState::canceled, SetupStanding::failed},
             {SetupState::unrecognised, SetupStanding::processing}, {SetupState::requires_confirmation, SetupStanding::open}}) {
        gateway.setup(setup).state = state;
        BOOST_TEST(setups.finish(annie.member, setup).standing == standing);
    }
    gateway.play_registration(setup, "card a");
    gateway.setup(setup).off_session = false; // it could not be charged without the member
    BOOST_TEST(setups.finish(annie.member, setup).standing == SetupStanding::failed);
    BOOST_TEST(list().empty());
}

// An event may come late and twice: it neither brings a removed card back nor lets one be charged again that is left alone.
BOOST_AUTO_TEST_CASE(what_became_of_a_card_stays_when_it_is_heard_of_again)
{
    const auto setup = begin();
    const auto id = gateway.play_registration(setup, "card a");
    const auto card = setups.finish(annie.member, setup).card.value();
    fake::in_transaction([&](Session& session) { store::PaymentMethodStore{session}.stop_charging(card.uuid, "never_again"); });
    BOOST_TEST(setups.look_at(setup));
    BOOST_TEST(fake::text("SELECT stopped_for FROM payment_methods WHERE uuid = ?", card.uuid) == "never_again");

    remove(card.uuid);
    const auto again = setups.finish(annie.member, setup);
    BOOST_TEST(again.standing == SetupStanding::succeeded);
    BOOST_TEST(!again.card.has_value());
    gateway.untie(id);
    BOOST_TEST(setups.look_at(setup));
    BOOST_TEST(list().empty());
}

// P32: the same card once more is not another card.
BOOST_AUTO_TEST_CASE(the_same_card_in_a_second_registration_is_one_card)
{
    const auto first = begin();
    const auto second = begin();
    gateway.play_registration(first, "card a");
    gateway.play_registration(second, "card a");
    const auto card = setups.finish(annie.member, first).card.value();
    BOOST_TEST((setups.finish(annie.member, second).card.value().uuid == card.uuid));
    BOOST_TEST((setups.finish(annie.member, second).card.value().uuid == card.uuid));
    BOOST_TEST(list().size() == 1u);
}

BOOST_AUTO_TEST_CASE(the_last_consent_before_the_card_counts)
{
    const auto setup = begin();
    agree(setup, "fr");
    clock.set(fake::monday + std::chrono::minutes{5});
    const auto kept = agree(setup, "de");
    BOOST_TEST(kept.language == "de");
    BOOST_TEST((kept.given_at == clock.now()));
    gateway.play_registration(setup, "card a");
    setups.finish(annie.member, setup);
    clock.set(fake::monday + std::chrono::hours{5});
    BOOST_TEST(agree(setup, "it").language == "de");
    BOOST_TEST(row(setup).starts_with("2026-11-29 de 192.0.2.1 "));
    BOOST_TEST(row(setup).ends_with(" 1"));
}

BOOST_AUTO_TEST_CASE(a_registration_of_which_nothing_came_is_forgotten_after_a_month)
{
    const auto abandoned = begin();
    const auto used = begin();
    agree(abandoned);
    gateway.play_registration(used, "card a");
    setups.finish(annie.member, used);
    clock.set(fake::monday + std::chrono::days{29});
    setups.remove_abandoned();
    BOOST_TEST(row(abandoned) != "");
    clock.set(fake::monday + std::chrono::days{31});
    setups.remove_abandoned();
    BOOST_TEST(fake::count("SELECT COUNT(*) FROM card_setups WHERE gateway_id = ?", abandoned) == 0);
    BOOST_TEST(row(used).ends_with("1"));
}

BOOST_AUTO_TEST_SUITE_END()
