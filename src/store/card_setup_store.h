#pragma once
#include "domain/card_consent.h"
#include "domain/member.h"
#include "domain/uuid.h"
#include "store/database.h"

#include <chrono>
#include <optional>
#include <string>

namespace store {

/// Rows of `card_setups`.
class CardSetupStore {
public:
    explicit CardSetupStore(Session& session) : session_{session} {}

    /// Writes down that a registration begins. The same attempt of the member again changes nothing.
    void begin(domain::MemberId member, const std::string& attempt, domain::Instant now);

    /// What the gateway calls the registration.
    void name(domain::MemberId member, const std::string& attempt, const std::string& gateway_id);

    /// Whose registration it is; nullopt: none of ours.
    std::optional<domain::MemberId> member_of(const std::string& gateway_id);

    /// The consent of a registration, unless a card came of it already. Returns false if the member has no such registration.
    bool consent(domain::MemberId member, const std::string& gateway_id, const domain::CardConsent& consent);

    /// The consent that counts; nullopt: none was given.
    std::optional<domain::CardConsent> consent_of(const std::string& gateway_id);

    /// The card that came of the registration. The first one stays.
    void finish(const std::string& gateway_id, const domain::Uuid& method);

    /// Forgets registrations of which nothing came: an address is kept no longer than there is a reason.
    void remove_abandoned(domain::Instant begun_before);

private:
    Session& session_;
};

} // namespace store
