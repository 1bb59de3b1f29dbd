#include "app/config.h"

#include "domain/iban.h"
#include "logging/log.h"

#include <openssl/hmac.h>
#include <sys/stat.h>
#include <toml++/toml.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <set>
#include <stdexcept>
#include <utility>

namespace app {
namespace {

/// The first line of a file that nobody else may read. @throws std::runtime_error
std::string secret_in(const std::string& path)
{
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) throw std::runtime_error{"cannot read " + path};
    if ((status.st_mode & 077) != 0) throw std::runtime_error{path + " may be read by others; run: chmod 600 " + path};
    std::ifstream file{path};
    std::string content;
    if (!std::getline(file, content)) throw std::runtime_error{path + " is empty"};
    return content;
}

/// One table of the file: hands out values by key and complains about those nobody asked for.
class Section {
public:
    Section(std::string file, const toml::table& table, std::string name) : file_{std::move(file)}, table_{table}, name_{std::move(name)} {}

    Section section(const char* key)
    {
        known_.insert(key);
        static const toml::table empty;
        const auto* node = table_.get(key);
        if (!node) return {file_, empty, key};
        if (!node->is_table()) fail(*node, key, "must be a table");
        return {file_, *node->as_table(), key};
    }

    void read(const char* key, std::string& value) { assign<std::string>(key, value, "text"); }
    void read(const char* key, int& value) { assign<std::int64_t>(key, value, "a whole number"); }
    void read(const char* key, std::size_t& value) { assign<std::int64_t>(key, value, "a whole number"); }
    void read(const char* key, std::chrono::seconds& value)
    {
        std::int64_t seconds = value.count();
        assign<std::int64_t>(key, seconds, "a number of seconds");
        value = std::chrono::seconds{seconds};
    }

    std::string choice(const char* key, const std::string& fallback, const std::set<std::string>& words)
    {
        std::string value = fallback;
        read(key, value);
        if (words.contains(value)) return value;
        std::string allowed;
        for (const auto& word : words) allowed += (allowed.empty() ? "" : ", ") + word;
        fail(*table_.get(key), key, "must be one of: " + allowed);
    }

    /// The content of the file that `key` names, without its line end.
    std::string secret(const char* key)
    {
        std::string path;
        read(key, path);
        if (path.empty()) return {};
        try {
            return secret_in(path);
        } catch (const std::runtime_error& error) {
            fail(*table_.get(key), key, error.what());
        }
    }

    void finish() const
    {
        for (const auto& [key, node] : table_)
            if (!known_.contains(std::string{key.str()})) fail(node, std::string{key.str()}, "is not a setting");
    }

    [[noreturn]] void fail(const toml::node& node, const std::string& key, const std::string& why) const
    {
        throw std::runtime_error{
            file_ + ":" + std::to_string(node.source().begin.line) + ": " + (name_.empty() ? "" : name_ + ".") + key + " " + why};
    }

private:
    template <class Stored, class Value> void assign(const char* key, Value& value, const char* what)
    {
        known_.insert(key);
        const auto* node = table_.get(key);
        if (!node) return;
        const auto stored = node->value_exact<Stored>();
        if (!stored) fail(*node, key, std::string{"must be "} + what);
        if constexpr (std::is_integral_v<Value>) {
            if (*stored < 0) fail(*node, key, "must not be negative");
            value = static_cast<Value>(*stored);
        } else {
            value = *stored;
        }
    }

    std::string file_;
    const toml::table& table_;
    std::string name_;
    std::set<std::string> known_{};
};

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
        if (stage.days == 0) continue;
        if (!settings.ladder.empty() && stage.days <= settings.ladder.back().days)
            throw std::runtime_error{"dunning." + stage.name + "_days must be more than " + settings.ladder.back().name + "_days"};
        settings.ladder.push_back(stage);
    }
    section.finish();
}

/// Who we are, as documents say it.
void read_issuer(Section section, domain::Issuer& issuer)
{
    section.read("company", issuer.address.company);
    section.read("street", issuer.address.street);
    section.read("house_number", issuer.address.house_number);
    section.read("postal_code", issuer.address.postal_code);
    section.read("city", issuer.address.city);
    section.read("country", issuer.address.country);
    section.read("uid", issuer.uid);
    section.read("email", issuer.email);
    section.read("web", issuer.web);
    section.read("phone", issuer.phone);
    section.read("iban_chf", issuer.iban_chf);
    section.read("iban_eur", issuer.iban_eur);
    section.read("reference_prefix", issuer.reference_prefix);
    section.finish();
    for (const auto* iban : {&issuer.iban_chf, &issuer.iban_eur})
        if (!iban->empty() && domain::check_iban(*iban) != domain::IbanFault::none)
            throw std::runtime_error{"issuer: " + *iban + " is no Swiss or Liechtenstein IBAN (21 characters, no blanks)"};
    if (issuer.reference_prefix.size() > 12 || issuer.reference_prefix.find_first_not_of("0123456789") != std::string::npos)
        throw std::runtime_error{"issuer.reference_prefix must be at most 12 digits"};
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

    auto billing = top.section("billing");
    billing.read("payment_days", config.billing.payment_days);
    billing.read("every_seconds", config.billing.every);
    billing.finish();

    read_dunning(top.section("dunning"), config.dunning);
    read_issuer(top.section("issuer"), config.issuer);

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
    return config;
}

} // namespace app
