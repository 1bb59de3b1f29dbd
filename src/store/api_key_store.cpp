#include "store/api_key_store.h"

#include "store/sql.h"
#include "store/statement.h"

// The columns of a credential and of its application, for the tables c and a. A call may name a credential that there is not.
#define CREDENTIAL_COLUMNS                                                                                                                 \
    "COALESCE(c.id, 0), a.id, c.member_id, COALESCE(c.status, 'refused'), COALESCE(c.rules, ''), COALESCE(c.allowed_ips, ''),"             \
    " COALESCE(c.redirection, ''), CAST(COALESCE(c.created_at, a.created_at) AS CHAR), CAST(c.expires_at AS CHAR),"                        \
    " CAST(c.last_used_at AS CHAR)"
#define APPLICATION_COLUMNS "a.id, a.member_id, a.application_key, a.description, CAST(a.created_at AS CHAR)"
#define SELECT_KEYS                                                                                                                        \
    "SELECT " CREDENTIAL_COLUMNS ", " APPLICATION_COLUMNS " FROM api_credentials c JOIN api_applications a ON a.id = c.application_id "
#define SELECT_APPLICATIONS "SELECT " APPLICATION_COLUMNS " FROM api_applications a "

namespace store {
namespace {

using Text = std::optional<std::string>;
using Number = std::optional<std::int64_t>;
using CredentialRow =
    std::tuple<std::int64_t, std::int64_t, Number, std::string, std::string, std::string, std::string, std::string, Text, Text>;
using ApplicationRow = std::tuple<std::int64_t, std::int64_t, std::string, std::string, std::string>;
using KeyRow = decltype(std::tuple_cat(CredentialRow{}, ApplicationRow{}));
using CallerRow = decltype(std::tuple_cat(KeyRow{}, std::tuple<std::string, Text>{}));

std::int64_t number_of(domain::MemberId member) { return static_cast<std::int64_t>(member); }

/// select() with the columns of a row type.
template <class Row, class... Args> std::vector<Row> select_rows(Session& session, const char* sql, const Args&... args)
{
    return [&]<class... Columns>(std::type_identity<std::tuple<Columns...>>) { return select<Columns...>(session, sql, args...); }(
               std::type_identity<Row>{});
}

/// The columns from `First` on that make up the part.
template <class Part, std::size_t First, class Row> Part part_of(const Row& row)
{
    return [&]<std::size_t... I>(std::index_sequence<I...>) { return Part{std::get<First + I>(row)...}; }
    (std::make_index_sequence<std::tuple_size_v<Part>>{});
}

domain::ApiApplication application_of(const ApplicationRow& row)
{
    const auto& [id, owner, key, description, created_at] = row;
    return {.id = id, .owner = domain::MemberId{owner}, .key = key, .description = description, .created_at = instant_of(created_at)};
}

domain::ApiCredential credential_of(const CredentialRow& row)
{
    const auto& [id, application, member, status, rules, allowed_ips, redirection, created_at, expires_at, last_used_at] = row;
    return {.id = id,
        .application = application,
        .member = member ? std::optional{domain::MemberId{*member}} : std::nullopt,
        .status = domain::credential_status_from(status),
        .rules = domain::access_rules_of(rules),
        .allowed_ips = domain::ip_blocks_of(allowed_ips),
        .redirection = redirection,
        .created_at = instant_of(created_at),
        .expires_at = instant_of(expires_at),
        .last_used_at = instant_of(last_used_at)};
}

template <class Row> domain::ApiKey key_of_row(const Row& row)
{
    return {credential_of(part_of<CredentialRow, 0>(row)), application_of(part_of<ApplicationRow, std::tuple_size_v<CredentialRow>>(row))};
}

template <class... Args> std::vector<domain::ApiKey> select_keys(Session& session, const char* sql, const Args&... args)
{
    std::vector<domain::ApiKey> keys;
    for (const auto& row : select_rows<KeyRow>(session, sql, args...)) keys.push_back(key_of_row(row));
    return keys;
}

template <class... Args> std::vector<domain::ApiApplication> select_applications(Session& session, const char* sql, const Args&... args)
{
    std::vector<domain::ApiApplication> applications;
    for (const auto& row : select_rows<ApplicationRow>(session, sql, args...)) applications.push_back(application_of(row));
    return applications;
}

template <class Value> std::optional<Value> first_of(std::vector<Value> values)
{
    return values.empty() ? std::nullopt : std::optional{std::move(values.front())};
}

Number id_of(const std::optional<domain::MemberId>& member) { return member ? std::optional{number_of(*member)} : std::nullopt; }

Text sql_of(const std::optional<domain::Instant>& instant) { return instant ? std::optional{to_sql(*instant)} : std::nullopt; }

} // namespace

std::int64_t ApiKeyStore::add_application(const domain::ApiApplication& application, const std::string& sealed_secret)
{
    return insert(session_,
        "INSERT INTO api_applications (member_id, application_key, sealed_secret, description, created_at) VALUES (?, ?, ?, ?, ?)",
        number_of(application.owner), application.key, sealed_secret, application.description, to_sql(application.created_at));
}

std::int64_t ApiKeyStore::add_credential(const domain::ApiCredential& credential, const std::string& consumer_key_hash)
{
    const auto now = to_sql(credential.created_at);
    return insert(session_,
        "INSERT INTO api_credentials (application_id, member_id, consumer_key_hash, status, rules, allowed_ips, created_at, decided_at)"
        " VALUES (?, ?, ?, 'validated', ?, ?, ?, ?)",
        credential.application, number_of(credential.member.value()), consumer_key_hash, domain::to_text(credential.rules),
        domain::to_text(credential.allowed_ips), now, now);
}

std::int64_t ApiKeyStore::add_request(const domain::ApiCredential& credential, const std::string& consumer_key_hash,
    const std::string& token_hash, domain::Instant token_expires_at)
{
    return insert(session_,
        "INSERT INTO api_credentials"
        " (application_id, consumer_key_hash, status, rules, allowed_ips, redirection, token_hash, token_expires_at, created_at)"
        " VALUES (?, ?, 'pendingValidation', ?, ?, ?, ?, ?, ?)",
        credential.application, consumer_key_hash, domain::to_text(credential.rules), domain::to_text(credential.allowed_ips),
        credential.redirection, token_hash, to_sql(token_expires_at), to_sql(credential.created_at));
}

std::optional<ApiCaller> ApiKeyStore::caller(const std::string& application_key, const std::string& consumer_key_hash)
{
    const auto row = first_of(select_rows<CallerRow>(session_,
        "SELECT " CREDENTIAL_COLUMNS ", " APPLICATION_COLUMNS ", a.sealed_secret, m.uid FROM api_applications a"
        " LEFT JOIN api_credentials c ON c.consumer_key_hash = ? AND c.application_id = a.id"
        " LEFT JOIN members m ON m.id = c.member_id WHERE a.application_key = ?",
        consumer_key_hash, application_key));
    if (!row) return std::nullopt;
    auto [credential, application] = key_of_row(*row);
    constexpr auto rest = std::tuple_size_v<KeyRow>;
    ApiCaller caller{
        .application = std::move(application), .sealed_secret = std::get<rest>(*row), .member_uid = std::get<rest + 1>(*row).value_or("")};
    if (credential.id != 0) caller.credential = std::move(credential);
    return caller;
}

std::optional<domain::ApiApplication> ApiKeyStore::application(const std::string& application_key)
{
    return first_of(select_applications(session_, SELECT_APPLICATIONS "WHERE a.application_key = ?", application_key));
}

void ApiKeyStore::use(std::int64_t credential, domain::Instant now, domain::Instant since)
{
    execute(session_, "UPDATE api_credentials SET last_used_at = ? WHERE id = ? AND (last_used_at IS NULL OR last_used_at < ?)",
        to_sql(now), credential, to_sql(since));
}

std::optional<domain::ApiKey> ApiKeyStore::request(const std::string& token_hash, domain::Instant now)
{
    return first_of(select_keys(session_,
        SELECT_KEYS "WHERE c.token_hash = ? AND c.status = 'pendingValidation' AND c.token_expires_at > ?", token_hash, to_sql(now)));
}

bool ApiKeyStore::decide(const std::string& token_hash, domain::CredentialStatus status, const std::optional<domain::MemberId>& member,
    domain::Instant now, const std::optional<domain::Instant>& expires_at)
{
    return execute(session_,
               "UPDATE api_credentials SET status = ?, member_id = ?, decided_at = ?, expires_at = ?, token_hash = NULL"
               " WHERE token_hash = ? AND status = 'pendingValidation' AND token_expires_at > ?",
               domain::to_text(status), id_of(member), to_sql(now), sql_of(expires_at), token_hash, to_sql(now))
        == 1;
}

void ApiKeyStore::remove_outdated_requests(std::int64_t application, domain::Instant now)
{
    execute(session_,
        "DELETE FROM api_credentials WHERE application_id = ? AND status IN ('pendingValidation', 'refused') AND token_expires_at <= ? "
        "LIMIT 100",
        application, to_sql(now));
}

std::int64_t ApiKeyStore::open_requests(std::int64_t application)
{
    return std::get<0>(select_first<std::int64_t>(
        session_, "SELECT COUNT(*) FROM api_credentials WHERE application_id = ? AND status = 'pendingValidation'", application)
                           .value());
}

std::vector<domain::ApiKey> ApiKeyStore::keys_of(domain::MemberId member, std::optional<std::int64_t> after, int limit)
{
    return select_keys(
        session_, SELECT_KEYS "WHERE c.member_id = ? AND c.id > ? ORDER BY c.id LIMIT ?", number_of(member), after.value_or(0), limit);
}

std::optional<domain::ApiKey> ApiKeyStore::key_of(domain::MemberId member, std::int64_t credential)
{
    return first_of(select_keys(session_, SELECT_KEYS "WHERE c.id = ? AND c.member_id = ?", credential, number_of(member)));
}

std::vector<domain::ApiApplication> ApiKeyStore::applications_of(domain::MemberId member)
{
    return select_applications(session_, SELECT_APPLICATIONS "WHERE a.member_id = ? ORDER BY a.id", number_of(member));
}

std::int64_t ApiKeyStore::count_applications_for_update(domain::MemberId member)
{
    select_first<std::int64_t>(session_, "SELECT id FROM members WHERE id = ? FOR UPDATE", number_of(member));
    return std::get<0>(
        select_first<std::int64_t>(session_, "SELECT COUNT(*) FROM api_applications WHERE member_id = ?", number_of(member)).value());
}

bool ApiKeyStore::limit_to(domain::MemberId member, std::int64_t credential, const std::vector<domain::IpBlock>& allowed_ips)
{
    return execute(session_, "UPDATE api_credentials SET allowed_ips = ? WHERE id = ? AND member_id = ?", domain::to_text(allowed_ips),
               credential, number_of(member))
        == 1;
}

bool ApiKeyStore::remove_credential(domain::MemberId member, std::int64_t credential)
{
    return execute(session_, "DELETE FROM api_credentials WHERE id = ? AND member_id = ?", credential, number_of(member)) == 1;
}

bool ApiKeyStore::remove_application(domain::MemberId member, std::int64_t application)
{
    return execute(session_, "DELETE FROM api_applications WHERE id = ? AND member_id = ?", application, number_of(member)) == 1;
}

void ApiKeyStore::remove_unused_application(domain::MemberId member, std::int64_t application)
{
    execute(session_,
        "DELETE FROM api_applications WHERE id = ? AND member_id = ?"
        " AND NOT EXISTS (SELECT 1 FROM api_credentials c WHERE c.application_id = api_applications.id AND c.status = 'validated')",
        application, number_of(member));
}

void ApiKeyStore::expire(std::int64_t credential)
{
    execute(session_, "UPDATE api_credentials SET status = 'expired' WHERE id = ?", credential);
}

std::vector<SealedSecret> ApiKeyStore::secrets_after(std::int64_t application, int limit)
{
    std::vector<SealedSecret> secrets;
    for (auto& [id, key, sealed] : select<std::int64_t, std::string, std::string>(session_,
             "SELECT id, application_key, sealed_secret FROM api_applications WHERE id > ? ORDER BY id LIMIT ?", application, limit))
        secrets.push_back({id, key, sealed});
    return secrets;
}

bool ApiKeyStore::reseal(const SealedSecret& secret, const std::string& sealed)
{
    return execute(session_, "UPDATE api_applications SET sealed_secret = ? WHERE id = ? AND sealed_secret = ?", sealed, secret.application,
               secret.sealed)
        == 1;
}

} // namespace store
