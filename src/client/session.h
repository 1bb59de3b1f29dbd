#pragma once
#include "client/arguments.h"
#include "client/configuration.h"
#include "client/order_api.h"

namespace client {

/// As the files, the environment and the command line have it; warns of what is unsafe. @throws Failure (usage)
Configuration configuration_of(const Arguments& arguments, const Console& console);

/// Everything that a command needs to speak with the server. Arguments and console outlive it.
class Session {
public:
    Session(const Arguments& arguments, const Console& console);

    /// Where nothing is said: that of the account. @throws Failure (usage) if there is none.
    std::string subsidiary();

private:
    const Arguments& arguments_;
    gateway::OvhClient ovh_;

public:
    OrderApi api{ovh_};
};

} // namespace client
