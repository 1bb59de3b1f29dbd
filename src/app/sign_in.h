#pragma once
#include "app/app.h"
#include "gateway/directory.h"
#include "service/sign_ins.h"

#include <memory>

namespace app {

/// Sign-in with all its parts, as the configuration says.
struct SignIn {
    explicit SignIn(App& app)
        : directory{gateway::make_ldap_directory(app.config.directory)},
          cache{app.config.sign_in.cache, app.config.sign_in.cache_entries},
          failures{app.config.sign_in.failures_per_account, app.config.sign_in.failures_per_address, app.config.sign_in.failure_window},
          sign_ins{app.database, *directory, *app.clock, cache, failures}
    {
    }

    const std::unique_ptr<gateway::Directory> directory;
    service::SignInCache cache;
    service::FailedLogins failures;
    service::SignIns sign_ins;
};

} // namespace app
