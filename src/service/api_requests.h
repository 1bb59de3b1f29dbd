#pragma once
#include "domain/api_credential.h"
#include "gateway/clock.h"
#include "store/database.h"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace service {

/// What an application asks members for.
struct AskForCredential {
    std::string application_key{};
    std::vector<domain::AccessRule> rules{};
    std::vector<domain::IpBlock> allowed_ips{};
    std::string redirection{};
};

struct NewCredentialRequest {
    std::string consumer_key{}; ///< good for nothing until somebody validates it
    std::string token{};        ///< opens the page on which a member decides
};

/// Credentials that applications ask for and members grant: whoever has the token may decide, once, within an hour.
class ApiRequests {
public:
    static constexpr std::chrono::hours good_for{1};
    static constexpr int open_per_application = 1000;

    /// `clock` is the real one.
    ApiRequests(store::Database& database, const gateway::Clock& clock) : database_{database}, clock_{clock} {}

    /// nullopt: there is no such application. @throws domain::Refusal api_key_limit if too many wait to be decided
    std::optional<NewCredentialRequest> ask(const AskForCredential& command);

    /// What the token is about. @throws domain::Refusal not_found if it was decided, is too old, or never was
    domain::ApiKey read(const std::string& token);

    /// The credential acts for the member from now on, for as long as it says (none: until it is revoked).
    /// @throws domain::Refusal not_found
    domain::ApiKey accept(const std::string& token, domain::MemberId member, std::optional<std::chrono::days> duration);

    /// @throws domain::Refusal not_found
    domain::ApiKey refuse(const std::string& token, domain::MemberId member);

private:
    domain::ApiKey decide(
        const std::string& token, domain::MemberId member, domain::CredentialStatus status, std::optional<std::chrono::days> duration);

    store::Database& database_;
    const gateway::Clock& clock_;
};

} // namespace service
