#include "service/api_keys.h"

#include "domain/refusal.h"
#include "gateway/random_key.h"
#include "store/api_key_store.h"
#include "store/sha256.h"

#include <algorithm>
#include <stdexcept>

namespace service {
namespace {

using domain::Reason;
using domain::Refusal;

Refusal no_such_credential(std::int64_t id)
{
    return {Reason::not_found, "you have no credential " + std::to_string(id) + "; GET /api-keys lists them"};
}

Refusal no_such_application(std::int64_t id)
{
    return {Reason::not_found, "you have no application " + std::to_string(id) + "; GET /me/api/application lists them"};
}

} // namespace

NewApiKey ApiKeys::make(store::Session& session, const MakeApiKey& command)
{
    store::ApiKeyStore keys{session};
    if (keys.count_applications_for_update(command.who.member) >= per_member)
        throw Refusal{
            Reason::api_key_limit, "you have " + std::to_string(per_member) + " api keys; DELETE /api-keys/{id} those not needed"};

    NewApiKey made{.application_secret = gateway::random_key(32), .consumer_key = gateway::random_key(32)};
    auto& [credential, application] = made.key;
    const auto now = clock_.now();
    application = {.owner = command.who.member, .key = gateway::random_key(16), .description = command.description, .created_at = now};
    application.id = keys.add_application(application, box_.seal(made.application_secret, application.key));
    credential = {.application = application.id,
        .member = command.who.member,
        .status = domain::CredentialStatus::validated,
        .rules = command.rules,
        .created_at = now};
    credential.id = keys.add_credential(credential, store::sha256_of(made.consumer_key));
    return made;
}

std::vector<domain::ApiKey> ApiKeys::page(domain::MemberId member, std::optional<std::int64_t> after, int limit)
{
    return database_.read([&](store::Session& session) { return store::ApiKeyStore{session}.keys_of(member, after, limit); });
}

domain::ApiKey ApiKeys::read(domain::MemberId member, std::int64_t credential)
{
    auto key = database_.read([&](store::Session& session) { return store::ApiKeyStore{session}.key_of(member, credential); });
    if (!key) throw no_such_credential(credential);
    return *std::move(key);
}

void ApiKeys::remove(store::Session& session, domain::MemberId member, std::int64_t credential)
{
    store::ApiKeyStore keys{session};
    const auto key = keys.key_of(member, credential);
    if (!key || !keys.remove_credential(member, credential)) throw no_such_credential(credential);
    keys.remove_unused_application(member, key->application.id);
}

void ApiKeys::remove(domain::MemberId member, std::int64_t credential)
{
    database_.transact([&](store::Session& session) { remove(session, member, credential); });
}

void ApiKeys::limit_to(domain::MemberId member, std::int64_t credential, const std::vector<domain::IpBlock>& allowed_ips)
{
    const bool done =
        database_.transact([&](store::Session& session) { return store::ApiKeyStore{session}.limit_to(member, credential, allowed_ips); });
    if (!done) throw no_such_credential(credential);
}

std::vector<domain::ApiApplication> ApiKeys::applications(domain::MemberId member)
{
    return database_.read([&](store::Session& session) { return store::ApiKeyStore{session}.applications_of(member); });
}

domain::ApiApplication ApiKeys::application(domain::MemberId member, std::int64_t application)
{
    const auto all = applications(member);
    const auto found = std::ranges::find(all, application, &domain::ApiApplication::id);
    if (found == all.end()) throw no_such_application(application);
    return *found;
}

void ApiKeys::remove_application(domain::MemberId member, std::int64_t application)
{
    const bool done =
        database_.transact([&](store::Session& session) { return store::ApiKeyStore{session}.remove_application(member, application); });
    if (!done) throw no_such_application(application);
}

std::size_t ApiKeys::reseal()
{
    constexpr int at_a_time = 100;
    std::size_t resealed = 0;
    for (std::int64_t last = 0;;) {
        const auto secrets =
            database_.read([&](store::Session& session) { return store::ApiKeyStore{session}.secrets_after(last, at_a_time); });
        if (secrets.empty()) return resealed;
        for (const auto& [application, key, sealed] : secrets) resealed += reseal_one(application, key, sealed) ? 1 : 0;
        last = secrets.back().application;
    }
}

bool ApiKeys::reseal_one(std::int64_t application, const std::string& application_key, const std::string& sealed)
{
    if (box_.is_current(sealed)) return false;
    const auto secret = box_.open(sealed, application_key);
    if (!secret)
        throw std::runtime_error{"the secret of application " + application_key
            + " opens under neither key: put the key it was sealed with into [api] previous_secret_key_file"};
    return database_.transact([&](store::Session& session) {
        return store::ApiKeyStore{session}.reseal({application, application_key, sealed}, box_.seal(*secret, application_key));
    });
}

} // namespace service
