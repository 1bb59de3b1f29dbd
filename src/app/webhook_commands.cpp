#include "app/commands.h"

#include "app/config.h"
#include "domain/refusal.h"
#include "gateway/stripe_webhooks.h"
#include "logging/log.h"

#include <CLI/CLI.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <stdexcept>
#include <system_error>
#include <thread>

namespace app {
namespace {

using namespace std::chrono_literals;
using gateway::CallOutcome;

/// The file has two lines: the secret, and the endpoint that it is of.
gateway::WebhookSubscription subscription_in(const std::string& path)
{
    gateway::WebhookSubscription subscription;
    std::ifstream file{path};
    std::getline(file, subscription.secret);
    std::getline(file, subscription.id);
    return subscription;
}

[[noreturn]] void fail(const std::string& path) { throw std::system_error{errno, std::generic_category(), path}; }

/// Readable by us alone from the beginning, and never half written.
void keep(const std::string& path, const gateway::WebhookSubscription& subscription)
{
    const auto fresh = path + ".new";
    const auto text = subscription.secret + '\n' + subscription.id + '\n';
    ::unlink(fresh.c_str());
    const int file = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0) fail(fresh);
    const bool written = ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(file) == 0;
    ::close(file);
    if (!written || std::rename(fresh.c_str(), path.c_str()) != 0) fail(path);
}

const char* words_for(gateway::WebhookChange change)
{
    switch (change) {
    case gateway::WebhookChange::none: return "the gateway has it already: ";
    case gateway::WebhookChange::updated: return "the gateway has changed it to ";
    case gateway::WebhookChange::created: return "the gateway has a new webhook: ";
    }
    return "";
}

/// Tells the card gateway where to tell us of its events, `url` (empty: base_url and /webhooks/stripe), and keeps the
/// secret it answers with in the configured file. Safe to repeat. A gateway that cannot be reached is asked for half a
/// minute. @throws std::runtime_error if the gateway refuses or the file cannot be written; domain::Unavailable if the
/// gateway does not answer; std::invalid_argument if no file is configured
void register_webhook(std::ostream& out, const std::string& url)
{
    logging::set_program("uncloud");
    const auto config = load_config();
    const auto& file = config.webhook.secret_file;
    if (file.empty()) throw std::invalid_argument{"name a file for the secret first: [stripe] webhook_secret_file"};
    const auto target = url.empty() ? config.base_url + "/webhooks/stripe" : url;

    gateway::StripeTransport stripe{config.stripe};
    const auto until = std::chrono::steady_clock::now() + 30s;
    while (true) {
        const auto answer = gateway::register_webhook(
            stripe, target, subscription_in(file), [&](const gateway::WebhookSubscription& made) { keep(file, made); });
        if (answer.outcome == CallOutcome::done) {
            out << words_for(answer.value) << target << '\n';
            return;
        }
        if (answer.outcome == CallOutcome::refused || answer.outcome == CallOutcome::missing)
            throw std::runtime_error{"the gateway refuses: " + answer.error.type + ' ' + answer.error.code + ' ' + answer.error.param};
        if (std::chrono::steady_clock::now() > until) throw domain::Unavailable{"card_gateway_unavailable"};
        std::this_thread::sleep_for(200ms);
    }
}

} // namespace

void add_webhook_commands(CLI::App& cli, std::ostream& out)
{
    static std::string url;

    auto* webhook = cli.add_subcommand("webhook", "the card gateway's way to us")->require_subcommand(1);
    auto* registration = webhook->add_subcommand("register", "tell the gateway where we are, and keep the secret; safe to repeat");
    registration->add_option("--url", url, "default: base_url and /webhooks/stripe");
    registration->callback([&out] { register_webhook(out, url); });
}

} // namespace app
