#pragma once
#include "domain/member.h"
#include "domain/payment_method.h"
#include "store/database.h"

#include <optional>
#include <string>
#include <vector>

namespace store {

/// A payment method that waits for an operator.
struct Application {
    domain::PaymentMethod method{};
    std::string uid{};
    std::string name{};
};

/// A payment method with the number by which the cart API names it, which knows no uuids.
struct NumberedMethod {
    std::int64_t number{0};
    domain::PaymentMethod method{};
};

/// Rows of `payment_methods`, and the members' customers at the gateway.
class PaymentMethodStore {
public:
    explicit PaymentMethodStore(Session& session) : session_{session} {}

    /// Adds the method. Returns false if the member has it already: an invoice method that is requested or active, or an
    /// active card with the same fingerprint and expiry.
    bool add(domain::MemberId member, const domain::PaymentMethod& method);

    /// The member's methods that were not removed, oldest first.
    std::vector<domain::PaymentMethod> of_member(domain::MemberId member);

    /// Those of them that can be used, oldest first.
    std::vector<NumberedMethod> active_of(domain::MemberId member);

    std::optional<domain::PaymentMethod> by_uuid(domain::MemberId member, const domain::Uuid& uuid);

    /// As by_uuid; all the member's methods are locked, so that the last one is not removed twice.
    std::optional<domain::PaymentMethod> lock(domain::MemberId member, const domain::Uuid& uuid);

    // What made add() say no, also if this transaction began too early to see it.
    std::optional<domain::PaymentMethod> open_invoice(domain::MemberId member);
    std::optional<domain::PaymentMethod> same_card(domain::MemberId member, const domain::Card& card);

    /// True if the card of this id at the gateway is written down for the member, be it a removed one.
    bool knows_card(domain::MemberId member, const std::string& gateway_id);

    /// The gateway's id of a removed card; nullopt if it is no removed card.
    std::optional<std::string> removed_card(const domain::Uuid& uuid);

    bool has_other_active(domain::MemberId member, const domain::Uuid& uuid);

    /// Makes an active method the default in place of the one before.
    void make_default(domain::MemberId member, const domain::Uuid& uuid);

    /// Makes the method the default if the member has none yet.
    void make_default_if_none(domain::MemberId member, const domain::Uuid& uuid);

    /// The oldest other active method becomes the default if this one was.
    void remove(domain::MemberId member, const domain::Uuid& uuid);

    /// The card is not charged any more unless the member asks for it, as its issuer does not want it. `why` is a slug.
    void stop_charging(const domain::Uuid& uuid, const std::string& why);

    /// The card's data were renewed, or it was charged with success: it may be charged again.
    void resume_charging(const domain::Uuid& uuid);

    /// Requested applications, oldest first.
    std::vector<Application> applications(int limit);

    /// Decides a requested application. Returns its member, or nullopt if there is none to decide.
    std::optional<domain::MemberId> decide(const domain::Uuid& uuid, bool approve, const std::string& actor, domain::Instant now);

    /// The card's data as the gateway has them now; it may be charged again.
    void renew_card(const domain::Card& card);

    std::optional<domain::MemberId> member_of_customer(const std::string& gateway_id);
    std::optional<std::string> gateway_customer(domain::MemberId member);
    void add_gateway_customer(domain::MemberId member, const std::string& gateway_id);

private:
    Session& session_;
};

} // namespace store
