#pragma once
#include "gateway/directory.h"

#include <ldap.h>

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

// One connection to an LDAP server, over libldap.
namespace gateway::ldap {

using Clock = std::chrono::steady_clock;

/// The directory did not do what it should. Known to the directory only; outside it is `unavailable`.
struct Failure : std::runtime_error {
    Failure(const std::string& step, int code) : runtime_error{step + ": " + ldap_err2string(code)} {}
};

/// @throws Failure unless the code is LDAP_SUCCESS
void require(const char* step, int code);

/// libldap takes pointers to what it only reads.
berval view_of(const std::string& text);

enum class Protection { none, start_tls, tls };

/// Passwords cross a network encrypted or not at all. @throws std::runtime_error for a URL we cannot use.
Protection protection_of(const std::string& url);

struct FreeMessage {
    void operator()(LDAPMessage* message) const noexcept { ldap_msgfree(message); }
};

struct Reply {
    int code{LDAP_OTHER};
    std::unique_ptr<LDAPMessage, FreeMessage> message{};
};

/// Requests are sent first and their replies collected later, so that several can be under way. Every wait ends at the
/// deadline. All functions throw Failure.
class Connection {
public:
    Connection(const DirectorySettings& settings, Protection protection, Clock::time_point deadline);
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    LDAP* handle() const { return handle_.get(); }

    /// Until when all that follows must be done.
    void limit(Clock::time_point deadline) { deadline_ = deadline; }

    int send_bind(const std::string& dn, const std::string& password);
    int send_compare(const std::string& dn, const char* attribute, const std::string& value);

    /// For at most two entries: whether there is one, none or several.
    int send_search(const std::string& base, const std::string& filter, std::vector<const char*> attributes);

    Reply collect(const char* step, int id);

private:
    void set(int option, const void* value) { require("option", ldap_set_option(handle(), option, value)); }
    void set_options(int timeout_seconds);

    struct Unbind {
        void operator()(LDAP* handle) const noexcept { ldap_unbind_ext(handle, nullptr, nullptr); }
    };
    Clock::time_point deadline_;
    ldap_conncb on_connect_;
    std::unique_ptr<LDAP, Unbind> handle_{}; // uses both to the end
};

} // namespace gateway::ldap
