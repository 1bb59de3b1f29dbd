#include "gateway/directory.h"
#include "gateway/ldap_connection.h"
#include "logging/log.h"

#include <algorithm>
#include <csignal>
#include <mutex>
#include <optional>
#include <string_view>
#include <strings.h>
#include <utility>

namespace gateway {
namespace {

using namespace ldap;

constexpr std::size_t max_name_length = 64;
constexpr std::size_t max_password_length = 1024;
constexpr std::size_t max_kept_pairs = 32;

/// [a-z_][a-z0-9_.-]{0,63} in either case: LDAP compares names without case, and so do we.
bool is_account_name(std::string_view text)
{
    const auto begins = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
    const auto goes_on = [&](char c) { return begins(c) || (c >= '0' && c <= '9') || c == '.' || c == '-'; };
    if (text.empty() || text.size() > max_name_length) return false;
    return begins(text.front()) && std::ranges::all_of(text, goes_on);
}

bool equal_without_case(const std::string& a, const std::string& b)
{
    return a.size() == b.size() && ::strncasecmp(a.data(), b.data(), a.size()) == 0;
}

std::string escaped_for_filter(const std::string& value)
{
    auto plain = view_of(value);
    berval escaped{};
    require("filter", ldap_bv2escaped_filter_value(&plain, &escaped));
    std::string text{escaped.bv_val, escaped.bv_len};
    ber_memfree(escaped.bv_val);
    return text;
}

/// Two connections, because a bind changes who a connection is: one stays the service account, one becomes each member.
struct Pair {
    Pair(const DirectorySettings& settings, Protection protection, Clock::time_point deadline)
        : service{settings, protection, deadline}, member{settings, protection, deadline}
    {
        if (settings.service_dn.empty()) return; // a directory that everybody may search
        const int id = service.send_bind(settings.service_dn, settings.password);
        require("service_bind", service.collect("service_bind", id).code);
    }

    void limit(Clock::time_point deadline)
    {
        service.limit(deadline);
        member.limit(deadline);
    }

    Connection service, member;
};

/// Pairs nobody uses at the moment.
class KeptPairs {
public:
    std::unique_ptr<Pair> take()
    {
        const std::lock_guard guard{mutex_};
        if (pairs_.empty()) return nullptr;
        auto pair = std::move(pairs_.back());
        pairs_.pop_back();
        return pair;
    }

    void keep(std::unique_ptr<Pair> pair)
    {
        const std::lock_guard guard{mutex_};
        if (pairs_.size() < max_kept_pairs) pairs_.push_back(std::move(pair));
    }

private:
    std::mutex mutex_{};
    std::vector<std::unique_ptr<Pair>> pairs_{};
};

struct Account {
    std::string dn{};
    domain::DirectoryEntry entry{};
};

std::vector<std::string> values_of(LDAP* handle, LDAPMessage* entry, const std::string& attribute)
{
    std::vector<std::string> texts;
    berval** values = ldap_get_values_len(handle, entry, attribute.c_str());
    for (auto value = values; value && *value; ++value) texts.emplace_back((*value)->bv_val, (*value)->bv_len);
    if (values) ldap_value_free_len(values);
    return texts;
}

/// The one spelling under which we know an account. Of several names it is the one in the DN: an alias must not become
/// a second member.
std::optional<std::string> canonical_name(const std::vector<std::string>& names, const std::string& dn, const std::string& attribute)
{
    for (const auto& name : names) {
        const auto naming = attribute + "=" + name + ",";
        const bool counts = names.size() == 1 || equal_without_case(dn.substr(0, naming.size()), naming);
        if (counts && is_account_name(name)) return name;
    }
    return std::nullopt;
}

std::optional<Account> account_of(LDAP* handle, LDAPMessage* entry, const std::string& attribute)
{
    char* dn = ldap_get_dn(handle, entry);
    if (!dn) throw Failure{"search", LDAP_DECODING_ERROR};
    Account account{.dn = dn, .entry = {}};
    ldap_memfree(dn);

    const auto uid = canonical_name(values_of(handle, entry, attribute), account.dn, attribute);
    if (!uid) {
        logging::event("warning", "account_without_usable_name", {{"dn", account.dn}});
        return std::nullopt;
    }
    const auto names = values_of(handle, entry, "cn"), addresses = values_of(handle, entry, "mail");
    account.entry.uid = *uid;
    account.entry.name = names.empty() ? *uid : names.front();
    if (!addresses.empty()) account.entry.email = addresses.front();
    return account;
}

class LdapDirectory final : public Directory {
public:
    explicit LdapDirectory(const DirectorySettings& settings)
        : settings_{settings}, protection_{protection_of(settings.url)}, nobody_{settings.user_attribute + "=-," + settings.base}
    {
        if (!is_account_name(settings.user_attribute)) // it becomes a part of filters
            throw std::runtime_error{"directory: no attribute name: " + settings.user_attribute};
    }

