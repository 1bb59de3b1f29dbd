#pragma once
#include "app/app.h"
#include "app/operator.h"
#include "service/placement.h"

#include <optional>
#include <string>

namespace CLI {
class App;
}

namespace app {

/// What the commands on clusters, hosts and machines stand on.
struct PlacementParts {
    App app{"uncloud", std::chrono::minutes{10}};
    service::Placement placement{app.database, *app.clock};

    /// Runs `work` with a session and the operator's name, in one transaction.
    template <class Work> void change(const Work& work)
    {
        app.database.transact([&](store::Session& session) { work(session, operator_name()); });
    }
};

/// Names stand in paths, in arguments of tools and in CLUSTER/NAME. @throws std::invalid_argument saying `what` it is that does not fit
void check_name(const std::string& name, const char* what);

/// What an option says that is yes or no; nullopt if it is not given.
std::optional<bool> yes_of(const std::optional<std::string>& text);

std::string yes_or_no(bool yes);

/// Adds `list` to a group, with the `format` it is asked for in: table or json.
CLI::App* add_list(CLI::App& group, const char* what, std::string& format);

} // namespace app
