#pragma once
#include "domain/api_credential.h"
#include "gateway/clock.h"
#include "gateway/secret_box.h"
#include "store/database.h"

#include <optional>
#include <string>
#include <vector>

namespace service {

/// What a member wants a program to be able to do.
struct MakeApiKey {
    domain::Identity who{};
    std::string description{};
    std::vector<domain::AccessRule> rules{};
};

/// A key with what is told once and kept nowhere in clear.
struct NewApiKey {
    domain::ApiKey key{};
    std::string application_secret{};
    std::string consumer_key{};
};

/// The applications and credentials of members, as these see and manage them.
class ApiKeys {
public:
    static constexpr int per_member = 50;

    /// `clock` is the real one.
    ApiKeys(store::Database& database, const gateway::SecretBox& box, const gateway::Clock& clock)
        : database_{database}, box_{box}, clock_{clock}
    {
    }

    /// An application with a credential for its owner, ready to use. @throws domain::Refusal api_key_limit
    NewApiKey make(store::Session& session, const MakeApiKey& command);

    /// What acts for the member: the credentials that it has, from the oldest on.
    std::vector<domain::ApiKey> page(domain::MemberId member, std::optional<std::int64_t> after, int limit);

    /// @throws domain::Refusal not_found
    domain::ApiKey read(domain::MemberId member, std::int64_t credential);

    /// Ends a credential at once; with it the member's own application, if no other credential uses it. @throws domain::Refusal not_found
    void remove(store::Session& session, domain::MemberId member, std::int64_t credential);
    void remove(domain::MemberId member, std::int64_t credential);

    /// From where the credential may be used; none: from everywhere. @throws domain::Refusal not_found
    void limit_to(domain::MemberId member, std::int64_t credential, const std::vector<domain::IpBlock>& allowed_ips);

    /// The member's own applications. @throws domain::Refusal not_found
    std::vector<domain::ApiApplication> applications(domain::MemberId member);
    domain::ApiApplication application(domain::MemberId member, std::int64_t application);

    /// Ends the member's own application with all its credentials, whoever validated them. @throws domain::Refusal not_found
    void remove_application(domain::MemberId member, std::int64_t application);

    /// Seals every secret under the current key that is sealed under the previous one. Returns how many; safe to repeat.
    /// @throws std::runtime_error if one is sealed under neither
    std::size_t reseal();

private:
    bool reseal_one(std::int64_t application, const std::string& application_key, const std::string& sealed);

    store::Database& database_;
    const gateway::SecretBox& box_;
    const gateway::Clock& clock_;
};

} // namespace service
