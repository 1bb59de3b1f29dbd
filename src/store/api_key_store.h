#pragma once
#include "domain/api_credential.h"
#include "store/database.h"

#include <optional>
#include <string>
#include <vector>

namespace store {

/// All that one look finds of a call: the application it names, and that application's credential, if it has it.
struct ApiCaller {
    domain::ApiApplication application{};
    std::string sealed_secret{};
    std::optional<domain::ApiCredential> credential{};
    std::string member_uid{}; ///< of whoever validated the credential
};

/// An application's secret as it is sealed.
struct SealedSecret {
    std::int64_t application{0};
    std::string application_key{};
    std::string sealed{};
};

/// Rows of `api_applications` and `api_credentials`.
class ApiKeyStore {
public:
    explicit ApiKeyStore(Session& session) : session_{session} {}

    /// @returns its id
    std::int64_t add_application(const domain::ApiApplication& application, const std::string& sealed_secret);

    /// @returns its id
    std::int64_t add_credential(const domain::ApiCredential& credential, const std::string& consumer_key_hash);

    /// A credential that waits until somebody opens the page of the decision with the token. @returns its id
    std::int64_t add_request(const domain::ApiCredential& credential, const std::string& consumer_key_hash, const std::string& token_hash,
        domain::Instant token_expires_at);

    /// Who calls; nullopt: there is no such application.
    std::optional<ApiCaller> caller(const std::string& application_key, const std::string& consumer_key_hash);
    std::optional<domain::ApiApplication> application(const std::string& application_key);

    /// Notes that the credential was used, if that was longer ago than `since`.
    void use(std::int64_t credential, domain::Instant now, domain::Instant since);

    /// The request that the token opens: nobody has decided it yet, and it is not too old.
    std::optional<domain::ApiKey> request(const std::string& token_hash, domain::Instant now);

    /// Decides it; `member` is whose credential it is from now on. Returns false if somebody else has, or it is too old.
    bool decide(const std::string& token_hash, domain::CredentialStatus status, const std::optional<domain::MemberId>& member,
        domain::Instant now, const std::optional<domain::Instant>& expires_at);

    /// Requests of the application that nobody decided in time or that were refused a while ago: at most a hundred at once.
    void remove_outdated_requests(std::int64_t application, domain::Instant now);
    std::int64_t open_requests(std::int64_t application);

    std::vector<domain::ApiKey> keys_of(domain::MemberId member, std::optional<std::int64_t> after, int limit);
    std::optional<domain::ApiKey> key_of(domain::MemberId member, std::int64_t credential);

    /// The member's own applications, and one of them.
    std::vector<domain::ApiApplication> applications_of(domain::MemberId member);

    /// How many applications the member has; whoever else makes one for it waits until this transaction ends.
    std::int64_t count_applications_for_update(domain::MemberId member);

    // These return false if there is no such row of the member's.
    bool limit_to(domain::MemberId member, std::int64_t credential, const std::vector<domain::IpBlock>& allowed_ips);
    bool remove_credential(domain::MemberId member, std::int64_t credential);
    bool remove_application(domain::MemberId member, std::int64_t application);

    /// Removes the member's own application if no credential of it is validated any more.
    void remove_unused_application(domain::MemberId member, std::int64_t application);

    /// Ends a credential; calls with it are refused from now on.
    void expire(std::int64_t credential);

    /// Secrets behind an application's id, by id; and the same secret under another key, unless it was sealed anew meanwhile.
    std::vector<SealedSecret> secrets_after(std::int64_t application, int limit);
    bool reseal(const SealedSecret& secret, const std::string& sealed);

private:
    Session& session_;
};

} // namespace store
