#include "app/config.h"

#include "app/config_section.h"
#include "app/supplier_settings.h"

#include "domain/iban.h"
#include "domain/vat_id.h"
#include "logging/log.h"

#include <openssl/hmac.h>
#include <toml++/toml.h>
#include <unistd.h>

#include <cstdlib>
#include <set>
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

std::chrono::milliseconds read_seconds(Section& section, const char* key, std::chrono::milliseconds fallback)
{
    auto seconds = std::chrono::floor<std::chrono::seconds>(fallback);
    section.read(key, seconds);
    return seconds;
}

void read_smtp(Section& section, gateway::SmtpSettings& smtp)
{
    section.read("host", smtp.host);
    section.read("port", smtp.port);
    const auto security = section.choice("security", "starttls", {"starttls", "tls", "none"});
    smtp.security = security == "tls" ? gateway::MailSecurity::tls
        : security == "none"          ? gateway::MailSecurity::none
                                      : gateway::MailSecurity::starttls;
    section.read("user", smtp.user);
    smtp.password = section.secret("password_file");
    section.read("ca_file", smtp.ca_file);
    section.read("client_name", smtp.client_name);
    smtp.connect_timeout = read_seconds(section, "connect_timeout_seconds", smtp.connect_timeout);
    smtp.timeout = read_seconds(section, "timeout_seconds", smtp.timeout);
}

/// All that would only be noticed when a mail is due.
void check_mail(const MailSettings& mail)
{
    if (mail.driver == MailDriver::none) return;
    if (!domain::is_mail_address(mail.from.address))
        throw std::runtime_error{"mail.from_address must be a mail address: " + mail.from.address};
    if (!mail.reply_to.empty() && !domain::is_mail_address(mail.reply_to))
        throw std::runtime_error{"mail.reply_to must be a mail address: " + mail.reply_to};
    const auto& smtp = mail.smtp;
    if (mail.driver == MailDriver::folder && mail.folder.empty()) throw std::runtime_error{"mail.folder must name a folder"};
    if (mail.driver != MailDriver::smtp) return;
    const auto is_host = [](const std::string& name) {
        return !name.empty()
            && name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:[]") == std::string::npos;
    };
    if (!is_host(smtp.host) || !is_host(smtp.client_name))
        throw std::runtime_error{"mail.host and mail.client_name must be names of hosts"};
    if (smtp.port < 1 || smtp.port > 65535) throw std::runtime_error{"mail.port must be 1 to 65535"};
    if (smtp.security == gateway::MailSecurity::none && !smtp.password.empty())
        throw std::runtime_error{"mail.security = \"none\" would show the password to everybody on the way; use starttls or tls"};
    if (smtp.connect_timeout.count() == 0 || smtp.timeout.count() == 0 || smtp.timeout > std::chrono::seconds{60})
        throw std::runtime_error{"mail.timeout_seconds must be 1 to 60, and mail.connect_timeout_seconds at least 1"};
}

