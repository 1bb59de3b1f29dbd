#pragma once
#include "domain/access_rule.h"
#include "domain/calendar.h"
#include "domain/ip_block.h"
#include "domain/member.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace domain {

/// A program that calls the API: it names itself by its key and signs with its secret.
struct ApiApplication {
    std::int64_t id{0};
    MemberId owner{};
    std::string key{};
    std::string description{};
    Instant created_at{};
};

enum class CredentialStatus { pending_validation, validated, refused, expired };

/// "pendingValidation", "validated", "refused", "expired": the words of the OVH API. @throws std::domain_error for another text
std::string_view to_text(CredentialStatus status);
CredentialStatus credential_status_from(std::string_view text);

/// What an application may do for a member.
struct ApiCredential {
    std::int64_t id{0};
    std::int64_t application{0};
    std::optional<MemberId> member{}; ///< who validated it
    CredentialStatus status{CredentialStatus::pending_validation};
    std::vector<AccessRule> rules{};
    std::vector<IpBlock> allowed_ips{}; ///< none: from everywhere
    std::string redirection{};
    Instant created_at{};
    std::optional<Instant> expires_at{}; ///< none: never
    std::optional<Instant> last_used_at{};
};

/// A credential with the application it belongs to.
struct ApiKey {
    ApiCredential credential{};
    ApiApplication application{};
};

/// The status that counts at the instant: what was validated expires.
CredentialStatus status_at(const ApiCredential& credential, Instant now);

} // namespace domain
