#pragma once
#include "app/api_settings.h"
#include "app/bank_settings.h"
#include "app/mail_settings.h"
#include "app/provisioning_settings.h"
#include "app/supplier_settings.h"
#include "app/vat_settings.h"
#include "app/vpn_settings.h"
#include "domain/dunning.h"
#include "domain/issuer.h"
#include "gateway/directory.h"
#include "gateway/stripe_transport.h"
#include "service/server_fulfilment.h"
#include "store/database.h"

#include <chrono>
#include <string>
#include <vector>

namespace app {

enum class Mode { sandbox, production };

/// What happens to a raw card number in a request.
enum class CardPolicy { refuse, tokenize };

struct SignInSettings {
    std::chrono::seconds cache{10}; ///< 0: every request asks the directory
    std::size_t cache_entries{10'000};
    int failures_per_account{10};
    int failures_per_address{50};
    std::chrono::seconds failure_window{900};
};

struct SnapshotSettings {
    int per_vm{10};
    std::chrono::seconds between{60};
};

struct BillingSettings {
    int payment_days{30};
    int give_up_days{14};           ///< how long an order waits for its first payment by card; 0: for ever
    std::chrono::seconds every{60}; ///< how often the worker looks for what is due
};

/// The ladder of reminders, in days after a document fell due; with fees in minor units, none by default.
struct DunningSettings {
    std::vector<domain::DunningStage> ladder{{"reminder", 10}, {"second_reminder", 20}, {"final_notice", 30}, {"suspended", 40}};
    std::string suspending_stage{"suspended"};
};

/// What is needed to believe a webhook. The files are read anew for each: a secret may come or change while we run.
struct WebhookSettings {
    std::string secret_file{};          ///< its first line is the secret; `uncloud webhook register` writes it
    std::string previous_secret_file{}; ///< of the one before, which is believed, too
    std::chrono::seconds tolerance{300};

    /// The secrets that there are, none of them empty. What cannot be read is logged.
    std::vector<std::string> secrets() const;
};

/// The whole of billing.toml. Secrets stand in files of their own that only the service user may read.
struct Config {
    Mode mode{Mode::production};
    std::string base_url{};
    std::string timezone{"Europe/Zurich"};
    CardPolicy cards{CardPolicy::refuse};
    int threads{8};
    std::string share{}; ///< folder that holds migrations/ and reports/
    store::DatabaseSettings database{};
    gateway::DirectorySettings directory{};
    SignInSettings sign_in{};
    gateway::StripeSettings stripe{};
    WebhookSettings webhook{};
    ApiSettings api{};
    std::string publishable_key{};
    std::string script_url{"https://js.stripe.com/v3/"}; ///< of the gateway's browser library, for the card page
    std::string storage_directory{};
    SnapshotSettings snapshots{};
    ProvisioningSettings provisioning{};
    BillingSettings billing{};
    DunningSettings dunning{};
    MailSettings mail{};
    domain::Issuer issuer{};
    BankSettings bank{};
    VatSettings vat{};
    VpnSettings vpn{};
    service::StockRules servers{};
    SupplierSettings supplier{};
    int worker_threads{4};
    std::string worker_name{}; ///< unique per running worker; default: the host's name
    std::string clock_file{};  ///< of the test clock; sandbox only

    /// A key for one purpose, derived from the database's password: the same on every machine, in no file of its own.
    std::string derived_key(const std::string& purpose) const;
};

/// Reads the file that UNCLOUD_CONFIG names (default /etc/uncloud-billing/billing.toml).
/// @throws std::runtime_error naming file, line and key for an unknown key, a wrong type, a missing value, or a secret
/// that others may read.
Config load_config();

} // namespace app
