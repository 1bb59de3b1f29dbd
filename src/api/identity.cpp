#include "api/identity.h"

#include "domain/refusal.h"
#include "http/problem.h"

#include <charconv>

namespace api {
namespace {

bool names_operators(std::string_view groups)
{
    while (!groups.empty()) {
        const auto group = groups.substr(0, groups.find(','));
        if (group == "operators") return true;
        groups.remove_prefix(std::min(groups.size(), group.size() + 1));
    }
    return false;
}

} // namespace

domain::Identity identity_of(const http::Request& request, service::Accounts& accounts)
{
    const std::string uid{request.param("REMOTE_USER")};
    if (uid.empty())
        throw http::Rejected{
            401, "credentials_required", "sign in with your account (HTTP Basic)", {{"WWW-Authenticate", "Basic realm=\"uncloud\""}}};

    domain::Identity identity{.uid = uid, .operator_ = names_operators(request.param("MEMBER_GROUPS"))};
    const auto text = request.param("MEMBER_ID");
    std::int64_t id = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
    const bool given = !text.empty() && error == std::errc{} && end == text.data() + text.size();
    identity.member = given ? domain::MemberId{id} : accounts.id_of(uid);
    return identity;
}

domain::Identity operator_of(const http::Request& request, service::Accounts& accounts)
{
    auto identity = identity_of(request, accounts);
    if (!identity.operator_) throw domain::Refusal{domain::Reason::forbidden, "this is for operators"};
    return identity;
}

} // namespace api