    SignIn check(const std::string& uid, const std::string& password) override;

private:
    SignIn check_fresh(const std::string& uid, const std::string& password);
    SignIn check_on(Pair& pair, const std::string& uid, const std::string& password) const;
    std::optional<Account> find(Connection& service, const std::string& uid) const;
    bool is_operator(int compared) const;
    Clock::time_point deadline() const { return Clock::now() + std::chrono::seconds{settings_.timeout_seconds}; }

    DirectorySettings settings_;
    Protection protection_;
    std::string nobody_; ///< DN of an account that does not exist
    KeptPairs kept_{};
};

SignIn LdapDirectory::check(const std::string& uid, const std::string& password)
{
    // With an empty password a server may answer an "unauthenticated bind" with success (RFC 4513, 5.1.2).
    if (!is_account_name(uid) || password.empty() || password.size() > max_password_length) return {};
    try {
        if (auto pair = kept_.take()) {
            try {
                pair->limit(deadline());
                const auto sign_in = check_on(*pair, uid, password);
                kept_.keep(std::move(pair));
                return sign_in;
            } catch (const Failure& failure) { // the server may have been restarted since
                logging::event("info", "directory_connection_lost", {{"cause", failure.what()}});
            }
        }
        return check_fresh(uid, password);
    } catch (const Failure& failure) {
        logging::event("error", "directory_unavailable", {{"cause", failure.what()}});
        return {.result = SignInResult::unavailable, .entry = {}};
    }
}

SignIn LdapDirectory::check_fresh(const std::string& uid, const std::string& password)
{
    auto pair = std::make_unique<Pair>(settings_, protection_, deadline());
    const auto sign_in = check_on(*pair, uid, password);
    kept_.keep(std::move(pair));
    return sign_in;
}

/// Two round trips: the search, then the bind and the look into the operators' group at the same time. An unknown name
/// takes the same way, with the DN of nobody, so that the time taken does not tell which names exist.
SignIn LdapDirectory::check_on(Pair& pair, const std::string& uid, const std::string& password) const
{
    const auto account = find(pair.service, uid);
    const auto& dn = account ? account->dn : nobody_;
    const bool has_operators = !settings_.operators_group.empty();
    const int compare = has_operators ? pair.service.send_compare(settings_.operators_group, "member", dn) : 0;
    const int bind = pair.member.send_bind(dn, password);
    const int bound = pair.member.collect("bind", bind).code;
    const int compared = has_operators ? pair.service.collect("compare", compare).code : LDAP_COMPARE_FALSE;

    if (!account || bound == LDAP_INVALID_CREDENTIALS) return {};
    require("bind", bound);
    return {.result = SignInResult::accepted, .entry = account->entry, .is_operator = is_operator(compared)};
}

std::optional<Account> LdapDirectory::find(Connection& service, const std::string& uid) const
{
    const auto& attribute = settings_.user_attribute;
    const auto filter = "(&(objectClass=inetOrgPerson)(" + attribute + "=" + escaped_for_filter(uid) + "))";
    const int id = service.send_search(settings_.base, filter, {attribute.c_str(), "cn", "mail"});
    const auto reply = service.collect("search", id);
    if (reply.code != LDAP_SIZELIMIT_EXCEEDED) require("search", reply.code);

    const int found = ldap_count_entries(service.handle(), reply.message.get());
    if (found > 1) logging::event("warning", "account_name_is_ambiguous", {{"uid", uid}});
    if (found != 1 || reply.code != LDAP_SUCCESS) return std::nullopt;
    return account_of(service.handle(), ldap_first_entry(service.handle(), reply.message.get()), attribute);
}

bool LdapDirectory::is_operator(int compared) const
{
    if (compared == LDAP_COMPARE_TRUE) return true;
    // slapd also answers with "no such object" if the service account may not read the group.
    if (compared == LDAP_NO_SUCH_OBJECT) logging::event("warning", "operators_group_not_found", {{"dn", settings_.operators_group}});
    else if (compared != LDAP_COMPARE_FALSE && compared != LDAP_NO_SUCH_ATTRIBUTE) throw Failure{"compare", compared};
    return false;
}

/// Whatever the machine's ldap.conf says of it; the authorities are the ones named there. These are libldap's defaults
/// and not a connection's options, since a context of its own would come without the authorities.
void demand_certificates()
{
    const int demand = LDAP_OPT_X_TLS_DEMAND, oldest = LDAP_OPT_X_TLS_PROTOCOL_TLS1_2;
    require("option", ldap_set_option(nullptr, LDAP_OPT_X_TLS_REQUIRE_CERT, &demand));
    require("option", ldap_set_option(nullptr, LDAP_OPT_X_TLS_PROTOCOL_MIN, &oldest));
}

} // namespace

std::unique_ptr<Directory> make_ldap_directory(const DirectorySettings& settings)
{
    // libldap writes without MSG_NOSIGNAL: on a connection that a restarted server has closed that would be our end.
    std::signal(SIGPIPE, SIG_IGN);
    demand_certificates();
    return std::make_unique<LdapDirectory>(settings);
}

} // namespace gateway
