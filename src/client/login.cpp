#include "client/login.h"

#include "client/endpoints.h"
#include "client/order_api.h"
#include "client/table.h"
#include "http/json_text.h"

#include <cstdlib>
#include <thread>

namespace client {
namespace {

using http::JsonText;

struct Rule {
    const char* method{};
    const char* path{};
};

/// Just what the commands need (python-ovh 86, 141: rules too narrow; and no more than that).
constexpr Rule order_rules[] = {{"GET", "/order/*"}, {"POST", "/order/*"}, {"PUT", "/order/*"}, {"DELETE", "/order/*"}, {"GET", "/me"},
    {"GET", "/me/order"}, {"GET", "/me/order/*"}, {"POST", "/me/order/*"}, {"GET", "/me/payment/method"}, {"GET", "/me/payment/method/*"}};

std::string question_of(const LoginTerms& terms)
{
    auto rules = JsonText::array();
    for (const auto& rule : order_rules) rules.push(JsonText::object().set("method", rule.method).set("path", rule.path));
    auto body = JsonText::object().set("accessRules", rules);
    if (!terms.redirection.empty()) body.set("redirection", terms.redirection);
    return body.dump();
}

void require_application(Configuration& configuration, const Console& console)
{
    auto& keys = configuration.credentials;
    if (keys.has_oauth2() || !keys.access_token.empty())
        throw Failure{Exit::usage, "the configuration logs in with OAuth2, which needs no `login`", "see `ovh-order login --check`"};
    if (!keys.application_key.empty() && !keys.application_secret.empty()) return;
    const auto page = "make the application's keys at " + create_app_page(configuration.url);
    if (!console.can_ask())
        throw Failure{Exit::not_logged_in, "there is no application key for " + configuration.endpoint,
            page + ", then put application_key and application_secret into section [" + configuration.endpoint + "] of ~/.ovh.conf"};
    console.notes << page << '\n';
    keys.application_key = console.ask("Application key? ");
    keys.application_secret = (console.ask_secret ? console.ask_secret : console.ask)("Application secret? ");
}

gateway::OvhSettings settings_of(const Configuration& configuration)
{
    return {.url = configuration.url, .credentials = configuration.credentials, .ca_file = configuration.ca_file};
}

enum class Validation { done, waits };

/// A key that waits cannot sign anything; one that may sign, but not this call, is valid.
Validation look(gateway::OvhClient& client)
{
    const auto reply = client.get("/auth/currentCredential");
    const auto status = reply.body().text({"status"});
    if (status == "validated" || reply.error_code() == "NOT_GRANTED_CALL") return Validation::done;
    if (status == "refused" || status == "expired")
        throw Failure{Exit::not_logged_in, "the consumer key was " + status, "run `ovh-order login` again"};
    if (status == "pendingValidation" || reply.error_code() == "INVALID_CREDENTIAL") return Validation::waits;
    auto failure = failure_of(reply, "see whether the key is validated");
    if (failure.exit() != Exit::temporary) throw failure;
    return Validation::waits;
}

void wait_for_validation(gateway::OvhClient& client, const LoginTerms& terms)
{
    for (std::chrono::milliseconds waited{0}; look(client) == Validation::waits; waited += terms.look_every) {
        if (waited >= terms.patience)
            throw Failure{Exit::not_logged_in, "the key was not validated in time, and is not written down", "run `ovh-order login` again"};
        if (terms.sleep) terms.sleep(terms.look_every);
        else std::this_thread::sleep_for(terms.look_every);
    }
}

std::string target_file(const Configuration& configuration, const LoginTerms& terms)
{
    if (!terms.keys_file.empty()) return terms.keys_file;
    if (!configuration.keys_file.empty() && !configuration.keys_file.starts_with("/etc/")) return configuration.keys_file;
    const char* home = std::getenv("HOME");
    if (!home || !*home) throw Failure{Exit::usage, "there is no place for the consumer key", "set HOME, or give --write-to"};
    return std::string{home} + "/.ovh.conf";
}

} // namespace

void log_in(Configuration configuration, const Console& console, const LoginTerms& terms)
{
    require_application(configuration, console);
    const auto file = target_file(configuration, terms);
    auto& keys = configuration.credentials;
    keys.consumer_key.clear();
    gateway::OvhClient stranger{settings_of(configuration)};
    const auto reply = stranger.post("/auth/credential", question_of(terms), gateway::OvhAccess::open);
    if (!reply.ok()) throw failure_of(reply, "get a consumer key");
    keys.consumer_key = reply.body().text({"consumerKey"});
    const auto page = printable(reply.body().text({"validationUrl"}));
    console.notes << "open this page, log in and accept; it lets this program order and see orders, and nothing else:\n\n  " << page
                  << "\n\n";
    console.notes.flush();
    if (terms.open_browser && (page.starts_with("https://") || page.starts_with("http://"))) terms.open_browser(page);

    gateway::OvhClient client{settings_of(configuration)};
    wait_for_validation(client, terms);
    write_keys(file, configuration.endpoint,
        {{"application_key", keys.application_key}, {"application_secret", keys.application_secret}, {"consumer_key", keys.consumer_key}});
    console.notes << "the consumer key is in " << file << '\n';
    show_account(configuration, console);
}

void show_account(const Configuration& configuration, const Console& console)
{
    if (!configuration.credentials.any())
        throw Failure{Exit::not_logged_in, "there are no keys for " + configuration.endpoint, "run `ovh-order login`"};
    gateway::OvhClient client{settings_of(configuration)};
    const auto account = OrderApi{client}.account();
    if (console.json)
        console.out << JsonText::object()
                           .set("endpoint", configuration.endpoint)
                           .set("nichandle", account.nichandle)
                           .set("ovhSubsidiary", account.subsidiary)
                           .set("currency", account.currency)
                           .dump()
                    << '\n';
    else
        console.out << "logged in at " << configuration.endpoint << " as " << printable(account.nichandle) << ", subsidiary "
                    << printable(account.subsidiary) << ", " << printable(account.currency) << '\n';
}

} // namespace client
