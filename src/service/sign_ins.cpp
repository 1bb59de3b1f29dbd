#include "service/sign_ins.h"

#include "gateway/random_uuid.h"
#include "logging/log.h"
#include "store/member_store.h"

namespace service {

SignedIn SignIns::check(const std::string& uid, const std::string& password, const std::string& address)
{
    if (uid.empty() || password.empty()) return {.outcome = SignInOutcome::credentials_required};
    if (auto identity = cache_.find(uid, password)) return {SignInOutcome::accepted, *std::move(identity)};
    if (failures_.too_many(uid, address)) return {.outcome = SignInOutcome::too_many_failed_logins};
    return ask_directory(uid, password, address);
}

SignedIn SignIns::ask_directory(const std::string& uid, const std::string& password, const std::string& address)
{
    const auto found = directory_.check(uid, password);
    switch (found.result) {
    case gateway::SignInResult::unavailable: return {.outcome = SignInOutcome::directory_unavailable};
    case gateway::SignInResult::refused:
        failures_.note(uid, address);
        logging::event("warning", "sign_in_refused", {{"user", uid}, {"address", address}});
        return {.outcome = SignInOutcome::invalid_credentials};
    case gateway::SignInResult::accepted: break;
    }
    failures_.forget(uid);
    const auto uuid = gateway::random_uuid();
    const auto member =
        database_.transact([&](store::Session& session) { return store::MemberStore{session}.sign_in(found.entry, uuid, clock_.now()); });
    domain::Identity identity{.member = member, .uid = found.entry.uid, .operator_ = found.is_operator};
    cache_.keep(uid, password, identity);
    return {SignInOutcome::accepted, std::move(identity)};
}

} // namespace service
