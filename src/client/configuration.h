#pragma once
#include "gateway/ovh_client.h"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace client {

/// Where the settings of the API are looked for.
struct ConfigurationSources {
    std::vector<std::string> files{};                        ///< by rising priority; those that are not there are left out
    std::function<const char*(const char* name)> variable{}; ///< an environment variable, or nullptr
    std::string endpoint{};                                  ///< wins over all others if it is not empty
};

/// The files of OVH's own clients, /etc/ovh.conf, ~/.ovh.conf and ./ovh.conf, and the environment.
ConfigurationSources usual_sources();

struct Configuration {
    std::string endpoint{}; ///< its name, or its URL: also the name of its section
    std::string url{};
    gateway::OvhCredentials credentials{};
    std::string ca_file{};
    std::string keys_file{}; ///< the file that gave the application key; empty if none did
    std::vector<std::string> warnings{};
};

/// Reads the ini files that all of OVH's clients share: `[default] endpoint=…`, then in the section of that name
/// application_key, application_secret, consumer_key, client_id, client_secret, access_token. OVH_ENDPOINT,
/// OVH_APPLICATION_KEY and so on win; OVH_CA_FILE names a PEM file of who may vouch for the server.
/// @throws Failure (usage) on an unknown endpoint, a file that cannot be read, more than one way to log in, and an OAuth2
/// client where there is none.
Configuration read_configuration(const ConfigurationSources& sources);

/// Puts the keys into the section of the file, in place of what stood there, and leaves everything else as it was. The file is
/// replaced at once, mode 0600. @throws Failure if it cannot be written.
void write_keys(const std::string& file, const std::string& section, const std::map<std::string, std::string>& keys);

} // namespace client
