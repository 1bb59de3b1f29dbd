#include "client/configuration.h"

#include "client/durable_file.h"
#include "client/endpoints.h"
#include "client/failure.h"

#include <sys/stat.h>

#include <cctype>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>

namespace client {
namespace {

using Section = std::map<std::string, std::string>;

constexpr const char* key_names[] = {"application_key", "application_secret", "consumer_key", "client_id", "client_secret", "access_token"};

std::string trimmed(std::string_view text)
{
    constexpr std::string_view space = " \t\r\n";
    const auto begin = text.find_first_not_of(space);
    if (begin == std::string_view::npos) return "";
    return std::string{text.substr(begin, text.find_last_not_of(space) - begin + 1)};
}

/// "[name]" → "name"; empty if the line is no heading.
std::string heading(const std::string& line)
{
    const auto text = trimmed(line);
    return text.starts_with('[') && text.ends_with(']') ? trimmed(std::string_view{text}.substr(1, text.size() - 2)) : "";
}

/// "name = value"; an empty name if the line is none.
std::pair<std::string, std::string> entry(const std::string& line)
{
    const auto text = trimmed(line);
    const auto sign = text.find_first_of("=:");
    if (text.empty() || text.starts_with('#') || text.starts_with(';') || sign == std::string::npos) return {};
    return {trimmed(std::string_view{text}.substr(0, sign)), trimmed(std::string_view{text}.substr(sign + 1))};
}

std::string content_of(const std::string& file)
{
    std::ifstream in{file, std::ios::binary};
    if (!in) throw Failure{Exit::usage, "cannot read " + file, "check its owner and mode"};
    return {std::istreambuf_iterator<char>{in}, {}};
}

std::map<std::string, Section> sections_of(const std::string& file)
{
    std::map<std::string, Section> sections;
    std::istringstream in{content_of(file)};
    std::string section;
    int number = 0;
    for (std::string line; std::getline(in, line);) {
        ++number;
        const auto text = trimmed(line);
        if (const auto name = heading(line); !name.empty()) section = name;
        else if (const auto [key, value] = entry(line); !key.empty()) sections[section][key] = value;
        else if (!text.empty() && !text.starts_with('#') && !text.starts_with(';'))
            throw Failure{Exit::usage, file + ", line " + std::to_string(number) + ": neither [section] nor name = value"};
    }
    return sections;
}

bool is_open_to_others(const std::string& file)
{
    struct stat status {};
    return ::stat(file.c_str(), &status) == 0 && (status.st_mode & (S_IRWXG | S_IRWXO)) != 0;
}

bool holds_secrets(const Section& section)
{
    for (const char* name : {"application_secret", "consumer_key", "client_secret", "access_token"})
        if (section.contains(name)) return true;
    return false;
}

std::string variable_name(const char* key)
{
    std::string name{"OVH_"};
    for (const char* c = key; *c; ++c) name += static_cast<char>(std::toupper(static_cast<unsigned char>(*c)));
    return name;
}

struct File {
    std::string name{};
    std::map<std::string, Section> sections{};
};

std::vector<File> read_files(const ConfigurationSources& sources)
{
    std::vector<File> files;
    for (const auto& name : sources.files) {
        struct stat status {};
        if (::stat(name.c_str(), &status) == 0) files.push_back({name, sections_of(name)});
    }
    return files;
}

std::string text_of(const ConfigurationSources& sources, const char* variable)
{
    const char* value = sources.variable ? sources.variable(variable) : nullptr;
    return value ? value : "";
}

std::string chosen_endpoint(const ConfigurationSources& sources, std::vector<File>& files)
{
    if (!sources.endpoint.empty()) return sources.endpoint;
    if (auto name = text_of(sources, "OVH_ENDPOINT"); !name.empty()) return name;
    std::string name{"ovh-eu"};
    for (auto& file : files)
        if (const auto& told = file.sections["default"]["endpoint"]; !told.empty()) name = told;
    return name;
}

std::string known_endpoints()
{
    std::string names;
    for (const auto& endpoint : endpoints()) names += std::string{endpoint.name} + ", ";
    return names + "or a URL such as https://billing.example.net/1.0";
}

/// The members of the credentials in the order of key_names.
std::vector<std::string*> places(gateway::OvhCredentials& credentials)
{
    return {&credentials.application_key, &credentials.application_secret, &credentials.consumer_key, &credentials.client_id,
        &credentials.client_secret, &credentials.access_token};
}

bool is_local(std::string_view url)
{
    for (const std::string_view host : {"http://127.0.0.1", "http://localhost", "http://[::1]"})
        if (url.starts_with(host)) return true;
    return false;
}

void check_credentials(const Configuration& configuration, const Endpoint& endpoint)
{
    const auto& keys = configuration.credentials;
    const bool application = !keys.application_key.empty() || !keys.application_secret.empty() || !keys.consumer_key.empty();
    const bool oauth2 = !keys.client_id.empty() || !keys.client_secret.empty();
    const bool token = !keys.access_token.empty();
    if (application + oauth2 + token > 1)
        throw Failure{Exit::usage, "the configuration of " + configuration.endpoint + " has more than one way to log in",
            "keep either application_key, application_secret and consumer_key, or client_id and client_secret, or access_token"};
    if (oauth2 && (keys.client_id.empty() || keys.client_secret.empty()))
        throw Failure{Exit::usage, "an OAuth2 client needs both client_id and client_secret"};
    if (oauth2 && endpoint.token_url.empty())
        throw Failure{Exit::usage, configuration.endpoint + " has no OAuth2 service accounts", "use application keys: `ovh-order login`"};
    if (token && configuration.url.starts_with("http://") && !is_local(configuration.url))
        throw Failure{Exit::usage, "an access token would go readable over the network", "use the https address of " + configuration.url};
}

/// Lines of the file with the section's keys replaced or added.
std::string with_keys(const std::string& content, const std::string& section, std::map<std::string, std::string> keys)
{
    std::vector<std::string> lines;
    std::istringstream in{content};
    std::string current;
    std::ptrdiff_t end_of_section = -1; // behind its last line that is not empty
    for (std::string line; std::getline(in, line);) {
        if (const auto name = heading(line); !name.empty()) current = name;
        if (current == section) {
            if (const auto key = keys.find(entry(line).first); key != keys.end()) {
                line = key->first + '=' + key->second;
                keys.erase(key);
            }
        }
        lines.push_back(line);
        if (current == section && !trimmed(line).empty()) end_of_section = std::ssize(lines);
    }
    if (end_of_section < 0) {
        if (!lines.empty()) lines.emplace_back();
        lines.push_back('[' + section + ']');
        end_of_section = std::ssize(lines);
    }
    std::vector<std::string> added;
    for (const auto& [key, value] : keys) added.emplace_back(key).append(1, '=').append(value);
    lines.insert(lines.begin() + end_of_section, added.begin(), added.end());
    std::string text;
    for (const auto& line : lines) text += line + '\n';
    return text;
}

} // namespace

ConfigurationSources usual_sources()
{
    ConfigurationSources sources{.files = {"/etc/ovh.conf"}, .variable = [](const char* name) { return std::getenv(name); }};
    if (const char* home = std::getenv("HOME"); home && *home) sources.files.push_back(std::string{home} + "/.ovh.conf");
    sources.files.emplace_back("./ovh.conf");
    return sources;
}

Configuration read_configuration(const ConfigurationSources& sources)
{
    auto files = read_files(sources);
    Configuration configuration{.endpoint = chosen_endpoint(sources, files)};
    const auto endpoint = endpoint_from(configuration.endpoint);
    if (!endpoint) throw Failure{Exit::usage, "there is no endpoint \"" + configuration.endpoint + '"', "use one of " + known_endpoints()};
    configuration.url = endpoint->url;

    auto members = places(configuration.credentials);
    for (auto& file : files) {
        const auto& section = file.sections[configuration.endpoint];
        for (std::size_t i = 0; i < members.size(); ++i)
            if (const auto found = section.find(key_names[i]); found != section.end()) *members[i] = found->second;
        if (section.contains("application_key")) configuration.keys_file = file.name;
        if (holds_secrets(section) && is_open_to_others(file.name))
            configuration.warnings.push_back(file.name + " holds secrets and is open to others: chmod 600 " + file.name);
    }
    for (std::size_t i = 0; i < members.size(); ++i)
        if (const auto value = text_of(sources, variable_name(key_names[i]).c_str()); !value.empty()) *members[i] = value;
    if (!text_of(sources, "OVH_APPLICATION_KEY").empty()) configuration.keys_file.clear();

    configuration.credentials.token_url = endpoint->token_url;
    configuration.ca_file = text_of(sources, "OVH_CA_FILE");
    check_credentials(configuration, *endpoint);
    return configuration;
}

void write_keys(const std::string& file, const std::string& section, const std::map<std::string, std::string>& keys)
{
    struct stat status {};
    const bool is_there = ::stat(file.c_str(), &status) == 0;
    replace_file(file, with_keys(is_there ? content_of(file) : "", section, keys));
}

} // namespace client
