#include "app/config.h"

#include "app/config_section.h"
#include "logging/log.h"

#include <openssl/hmac.h>
#include <toml++/toml.h>
#include <unistd.h>

#include <cstdlib>
#include <stdexcept>
#include <utility>

namespace app {
namespace {

toml::table parse(const std::string& path)
{
    try {
        return toml::parse_file(path);
    } catch (const toml::parse_error& error) {
        throw std::runtime_error{path + ":" + std::to_string(error.source().begin.line) + ": " + std::string{error.description()}};
    }
}

std::string host_name()
{
    char name[256] = "";
    ::gethostname(name, sizeof name - 1);
    return name;
}

void read_sign_in(Section section, SignInSettings& settings)
{
    section.read("cache_seconds", settings.cache);
    section.read("cache_entries", settings.cache_entries);
    section.read("failures_per_account", settings.failures_per_account);
    section.read("failures_per_address", settings.failures_per_address);
    section.read("failure_window_seconds", settings.failure_window);
    section.finish();
}

void read_database(Section section, store::DatabaseSettings& settings)
{
    section.read("socket", settings.socket);
    section.read("name", settings.name);
    section.read("user", settings.user);
    settings.password = section.secret("password_file");
    section.finish();
}

void read_directory(Section section, gateway::DirectorySettings& settings)
{
    section.read("url", settings.url);
    section.read("base", settings.base);
    section.read("user_attribute", settings.user_attribute);
    section.read("service_dn", settings.service_dn);
    settings.password = section.secret("password_file");
    section.read("operators_group", settings.operators_group);
    section.read("timeout_seconds", settings.timeout_seconds);
    section.finish();
}

void read_stripe(Section section, Config& config)
{
    section.read("url", config.stripe.url);
    config.stripe.secret_key = section.secret("secret_key_file");
    section.read("publishable_key", config.publishable_key);
    section.read("script_url", config.script_url);
    config.stripe.instance = config.base_url;
    section.read("instance", config.stripe.instance);
    std::chrono::seconds timeout{10};
    section.read("timeout_seconds", timeout);
    config.stripe.timeout = timeout;
    section.read("calls_per_second", config.stripe.calls_per_second);
    section.read("webhook_secret_file", config.webhook.secret_file);
    section.read("webhook_previous_secret_file", config.webhook.previous_secret_file);
    section.read("webhook_tolerance_seconds", config.webhook.tolerance);
    section.finish();
}

/// Days after a document fell due; a stage of 0 days is left out.
void read_dunning(Section section, DunningSettings& settings)
{
    auto ladder = std::exchange(settings.ladder, {});
    for (auto& stage : ladder) {
        section.read((stage.name + "_days").c_str(), stage.days);
        section.read((stage.name + "_fee").c_str(), stage.fee);
        if (stage.fee < 0) throw std::runtime_error{"dunning." + stage.name + "_fee must not be negative"};
        if (stage.days == 0) continue;
        if (!settings.ladder.empty() && stage.days <= settings.ladder.back().days)
            throw std::runtime_error{"dunning." + stage.name + "_days must be more than " + settings.ladder.back().name + "_days"};
        settings.ladder.push_back(stage);
    }
    section.finish();
}

void read_rest(Section& top, Config& config)
{
    auto storage = top.section("storage");
    storage.choice("driver", "local", {"local"});
    storage.read("directory", config.storage_directory);
    storage.finish();

    auto snapshots = top.section("snapshots");
    snapshots.read("per_vm", config.snapshots.per_vm);
    snapshots.read("seconds_between", config.snapshots.between);
    snapshots.finish();

    read_provisioning(top.section("provisioning"), config.provisioning);

    auto billing = top.section("billing");
    billing.read("payment_days", config.billing.payment_days);
    billing.read("give_up_days", config.billing.give_up_days);
    billing.read("every_seconds", config.billing.every);
    billing.finish();

    read_dunning(top.section("dunning"), config.dunning);
    read_issuer(top.section("issuer"), config.issuer);
    read_bank(top.section("bank"), config.issuer, config.bank);
    read_mail(top.section("mail"), config.mail);
    read_vat(top.section("vat"), config.vat);
    read_vpn(top.section("vpn"), config.vpn);
    read_api(top.section("api"), config.base_url, config.api);

    auto servers = top.section("servers");
    servers.read("delivery_seconds", config.servers.delivery);
    servers.read("look_again_seconds", config.servers.look_again);
    servers.finish();
    config.servers.racks_by_itself = config.mode == Mode::sandbox;
    config.supplier = read_supplier(top.section("supplier"));

    auto worker = top.section("worker");
    worker.read("threads", config.worker_threads);
    worker.read("name", config.worker_name);
    worker.finish();

    auto sandbox = top.section("sandbox");
    sandbox.read("clock_file", config.clock_file);
    sandbox.finish();
}

/// Raw card numbers may only ever reach a test gateway.
void check_card_policy(const Config& config, const std::string& path)
{
    if (config.cards != CardPolicy::tokenize) return;
    if (config.mode != Mode::sandbox) throw std::runtime_error{path + ": cards = \"tokenize\" is for a sandbox; this is production"};
    const bool test_key = config.stripe.secret_key.starts_with("sk_test_");
    const bool stripe_itself = config.stripe.url.find("stripe.com") != std::string::npos;
    if (!test_key || stripe_itself)
        throw std::runtime_error{path + ": cards = \"tokenize\" needs a test key (sk_test_…) and a gateway that is not Stripe's own"};
}

/// What the card page loads decides what becomes of the cards that are typed into it.
void check_script(const Config& config, const std::string& path)
{
    if (config.mode == Mode::production && !config.script_url.starts_with("https://"))
        throw std::runtime_error{path + ": stripe.script_url must begin with https://"};
}

} // namespace

std::vector<std::string> WebhookSettings::secrets() const
{
    std::vector<std::string> secrets;
    for (const auto& path : {secret_file, previous_secret_file}) {
        if (path.empty() || ::access(path.c_str(), F_OK) != 0) continue; // not registered yet
        try {
            if (auto secret = secret_in(path); !secret.empty()) secrets.push_back(std::move(secret));
        } catch (const std::runtime_error& error) {
            logging::event("error", "webhook_secret_unusable", {{"what", error.what()}});
        }
    }
    return secrets;
}

std::string Config::derived_key(const std::string& purpose) const
{
    unsigned char mac[32];
    unsigned size = sizeof mac;
    HMAC(EVP_sha256(), database.password.data(), static_cast<int>(database.password.size()),
        reinterpret_cast<const unsigned char*>(purpose.data()), purpose.size(), mac, &size);
    return {reinterpret_cast<const char*>(mac), size};
}

Config load_config()
{
    const char* named = std::getenv("UNCLOUD_CONFIG");
    const std::string path = named ? named : "/etc/uncloud-billing/billing.toml";
    const auto table = parse(path);
    Section top{path, table, ""};

    Config config;
    config.mode = top.choice("mode", "production", {"sandbox", "production"}) == "sandbox" ? Mode::sandbox : Mode::production;
    config.cards = top.choice("cards", "refuse", {"refuse", "tokenize"}) == "tokenize" ? CardPolicy::tokenize : CardPolicy::refuse;
    top.read("base_url", config.base_url);
    top.read("timezone", config.timezone);
    top.read("threads", config.threads);
    config.share = "/usr/share/uncloud-billing";
    top.read("share", config.share);
    config.worker_name = host_name();

    read_database(top.section("database"), config.database);
    read_directory(top.section("directory"), config.directory);
    read_sign_in(top.section("sign_in"), config.sign_in);
    read_stripe(top.section("stripe"), config);
    read_rest(top, config);
    top.finish();

    check_card_policy(config, path);
    check_script(config, path);
    if (config.vat.kind == VatRegisterKind::sandbox && config.mode != Mode::sandbox)
        throw std::runtime_error{path + ": vat.register = \"sandbox\" invents its answers; this is production"};
    return config;
}

} // namespace app
