#include "gateway/ldap_connection.h"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <poll.h>

namespace gateway::ldap {
namespace {

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

} // namespace

void require(const char* step, int code)
{
    if (code != LDAP_SUCCESS) throw Failure{step, code};
}

berval view_of(const std::string& text) { return {.bv_len = text.size(), .bv_val = const_cast<char*>(text.data())}; }

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

Connection::Connection(const DirectorySettings& settings, Protection protection, Clock::time_point deadline)
    : deadline_{deadline}, on_connect_{add_limit, forget_connection, &deadline_}
{
    LDAP* handle = nullptr;
    require("initialize", ldap_initialize(&handle, settings.url.c_str()));
    handle_.reset(handle);
    set_options(settings.timeout_seconds);
    if (protection == Protection::start_tls) require("start_tls", ldap_start_tls_s(handle, nullptr, nullptr));
}
int Connection::send_bind(const std::string& dn, const std::string& password)
{
    auto secret = view_of(password);
    int id = 0;
    require("send_bind", ldap_sasl_bind(handle(), dn.c_str(), LDAP_SASL_SIMPLE, &secret, nullptr, nullptr, &id));
    return id;
}
int Connection::send_compare(const std::string& dn, const char* attribute, const std::string& value)
{
    auto wanted = view_of(value);
    int id = 0;
    require("send_compare", ldap_compare_ext(handle(), dn.c_str(), attribute, &wanted, nullptr, nullptr, &id));
    return id;
}
int Connection::send_search(const std::string& base, const std::string& filter, std::vector<const char*> attributes)
{
    attributes.push_back(nullptr);
    auto** const wanted = const_cast<char**>(attributes.data());
    int id = 0;
    require("send_search",
        ldap_search_ext(handle(), base.c_str(), LDAP_SCOPE_SUBTREE, filter.c_str(), wanted, 0, nullptr, nullptr, nullptr, 2, &id));
    return id;
}
Reply Connection::collect(const char* step, int id)
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
void Connection::set_options(int timeout_seconds)
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
} // namespace gateway::ldap
