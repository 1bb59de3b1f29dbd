#include "client/session.h"

#include "client/failure.h"

namespace client {
namespace {

gateway::OvhSettings settings_of(const Arguments& arguments, const Console& console)
{
    const auto configuration = configuration_of(arguments, console);
    gateway::OvhSettings settings{.url = configuration.url,
        .credentials = configuration.credentials,
        .ca_file = configuration.ca_file,
        .timeout = std::chrono::seconds{arguments.timeout_s}};
    if (arguments.verbose)
        settings.observe = [&console](const gateway::OvhCallNote& note) {
            console.notes << note.method << ' ' << note.path << ": " << note.status << ' ' << note.error_code << note.fault
                          << (note.query_id.empty() ? "" : " query " + note.query_id) << (note.tries > 1 ? ", repeated" : "") << '\n';
        };
    return settings;
}

} // namespace

Configuration configuration_of(const Arguments& arguments, const Console& console)
{
    auto sources = usual_sources();
    if (!arguments.config.empty()) sources.files = {arguments.config};
    sources.endpoint = arguments.endpoint;
    auto configuration = read_configuration(sources);
    if (!arguments.ca_file.empty()) configuration.ca_file = arguments.ca_file;
    for (const auto& warning : configuration.warnings) console.notes << "warning: " << warning << '\n';
    return configuration;
}

Session::Session(const Arguments& arguments, const Console& console) : arguments_{arguments}, ovh_{settings_of(arguments, console)} {}

std::string Session::subsidiary()
{
    if (!arguments_.subsidiary.empty()) return arguments_.subsidiary;
    if (api.has_login()) return api.account().subsidiary;
    throw Failure{Exit::usage, "the subsidiary is not known", "--subsidiary FR, or log in: `ovh-order login`"};
}

} // namespace client
