#pragma once
#include "domain/member.h"
#include "gateway/clock.h"
#include "gateway/directory.h"
#include "service/failed_logins.h"
#include "service/sign_in_cache.h"
#include "store/database.h"

#include <string>

namespace service {

enum class SignInOutcome { accepted, credentials_required, invalid_credentials, too_many_failed_logins, directory_unavailable };

struct SignedIn {
    SignInOutcome outcome{SignInOutcome::invalid_credentials};
    domain::Identity identity{}; ///< if accepted
};

/// Who somebody is, by the directory; a member's row is made at the first sign-in. Safe for many threads.
class SignIns {
public:
    SignIns(store::Database& database, gateway::Directory& directory, gateway::Clock& clock, SignInCache& cache, FailedLogins& failures)
        : database_{database}, directory_{directory}, clock_{clock}, cache_{cache}, failures_{failures}
    {
    }

    /// Checks a name and password that came from `address`. @throws domain::Unavailable without the database.
    SignedIn check(const std::string& uid, const std::string& password, const std::string& address);

private:
    SignedIn ask_directory(const std::string& uid, const std::string& password, const std::string& address);

    store::Database& database_;
    gateway::Directory& directory_;
    gateway::Clock& clock_;
    SignInCache& cache_;
    FailedLogins& failures_;
};

} // namespace service
