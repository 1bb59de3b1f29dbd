#include "gateway/directory.h"
#include "logging/log.h"

#include <ldap.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <poll.h>
#include <stdexcept>
#include <string>
#include <string_view>
#include <strings.h>
#include <utility>
#include <vector>

namespace gateway {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t max_name_length = 64;
constexpr std::size_t max_password_length = 1024;
constexpr std::size_t max_kept_pairs = 32;

/// The directory did not do what it should. Known in this file only; outside it is `unavailable`.
struct Failure : std::runtime_error {
    Failure(const std::string& step, int code) : runtime_error{step + ": " + ldap_err2string(code)} {}
};

void require(const char* step, int code)
{
    if (code != LDAP_SUCCESS) throw Failure{step, code};
}

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

/// libldap takes pointers to what it only reads.
berval view_of(const std::string& text) { return {.bv_len = text.size(), .bv_val = const_cast<char*>(text.data())}; }

std::string escaped_for_filter(const std::string& value)
{
    auto plain = view_of(value);
    berval escaped{};
    require("filter", ldap_bv2escaped_filter_value(&plain, &escaped));
    std::string text{escaped.bv_val, escaped.bv_len};
    ber_memfree(escaped.bv_val);
    return text;
}

enum class Protection { none, start_tls, tls };

/// Passwords cross a network encrypted or not at all. @throws std::runtime_error for a URL we cannot use.
Protection protection_of(const std::string& url)
{
    LDAPURLDesc* parts = nullptr;
    if (ldap_url_parse(url.c_str(), &parts) != LDAP_URL_SUCCESS) throw std::runtime_error{"directory URL not understood: " + url};
    const std::string scheme{parts->lud_scheme}, host{parts->lud_host ? parts->lud_host : ""};
    ldap_free_urldesc(parts);
    if (scheme == "ldapi") return Protection::none;
    if (scheme == "ldaps") return Protection::tls;
    if (scheme != "ldap") throw std::runtime_error{"directory URL needs ldap, ldaps or ldapi: " + url};
    const bool loopback = host == "localhost" || host == "::1" || host == "[::1]" || host.starts_with("127.");
    return loopback ? Protection::none : Protection::start_tls;
}

// libldap limits the wait for a reply's first byte, but not for its rest; and with GnuTLS a handshake with a server
// that hangs goes on for ever, at full speed. So a layer of ours below TLS waits, until the deadline that is its
// argument.

bool await(Sockbuf_IO_Desc* layer, short events)
{
    pollfd watched{.fd = -1, .events = events, .revents = 0};
    ber_sockbuf_ctrl(layer->sbiod_sb, LBER_SB_OPT_GET_FD, &watched.fd);
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(*static_cast<const Clock::time_point*>(layer->sbiod_pvt) - Clock::now());
    if (::poll(&watched, 1, static_cast<int>(std::max<std::int64_t>(0, left.count()))) > 0) return true;
    errno = ETIMEDOUT;
    return false;
}

int begin_limit(Sockbuf_IO_Desc* layer, void* deadline)
{
    layer->sbiod_pvt = deadline;
    return 0;
}

int pass_control(Sockbuf_IO_Desc* layer, int option, void* value) { return LBER_SBIOD_CTRL_NEXT(layer, option, value); }

ber_slen_t limited_read(Sockbuf_IO_Desc* layer, void* buffer, ber_len_t size)
{
    return await(layer, POLLIN) ? LBER_SBIOD_READ_NEXT(layer, buffer, size) : -1;
}

ber_slen_t limited_write(Sockbuf_IO_Desc* layer, void* buffer, ber_len_t size)
{
    return await(layer, POLLOUT) ? LBER_SBIOD_WRITE_NEXT(layer, buffer, size) : -1;
}

Sockbuf_IO limit_layer{begin_limit, nullptr, pass_control, limited_read, limited_write, nullptr};

int add_limit(LDAP*, Sockbuf* socket, LDAPURLDesc*, sockaddr*, ldap_conncb* callback)
{
    constexpr int below_tls = (LBER_SBIOD_LEVEL_PROVIDER + LBER_SBIOD_LEVEL_TRANSPORT) / 2;
    return ber_sockbuf_add_io(socket, &limit_layer, below_tls, callback->lc_arg);
}

void forget_connection(LDAP*, Sockbuf*, ldap_conncb*) {}

struct FreeMessage {
    void operator()(LDAPMessage* message) const noexcept { ldap_msgfree(message); }
};

struct Reply {
    int code{LDAP_OTHER};
    std::unique_ptr<LDAPMessage, FreeMessage> message{};
};

/// One LDAP connection. Requests are sent first and their replies collected later, so that several can be under way.
class Connection {
public:
    Connection(const DirectorySettings& settings, Protection protection, Clock::time_point deadline) : deadline_{deadline}
    {
        LDAP* handle = nullptr;
        require("initialize", ldap_initialize(&handle, settings.url.c_str()));
        handle_.reset(handle);
        set_options(settings.timeout_seconds);
        if (protection == Protection::start_tls) require("start_tls", ldap_start_tls_s(handle, nullptr, nullptr));
    }

    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    LDAP* handle() const { return handle_.get(); }

