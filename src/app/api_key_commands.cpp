#include "app/commands.h"

#include "api/table_text.h"
#include "app/app.h"
#include "app/operator.h"
#include "domain/refusal.h"
#include "service/api_keys.h"
#include "store/audit_store.h"
#include "store/member_store.h"

#include <CLI/CLI.hpp>

#include <memory>

namespace app {
namespace {

constexpr int all = 100'000;

/// What the commands stand on. Keys live by the real clock.
struct Parts {
    App app{"uncloud", std::chrono::minutes{10}};
    gateway::SecretBox box{app.secret_box()};
    std::unique_ptr<gateway::Clock> clock{gateway::make_system_clock(app.config.timezone)};
    service::ApiKeys keys{app.database, box, *clock};

    domain::MemberId member(const std::string& username)
    {
        const auto id = app.database.read([&](store::Session& session) { return store::MemberStore{session}.id_of(username); });
        if (!id) throw domain::Refusal{domain::Reason::not_found, "there is no member " + username};
        return *id;
    }
    void audit(store::Session& session, const std::string& action, const std::string& subject, const std::string& detail)
    {
        store::AuditStore{session}.add(
            {.at = app.clock->now(), .actor = operator_name(), .action = action, .subject = subject, .detail = detail});
    }
};

std::string day_or_dash(const std::optional<domain::Instant>& instant)
{
    return instant ? domain::to_text(std::chrono::floor<std::chrono::seconds>(*instant)) : "-";
}

/// What may act for the member in the cart API. @throws domain::Refusal not_found
void list_api_keys(std::ostream& out, const std::string& username)
{
    Parts parts;
    store::Table table{.columns = {"id", "application_key", "status", "created", "last_used", "expires", "description"},
        .numeric = {true, false, false, false, false, false, false}};
    for (const auto& [credential, application] : parts.keys.page(parts.member(username), std::nullopt, all))
        table.rows.push_back({std::to_string(credential.id), application.key,
            std::string{domain::to_text(domain::status_at(credential, parts.clock->now()))}, day_or_dash(credential.created_at),
            day_or_dash(credential.last_used_at), day_or_dash(credential.expires_at), application.description});
    out << api::plain_of(table);
}

/// Ends a key of the member, or all: whoever is removed from the directory keeps none. @throws domain::Refusal not_found
void revoke_api_keys(std::ostream& out, const std::string& username, std::optional<std::int64_t> id)
{
    Parts parts;
    const auto member = parts.member(username);
    std::vector<std::int64_t> ids;
    if (id) ids.push_back(*id);
    else
        for (const auto& key : parts.keys.page(member, std::nullopt, all)) ids.push_back(key.credential.id);
    parts.app.database.transact([&](store::Session& session) {
        for (const auto each : ids) {
            parts.keys.remove(session, member, each);
            parts.audit(session, "api_key.revoke", username, std::to_string(each));
        }
    });
    out << ids.size() << (ids.size() == 1 ? " key" : " keys") << " of " << username << " revoked\n";
}

/// Seals the secrets of all applications under the current key. @throws std::runtime_error if one opens under neither key
void reseal_api_keys(std::ostream& out)
{
    Parts parts;
    const auto resealed = parts.keys.reseal();
    parts.app.database.transact(
        [&](store::Session& session) { parts.audit(session, "api_key.reseal", "api_applications", std::to_string(resealed)); });
    out << resealed << (resealed == 1 ? " secret" : " secrets") << " sealed under the current key\n";
}

} // namespace

void add_api_key_commands(CLI::App& cli, std::ostream& out)
{
    static std::string username;
    static std::int64_t id{0};

    auto* keys = cli.add_subcommand("api-key", "keys of the cart API")->require_subcommand(1);
    auto* list = keys->add_subcommand("list", "what may act for a member, and when it was used last");
    list->add_option("username", username)->required();
    list->callback([&out] { list_api_keys(out, username); });
    auto* revoke = keys->add_subcommand("revoke", "end a key at once; --all: every key of the member, as when it leaves the directory");
    revoke->add_option("username", username)->required();
    auto* one = revoke->add_option("id", id, "as the list tells it");
    auto* every = revoke->add_flag("--all")->excludes(one);
    revoke->callback([&out, one, every] {
        if (one->empty() && every->empty()) throw std::invalid_argument{"name the id of a key, or --all"};
        revoke_api_keys(out, username, one->empty() ? std::nullopt : std::optional{id});
    });
    keys->add_subcommand("reseal", "seal all secrets under the current key; then the previous one can go")->callback([&out] {
        reseal_api_keys(out);
    });
}

} // namespace app
