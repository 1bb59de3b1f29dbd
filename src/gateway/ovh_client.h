#pragma once
#include "gateway/http_client.h"
#include "gateway/json_document.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace gateway {

/// One of three: an application with its consumer key, an OAuth2 service account, or an access token that is there already.
struct OvhCredentials {
    std::string application_key{};
    std::string application_secret{};
    std::string consumer_key{};
    std::string client_id{};
    std::string client_secret{};
    std::string token_url{}; ///< where an OAuth2 client gets its tokens
    std::string access_token{};

    bool can_sign() const { return !application_key.empty() && !application_secret.empty() && !consumer_key.empty(); }
    bool has_oauth2() const { return !client_id.empty(); }

    /// True if a call can be made in somebody's name.
    bool any() const { return can_sign() || has_oauth2() || !access_token.empty(); }
};

/// What is told about a call when it is over, for a log: nothing in it is secret.
struct OvhCallNote {
    std::string method{};
    std::string path{}; ///< without its query
    int status{0};      ///< 0: no answer
    int tries{0};
    std::string error_code{};
    std::string query_id{};
    std::string fault{}; ///< why no answer came
};

struct OvhSettings {
    std::string url{"https://eu.api.ovh.com/1.0"};
    OvhCredentials credentials{};
    std::string ca_file{};                           ///< PEM; empty: the system's
    std::chrono::milliseconds timeout{30'000};       ///< for one exchange
    int tries{4};                                    ///< of a call that may be repeated, at most
    std::chrono::milliseconds first_pause{500};      ///< before the second; doubled each time, less up to half of it
    std::chrono::milliseconds longest_pause{10'000}; ///< also where the server asks for more
    std::size_t max_answer{33'554'432};              ///< bytes; OVH's catalogues have several million
    std::function<void(const OvhCallNote&)> observe{};
};

enum class OvhOutcome {
    answered,    ///< done; body() is the answer
    refused,     ///< the server said no, and did nothing
    unreachable, ///< nothing was sent, so nothing was done
    unknown,     ///< sent, but no answer that says whether it was done
};

/// What came of a call to the OVH API.
class OvhReply {
public:
    OvhReply() = default; ///< unreachable

    OvhOutcome outcome() const { return outcome_; }
    bool ok() const { return outcome_ == OvhOutcome::answered; }
    int status() const { return status_; }
    JsonNode body() const { return document_.root(); }
    const std::string& error_code() const { return error_code_; }   ///< "NOT_GRANTED_CALL"; may be empty
    const std::string& error_class() const { return error_class_; } ///< "Client::NotFound"; may be empty
    const std::string& message() const { return message_; }         ///< for people; empty if answered, without our secrets
    const std::string& query_id() const { return query_id_; }       ///< what OVH's support asks for

private:
    friend class OvhClient;

    OvhOutcome outcome_{OvhOutcome::unreachable};
    int status_{0};
    JsonDocument document_{};
    std::string error_code_{};
    std::string error_class_{};
    std::string message_{};
    std::string query_id_{};
    std::chrono::seconds retry_after_{0};
};

/// In whose name a call is made.
enum class OvhAccess {
    own,  ///< signed, if there are credentials
    open, ///< never signed; names the application if there is one
};

/// A path with a query: values are escaped, empty ones left out.
std::string ovh_path(const std::string& path, std::initializer_list<std::pair<const char*, std::string_view>> query);

/// Speaks the OVH API, to OVH or to whoever serves it. May be shared by threads.
/// A GET is repeated after 5xx, 408, 429 and when nothing came back. A changing call is repeated only if it cannot have been
/// carried out: nothing of it was sent, or the answer says that it was not looked at because our clock was off
/// (QUERY_TIME_OUT; the server's time is read again) or the OAuth2 token had run out.
/// Paths begin with "/"; with "/v1" or "/v2" they replace a "/1.0" at the end of the base.
class OvhClient {
public:
    explicit OvhClient(OvhSettings settings);

    const OvhSettings& settings() const { return settings_; }

    OvhReply get(const std::string& path, OvhAccess access = OvhAccess::own);
    /// `body` is JSON or empty.
    OvhReply post(const std::string& path, const std::string& body = "", OvhAccess access = OvhAccess::own);
    OvhReply put(const std::string& path, const std::string& body);
    OvhReply remove(const std::string& path);

private:
    struct Call;

    OvhReply run(const Call& call);
    OvhReply authenticated(const Call& call);
    OvhReply once(const Call& call, const std::string& bearer, std::int64_t delta);
    OvhReply reply_to(const HttpAnswer& answer, const std::string& bearer) const;
    std::optional<OvhReply> authorise(const Call& call, std::string& bearer, std::int64_t& delta);
    std::optional<OvhReply> read_time(std::int64_t& delta);
    std::optional<OvhReply> fetch_token(std::string& bearer);
    std::string url_of(const std::string& path) const;
    std::string without_secrets(std::string text, const std::string& bearer) const;

    const OvhSettings settings_;
    std::mutex mutex_{};                       ///< of what follows
    std::optional<std::int64_t> time_delta_{}; ///< seconds the server's clock is ahead of ours
    std::string token_{};
    std::chrono::steady_clock::time_point token_until_{};
};

} // namespace gateway
