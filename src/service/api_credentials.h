#pragma once
#include "domain/api_credential.h"
#include "gateway/clock.h"
#include "gateway/secret_box.h"
#include "store/api_key_store.h"
#include "store/database.h"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace service {

/// A signed call of the OVH API as it arrived.
struct SignedCall {
    std::string_view application_key{};
    std::string_view consumer_key{};
    std::string_view timestamp{};
    std::string_view signature{};
    std::string_view method{};
    std::string_view target{}; ///< path and query exactly as they were sent
    std::string_view path{};   ///< decoded, below the API's version
    std::string_view body{};
    std::string_view address{};
};

/// What is wrong with a call, in the order in which it is looked at.
enum class CallFault {
    none,
    unknown_application,
    out_of_time,
    unknown_credential,
    not_validated,
    address_not_allowed,
    wrong_signature,
    not_granted,
};

/// Who calls, or why it may not, in words that name the remedy and no secret.
struct CallVerdict {
    CallFault fault{CallFault::none};
    std::string explanation{};
    domain::ApiKey key{};        ///< if there is no fault
    domain::Identity identity{}; ///< of the member who validated it; never an operator's
};

/// Believes who calls the OVH API, by the signature of each call.
class ApiCredentials {
public:
    /// `bases` are the addresses under which clients reach us, "https://api.example.ch" (what they sign begins with one of them).
    /// `clock` is the real one: clients sign by it.
    ApiCredentials(store::Database& database, const gateway::SecretBox& box, const gateway::Clock& clock, std::vector<std::string> bases)
        : database_{database}, box_{box}, clock_{clock}, bases_{std::move(bases)}
    {
    }

    /// The signature is over the bytes as they came, and judged before anybody reads them. Notes the use of the credential, to the
    /// minute. Each holder of a credential may look at it and end it (/auth/…) whatever its rules.
    /// @throws std::runtime_error if an application's secret cannot be opened: the key file is another one
    CallVerdict verify(const SignedCall& call);

    domain::Instant now() const { return clock_.now(); }

    /// Our time, Unix seconds, which clients sign by.
    std::int64_t time() const;

    /// Ends a credential: it is `expired` from now on.
    void end(std::int64_t credential);

private:
    CallVerdict judge(const SignedCall& call, domain::Instant now, const store::ApiCaller& caller) const;
    bool fits(const SignedCall& call, const store::ApiCaller& caller) const;
    std::string explain_signature(const SignedCall& call) const;

    store::Database& database_;
    const gateway::SecretBox& box_;
    const gateway::Clock& clock_;
    std::vector<std::string> bases_;
};

} // namespace service
