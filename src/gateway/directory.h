#pragma once
#include "domain/member.h"

#include <memory>
#include <string>

namespace gateway {

/// `unavailable` is never "yes": who cannot be checked does not come in.
enum class SignInResult { accepted, refused, unavailable };

struct SignIn {
    SignInResult result{SignInResult::refused};
    domain::DirectoryEntry entry{}; ///< of an accepted account, in the directory's spelling
    bool is_operator{false};
};

/// Who the members are. One implementation: LDAP.
class Directory {
public:
    virtual ~Directory() = default;

    /// Checks a name and password. Never throws for wrong ones, nor for a directory that does not answer.
    virtual SignIn check(const std::string& uid, const std::string& password) = 0;
};

struct DirectorySettings {
    std::string url{};  ///< ldap://, ldaps:// or ldapi://
    std::string base{}; ///< where accounts are searched
    std::string user_attribute{"uid"};
    std::string service_dn{}; ///< the account that searches
    std::string password{};
    std::string operators_group{}; ///< DN of a groupOfNames
    int timeout_seconds{2};
};

/// Searches with the service account, then binds as the account found, on connections that are kept: at most one pair
/// per thread that asks at the same time.
std::unique_ptr<Directory> make_ldap_directory(const DirectorySettings& settings);

} // namespace gateway
