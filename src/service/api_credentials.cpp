#include "service/api_credentials.h"

#include "gateway/ovh_signature.h"
#include "store/sha256.h"

#include <charconv>
#include <stdexcept>

namespace service {
namespace {

using namespace std::chrono_literals;

constexpr auto tolerance = 300s;
constexpr auto use_noted_every = 1min;

CallVerdict refused(CallFault fault, std::string explanation) { return {.fault = fault, .explanation = std::move(explanation)}; }

std::optional<std::int64_t> seconds_in(std::string_view text)
{
    std::int64_t seconds = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return seconds;
}

std::int64_t seconds_of(domain::Instant instant) { return std::chrono::floor<std::chrono::seconds>(instant).time_since_epoch().count(); }

/// Empty: the call was made now.
std::string fault_of_time(std::string_view timestamp, domain::Instant now)
{
    const auto sent = seconds_in(timestamp);
    if (!sent) return "Query out of time: X-Ovh-Timestamp must be a number of Unix seconds";
    const auto ours = seconds_of(now);
    const bool later = *sent > ours;
    // In the unsigned numbers no difference is too large.
    const auto off = later ? static_cast<std::uint64_t>(*sent) - static_cast<std::uint64_t>(ours)
                           : static_cast<std::uint64_t>(ours) - static_cast<std::uint64_t>(*sent);
    if (off <= static_cast<std::uint64_t>(tolerance.count())) return {};
    return "Query out of time: X-Ovh-Timestamp is " + std::to_string(off) + " seconds " + (later ? "ahead of" : "behind")
        + " our clock, and may differ by " + std::to_string(tolerance.count())
        + ": ask GET /auth/time, keep the difference to your clock, and add it to each timestamp";
}

/// Empty: it may be used.
std::string fault_of_status(const domain::ApiCredential& credential, domain::Instant now)
{
    switch (domain::status_at(credential, now)) {
    case domain::CredentialStatus::validated: return {};
    case domain::CredentialStatus::pending_validation:
        return "This credential is not valid: nobody has validated it yet. Open the validationUrl that came with this consumer key, "
               "sign in and accept; or ask POST /auth/credential for a new one: a validationUrl is good for an hour";
    case domain::CredentialStatus::refused:
        return "This credential is not valid: the member refused it. POST /auth/credential asks for another one";
    case domain::CredentialStatus::expired:
        return "This credential is not valid: it expired"
            + (credential.expires_at && *credential.expires_at <= now ? " on " + domain::to_text(*credential.expires_at) : std::string{})
            + ". POST /auth/credential asks for another one";
    }
    throw std::logic_error{"no such status of a credential"};
}

bool is_allowed_from(const domain::ApiCredential& credential, std::string_view address)
{
    if (credential.allowed_ips.empty()) return true;
    for (const auto& block : credential.allowed_ips)
        if (block.contains(address)) return true;
    return false;
}

/// What the holder of a credential may always do: look at it and end it.
bool is_about_itself(std::string_view path) { return path.starts_with("/auth/"); }

std::string explain_grant(const SignedCall& call)
{
    const auto needed = domain::rule_needed_for(call.method, call.path);
    return "This call has not been granted: no access rule of this key covers " + std::string{call.method} + ' ' + std::string{call.path}
    + "; it would need a rule such as {\"method\":\"" + needed.method + "\",\"path\":\"" + needed.path
        + "\"}. Rules cannot be changed: ask for a new key with POST /auth/credential or POST /api-keys. GET /auth/currentCredential shows "
          "those of this one";
}

} // namespace

std::int64_t ApiCredentials::time() const { return seconds_of(clock_.now()); }

CallVerdict ApiCredentials::verify(const SignedCall& call)
{
    const auto now = clock_.now();
    const auto caller = database_.read([&](store::Session& session) {
        return store::ApiKeyStore{session}.caller(std::string{call.application_key}, store::sha256_of(call.consumer_key));
    });
    if (!caller)
        return refused(CallFault::unknown_application,
            "Invalid application key: there is no application with the X-Ovh-Application of this call (16 letters and digits); POST "
            "/api-keys "
            "makes one");
    auto verdict = judge(call, now, *caller);
    if (verdict.fault == CallFault::none && caller->credential->last_used_at.value_or(domain::Instant{}) + use_noted_every < now)
        database_.transact(
            [&](store::Session& session) { store::ApiKeyStore{session}.use(caller->credential->id, now, now - use_noted_every); });
    return verdict;
}

CallVerdict ApiCredentials::judge(const SignedCall& call, domain::Instant now, const store::ApiCaller& caller) const
{
    if (auto fault = fault_of_time(call.timestamp, now); !fault.empty()) return refused(CallFault::out_of_time, std::move(fault));
    if (!caller.credential)
        return refused(CallFault::unknown_credential,
            "This credential does not exist: X-Ovh-Consumer is no consumer key of this application; it was revoked, was never validated, "
            "or belongs to another application. POST /auth/credential asks for a new one, POST /api-keys makes one");
    const auto& credential = *caller.credential;
    if (auto fault = fault_of_status(credential, now); !fault.empty()) return refused(CallFault::not_validated, std::move(fault));
    if (!is_allowed_from(credential, call.address))
        return refused(CallFault::address_not_allowed,
            "This credential may not be used from " + std::string{call.address}
                + ": its allowedIPs do not have this address; PUT /me/api/credential/" + std::to_string(credential.id) + " changes them");
    if (!fits(call, caller)) return refused(CallFault::wrong_signature, explain_signature(call));
    if (!is_about_itself(call.path) && !domain::are_covering(credential.rules, call.method, call.path))
        return refused(CallFault::not_granted, explain_grant(call));
    return {.key = {credential, caller.application}, .identity = {.member = credential.member.value(), .uid = caller.member_uid}};
}

/// All bases are tried, whichever fits: how long it takes tells nothing.
bool ApiCredentials::fits(const SignedCall& call, const store::ApiCaller& caller) const
{
    const auto secret = box_.open(caller.sealed_secret, caller.application.key);
    if (!secret)
        throw std::runtime_error{"the secret of application " + caller.application.key
            + " cannot be opened: [api] secret_key_file is not the key it was sealed with"};
    bool fitting = false;
    for (const auto& base : bases_) {
        const auto url = base + std::string{call.target};
        const gateway::OvhSignedCall wanted{*secret, call.consumer_key, call.method, url, call.body, seconds_in(call.timestamp).value()};
        fitting = gateway::is_ovh_signature_of(call.signature, wanted) || fitting;
    }
    return fitting;
}

std::string ApiCredentials::explain_signature(const SignedCall& call) const
{
    std::string bases;
    for (const auto& base : bases_) bases += (bases.empty() ? "" : ", ") + base;
    return "Invalid signature: it is not that of this application's secret over what arrived. What arrived: " + std::string{call.method}
    + ' ' + std::string{call.target} + ", a body of " + std::to_string(call.body.size()) + " bytes, X-Ovh-Timestamp "
        + std::string{call.timestamp} + ". Accepted in front of it: " + bases
        + ". So either the application secret is another one, or the signed URL begins otherwise, or method, query or body were changed "
          "after signing";
}

void ApiCredentials::end(std::int64_t credential)
{
    database_.transact([&](store::Session& session) { store::ApiKeyStore{session}.expire(credential); });
}

} // namespace service
