#include "service/card_setups.h"

#include "domain/decline.h"
#include "domain/refusal.h"
#include "logging/log.h"
#include "store/card_setup_store.h"
#include "store/member_store.h"
#include "store/payment_method_store.h"

namespace service {
namespace {

using namespace std::chrono_literals;
using gateway::CallOutcome;
using gateway::SetupState;

constexpr auto keep_abandoned = 24h * 30;

domain::Refusal no_such_setup() { return {domain::Reason::not_found, "you have begun no registration of a card with this id"}; }

SetupStanding standing_of(const gateway::SetupIntent& seen)
{
    switch (seen.state) {
    case SetupState::succeeded: return SetupStanding::succeeded;
    case SetupState::requires_action: return SetupStanding::requires_action;
    case SetupState::requires_payment_method: return seen.decline ? SetupStanding::failed : SetupStanding::open;
    case SetupState::requires_confirmation: return SetupStanding::open;
    case SetupState::canceled: return SetupStanding::failed;
    case SetupState::processing:
    case SetupState::unrecognised: return SetupStanding::processing;
    }
    return SetupStanding::processing;
}

} // namespace

CardSetup CardSetups::begin(domain::MemberId member, const std::string& attempt)
{
    const auto customer = methods_.customer_of(member);
    const auto account = database_.transact([&](store::Session& session) {
        store::CardSetupStore{session}.begin(member, attempt, clock_.now());
        return store::MemberStore{session}.read(member).value().uuid.text();
    });
    const auto answer =
        gateway_.create_setup(customer, account, "seti-" + std::to_string(static_cast<std::int64_t>(member)) + '-' + attempt);
    if (answer.outcome == CallOutcome::refused || answer.outcome == CallOutcome::missing)
        logging::event("error", "card_setup_refused", {{"code", answer.error.code}, {"stripe_request_id", answer.request_id}});
    if (answer.outcome != CallOutcome::done) throw domain::Unavailable{"card_gateway_unavailable"};
    const auto& made = answer.value;
    database_.transact([&](store::Session& session) {
        store::CardSetupStore setups{session};
        setups.name(member, attempt, made.id);
        if (setups.member_of(made.id)) return;
        setups.begin(member, made.id, clock_.now()); // the key was older than the gateway keeps them: this is another one
        setups.name(member, made.id, made.id);
    });
    return {.id = made.id, .client_secret = made.client_secret};
}

domain::CardConsent CardSetups::consent(domain::MemberId member, const std::string& setup, domain::CardConsent consent)
{
    consent.given_at = clock_.now();
    return database_.transact([&](store::Session& session) {
        store::CardSetupStore setups{session};
        if (!setups.consent(member, setup, consent)) throw no_such_setup();
        return setups.consent_of(setup).value();
    });
}

SetupResult CardSetups::finish(domain::MemberId member, const std::string& setup)
{
    const auto owner = database_.read([&](store::Session& session) { return store::CardSetupStore{session}.member_of(setup); });
    if (owner != member) throw no_such_setup();
    auto result = take(setup);
    if (!result) throw domain::Unavailable{"card_gateway_unavailable"};
    return *std::move(result);
}

void CardSetups::remove_abandoned()
{
    database_.transact([&](store::Session& session) { store::CardSetupStore{session}.remove_abandoned(clock_.now() - keep_abandoned); });
}

/// The one function: what the gateway says now is written down, once. nullopt: it did not answer.
std::optional<SetupResult> CardSetups::take(const std::string& setup)
{
    const auto answer = gateway_.retrieve_setup(setup);
    if (answer.outcome == CallOutcome::missing) return SetupResult{.standing = SetupStanding::failed};
    if (answer.outcome != CallOutcome::done) return std::nullopt;
    const auto& seen = answer.value;
    // A card that was not set up for charges without the member would be refused at each of them.
    if (seen.state == SetupState::succeeded && (!seen.off_session || seen.payment_method.empty()))
        return SetupResult{.standing = SetupStanding::failed};
    if (seen.state == SetupState::succeeded) return take_card(seen);
    return SetupResult{
        .standing = standing_of(seen), .told_code = seen.decline ? std::string{domain::told_code(*seen.decline)} : std::string{}};
}

std::optional<SetupResult> CardSetups::take_card(const gateway::SetupIntent& seen)
{
    SetupResult result{.standing = SetupStanding::succeeded};
    const auto member =
        database_.read([&](store::Session& session) { return store::PaymentMethodStore{session}.member_of_customer(seen.customer); });
    if (!member) return result; // another installation's
    const auto found = gateway_.retrieve_card(seen.payment_method);
    if (found.outcome == CallOutcome::missing) return result;
    if (found.outcome != CallOutcome::done) return std::nullopt;
    if (found.value.customer != seen.customer) return result; // removed, and untied since
    const auto& card = found.value.card;
    database_.transact([&](store::Session& session) {
        store::PaymentMethodStore methods{session};
        // Heard again, perhaps long after: what became of the card since stays.
        result.card = methods.knows_card(*member, card.gateway_id) ? methods.same_card(*member, card)
                                                                   : methods_.register_card(session, *member, {card}).method;
        if (result.card) store::CardSetupStore{session}.finish(seen.id, result.card->uuid);
    });
    return result;
}

} // namespace service
