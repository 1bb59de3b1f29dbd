#include "service/api_requests.h"

#include "domain/refusal.h"
#include "gateway/random_key.h"
#include "store/api_key_store.h"
#include "store/sha256.h"

namespace service {
namespace {

domain::Refusal no_such_request()
{
    return {
        domain::Reason::not_found, "nobody waits for this decision: it was made already, or an hour has passed; let the program ask again"};
}

template <class Value> Value known(std::optional<Value> value)
{
    if (!value) throw no_such_request();
    return *std::move(value);
}

} // namespace

std::optional<NewCredentialRequest> ApiRequests::ask(const AskForCredential& command)
{
    const auto now = clock_.now();
    return database_.transact([&](store::Session& session) -> std::optional<NewCredentialRequest> {
        store::ApiKeyStore keys{session};
        const auto application = keys.application(command.application_key);
        if (!application) return std::nullopt;
        keys.remove_outdated_requests(application->id, now);
        if (keys.open_requests(application->id) >= open_per_application)
            throw domain::Refusal{domain::Reason::api_key_limit,
                "too many requests of this application wait to be decided; ask again when they are, or in an hour"};
        const NewCredentialRequest made{.consumer_key = gateway::random_key(32), .token = gateway::random_key(64)};
        keys.add_request({.application = application->id,
                             .rules = command.rules,
                             .allowed_ips = command.allowed_ips,
                             .redirection = command.redirection,
                             .created_at = now},
            store::sha256_of(made.consumer_key), store::sha256_of(made.token), now + good_for);
        return made;
    });
}

domain::ApiKey ApiRequests::read(const std::string& token)
{
    return known(database_.read(
        [&](store::Session& session) { return store::ApiKeyStore{session}.request(store::sha256_of(token), clock_.now()); }));
}

domain::ApiKey ApiRequests::accept(const std::string& token, domain::MemberId member, std::optional<std::chrono::days> duration)
{
    return decide(token, member, domain::CredentialStatus::validated, duration);
}

domain::ApiKey ApiRequests::refuse(const std::string& token, domain::MemberId member)
{
    return decide(token, member, domain::CredentialStatus::refused, std::nullopt);
}

/// Of two decisions at once the row takes one.
domain::ApiKey ApiRequests::decide(
    const std::string& token, domain::MemberId member, domain::CredentialStatus status, std::optional<std::chrono::days> duration)
{
    const auto now = clock_.now();
    const auto hash = store::sha256_of(token);
    const auto expires_at = duration ? std::optional{now + *duration} : std::nullopt;
    const auto accepted = status == domain::CredentialStatus::validated ? std::optional{member} : std::nullopt;
    auto key = database_.transact([&](store::Session& session) {
        store::ApiKeyStore keys{session};
        auto request = known(keys.request(hash, now));
        if (!keys.decide(hash, status, accepted, now, expires_at)) throw no_such_request();
        return request;
    });
    key.credential.status = status;
    key.credential.member = accepted;
    key.credential.expires_at = expires_at;
    return key;
}

} // namespace service