void read_mail(Section section, MailSettings& mail)
{
    const auto driver = section.choice("driver", "none", {"none", "folder", "smtp"});
    mail.driver = driver == "smtp" ? MailDriver::smtp : driver == "folder" ? MailDriver::folder : MailDriver::none;
    section.read("folder", mail.folder);
    section.read("from_address", mail.from.address);
    section.read("from_name", mail.from.name);
    section.read("reply_to", mail.reply_to);
    section.read("per_minute", mail.per_minute);
    read_smtp(section, mail.smtp);
    section.finish();
    check_mail(mail);
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

domain::BankAccount read_bank_account(Section section)
{
    domain::BankAccount account;
    section.read("iban", account.iban);
    section.read("qr_iban", account.qr_iban);
    account.currency = domain::currency_from(section.choice("currency", "CHF", {"CHF", "EUR"})).value();
    section.finish();
    const auto is_swiss = [](const std::string& iban) { return domain::check_iban(iban) == domain::IbanFault::none; };
    if (!is_swiss(account.iban) || domain::is_qr_iban(account.iban))
        section.fail("iban", "must be the account's ordinary IBAN, Swiss or of Liechtenstein, without blanks");
    if (!account.qr_iban.empty() && (!is_swiss(account.qr_iban) || !domain::is_qr_iban(account.qr_iban)))
        section.fail("qr_iban", "must be a QR-IBAN, without blanks");
    return account;
}

/// Without accounts of its own those of the bills are ours; what is credited to a QR-IBAN is reported under an ordinary one,
/// which nobody can guess.
void read_bank(Section section, const domain::Issuer& issuer, BankSettings& settings)
{
    section.read("max_file_mib", settings.max_file_mib);
    section.read("max_depth", settings.max_depth);
    for (auto& account : section.sections("accounts")) {
        settings.accounts.push_back(read_bank_account(std::move(account)));
        for (const auto& other : settings.accounts)
            if (&other != &settings.accounts.back() && other.iban == settings.accounts.back().iban)
                section.fail("accounts", other.iban + " is there twice");
    }
    section.finish();
    if (!settings.accounts.empty()) return;
    for (const auto& [iban, currency] : {std::pair{issuer.iban_chf, domain::Currency::chf}, {issuer.iban_eur, domain::Currency::eur}})
        if (!iban.empty() && !domain::is_qr_iban(iban)) settings.accounts.push_back({iban, "", currency});
}

std::chrono::hours days_of(Section& section, const char* key, std::chrono::hours fallback)
{
    int days = static_cast<int>(fallback / std::chrono::hours{24});
    section.read(key, days);
    return std::chrono::hours{24} * days;
}

/// How customers in the EU are taxed, and who says whether they are businesses.
void read_vat(Section section, VatSettings& vat)
{
    section.read("oss", vat.registration.in_oss);
    section.read("oss_id", vat.registration.oss_id);
    const auto kind = section.choice("register", "vies", {"none", "vies", "sandbox"});
    vat.kind = kind == "none" ? VatRegisterKind::none : kind == "vies" ? VatRegisterKind::vies : VatRegisterKind::sandbox;
    section.read("register_url", vat.vies.url);
    section.read("requester", vat.vies.requester);
    vat.rules.hold = days_of(section, "hold_days", vat.rules.hold);
    vat.rules.valid_for = days_of(section, "valid_days", vat.rules.valid_for);
    vat.rules.ahead = vat.rules.valid_for / 6; // 15 of 90 days: time for an answer before the last one has run out
    section.read("every_seconds", vat.every);
    section.finish();
    if (vat.rules.valid_for < std::chrono::hours{24}) throw std::runtime_error{"vat.valid_days must be at least 1"};
    if (vat.registration.in_oss && vat.registration.oss_id.empty())
        throw std::runtime_error{"vat.oss_id must be set where oss is true: it stands on the invoices, such as EU372012345"};
    if (!vat.vies.requester.empty() && domain::check_vat_id(vat.vies.requester) != domain::VatIdFault::none)
        throw std::runtime_error{"vat.requester must be a VAT id of a member state of the EU, such as DE123456788, or empty"};
    vat.vies.requester = domain::normalised_vat_id(vat.vies.requester);
}

/// Scheme, host and perhaps port; clients append the path.
bool is_base(const std::string& url)
{
    const auto scheme = url.starts_with("https://") ? 8u : url.starts_with("http://") ? 7u : 0u;
    return scheme != 0 && url.size() > scheme && url.find_first_of("/?# @", scheme) == std::string::npos;
}

/// Where nothing is said: base_url, and the same as clients sign it that only know https and no ports.
std::vector<std::string> default_bases(const std::string& base_url)
{
    const auto host = base_url.substr(base_url.find("://") + 3);
    const auto bracket = host.rfind(']'); // of an address of IPv6
    const auto colon = host.find(':', bracket == std::string::npos ? 0 : bracket);
    const auto portless = "https://" + host.substr(0, colon);
    return portless == base_url ? std::vector{base_url} : std::vector{base_url, portless};
}

void read_api(Section section, const std::string& base_url, ApiSettings& api)
{
    api.secret_key = section.secret("secret_key_file");
    api.previous_secret_key = section.secret("previous_secret_key_file");
    if (is_base(base_url)) api.bases = default_bases(base_url);
    section.read("bases", api.bases);
    section.finish();
    for (const auto& base : api.bases)
        if (!is_base(base)) section.fail("bases", base + " must be like https://api.example.ch or http://127.0.0.1:8080, without a path");
}

bool is_interface(const std::string& name)
{
    return !name.empty() && name.size() <= 15 && name.front() != '-' && name != "." && name != ".."
        && name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_=+.-") == std::string::npos;
}

/// Where the peers of VPNs go.
void read_vpn(Section section, VpnSettings& vpn)
{
    vpn.driver = section.choice("driver", "wg", {"wg", "file"}) == "wg" ? VpnDriver::wg : VpnDriver::file;
    section.read("interface", vpn.interface);
    section.read("file", vpn.file);
    int days = static_cast<int>(vpn.quarantine.count());
    section.read("quarantine_days", days);
    vpn.quarantine = std::chrono::days{days};
    section.finish();
    if (!is_interface(vpn.interface))
        section.fail("interface", "must be the name of a network interface: at most 15 characters, such as wg0");
    if (vpn.driver == VpnDriver::file && !vpn.file.starts_with('/')) section.fail("file", "must be the path of the file, beginning with /");
}

ProductProvisioning read_product(Section section)
{
    ProductProvisioning product;
    section.read("product", product.product);
    const auto driver = section.choice("driver", "exec", {"exec", "storage"});
    section.read("program", product.exec.program);
    section.read("deadline_seconds", product.exec.deadline);
    section.read("image", product.has_image);
    section.finish();
    if (product.product.empty()) section.fail("product", "must name a product that is sold, such as ipv6-only-vm");
    if (driver == "storage") {
        if (!product.exec.program.empty()) section.fail("program", "is for driver = \"exec\"");
        if (!product.has_image) section.fail("image", "must be true with driver = \"storage\", which makes nothing else");
        return product;
    }
    if (!product.exec.program.starts_with('/')) section.fail("program", "must be the path of a program, from the root on");
    const bool bounded = product.exec.deadline >= std::chrono::seconds{1} && product.exec.deadline <= std::chrono::hours{1};
    if (!bounded) section.fail("deadline_seconds", "must be 1 to 3600");
    return product;
}

void read_provisioning(Section section, ProvisioningSettings& settings)
{
    section.read("give_up_days", settings.give_up_days);
    std::set<std::string> named;
    for (auto& each : section.sections("products")) {
        auto product = read_product(std::move(each));
        if (!named.insert(product.product).second) section.fail("products", product.product + " is there twice");
        if (!product.exec.program.empty()) settings.products.push_back(std::move(product));
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
