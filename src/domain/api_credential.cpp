#include "domain/api_credential.h"

#include <stdexcept>

namespace domain {

std::string_view to_text(CredentialStatus status)
{
    switch (status) {
    case CredentialStatus::pending_validation: return "pendingValidation";
    case CredentialStatus::validated: return "validated";
    case CredentialStatus::refused: return "refused";
    case CredentialStatus::expired: return "expired";
    }
    throw std::domain_error{"no such status of a credential"};
}

CredentialStatus credential_status_from(std::string_view text)
{
    using enum CredentialStatus;
    for (const auto status : {pending_validation, validated, refused, expired})
        if (to_text(status) == text) return status;
    throw std::domain_error{"no such status of a credential"};
}

CredentialStatus status_at(const ApiCredential& credential, Instant now)
{
    const bool ran_out = credential.expires_at && *credential.expires_at <= now;
    return credential.status == CredentialStatus::validated && ran_out ? CredentialStatus::expired : credential.status;
}

} // namespace domain