    /// Until when all that follows must be done.
    void limit(Clock::time_point deadline) { deadline_ = deadline; }

    int send_bind(const std::string& dn, const std::string& password)
    {
        auto secret = view_of(password);
        int id = 0;
        require("send_bind", ldap_sasl_bind(handle(), dn.c_str(), LDAP_SASL_SIMPLE, &secret, nullptr, nullptr, &id));
        return id;
    }

    int send_compare(const std::string& dn, const char* attribute, const std::string& value)
    {
        auto wanted = view_of(value);
        int id = 0;
        require("send_compare", ldap_compare_ext(handle(), dn.c_str(), attribute, &wanted, nullptr, nullptr, &id));
        return id;
    }

    /// For at most two entries: whether there is one, none or several.
    int send_search(const std::string& base, const std::string& filter, std::vector<const char*> attributes)
    {
        attributes.push_back(nullptr);
        auto** const wanted = const_cast<char**>(attributes.data());
        int id = 0;
        require("send_search",
            ldap_search_ext(handle(), base.c_str(), LDAP_SCOPE_SUBTREE, filter.c_str(), wanted, 0, nullptr, nullptr, nullptr, 2, &id));
        return id;
    }

    Reply collect(const char* step, int id)
    {
        const auto left = std::max(Clock::duration::zero(), deadline_ - Clock::now());
        const auto left_us = std::chrono::ceil<std::chrono::microseconds>(left).count();
        timeval timeout{.tv_sec = left_us / 1'000'000, .tv_usec = left_us % 1'000'000};
        LDAPMessage* message = nullptr;
        const int type = ldap_result(handle(), id, LDAP_MSG_ALL, &timeout, &message);
        Reply reply{.code = LDAP_TIMEOUT, .message = std::unique_ptr<LDAPMessage, FreeMessage>{message}};
        if (type < 0) ldap_get_option(handle(), LDAP_OPT_RESULT_CODE, &reply.code);
        if (type <= 0) throw Failure{step, reply.code};
        require(step, ldap_parse_result(handle(), message, &reply.code, nullptr, nullptr, nullptr, nullptr, 0));
        return reply;
    }

private:
    void set(int option, const void* value) { require("option", ldap_set_option(handle(), option, value)); }

    void set_options(int timeout_seconds)
    {
        const int version = LDAP_VERSION3, idle = 60, probes = 3, interval = 10;
        const timeval timeout{.tv_sec = timeout_seconds, .tv_usec = 0};
        set(LDAP_OPT_PROTOCOL_VERSION, &version);
        set(LDAP_OPT_NETWORK_TIMEOUT, &timeout);
        set(LDAP_OPT_TIMEOUT, &timeout);
        set(LDAP_OPT_REFERRALS, LDAP_OPT_OFF); // a password goes to the server that was configured and no other
        set(LDAP_OPT_RESTART, LDAP_OPT_ON);
        set(LDAP_OPT_X_KEEPALIVE_IDLE, &idle);
        set(LDAP_OPT_X_KEEPALIVE_PROBES, &probes);
        set(LDAP_OPT_X_KEEPALIVE_INTERVAL, &interval);
        set(LDAP_OPT_CONNECT_CB, &on_connect_);
    }

    struct Unbind {
        void operator()(LDAP* handle) const noexcept { ldap_unbind_ext(handle, nullptr, nullptr); }
    };
    Clock::time_point deadline_;
    ldap_conncb on_connect_{add_limit, forget_connection, &deadline_};
    std::unique_ptr<LDAP, Unbind> handle_{}; // uses both to the end
};

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
