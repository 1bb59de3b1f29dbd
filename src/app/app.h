#pragma once
#include "api/raw_card.h"
#include "app/config.h"
#include "domain/collection.h"
#include "gateway/clock.h"
#include "gateway/provisioner_set.h"
#include "gateway/secret_box.h"
#include "gateway/wireguard.h"
#include "service/bank_imports.h"
#include "service/billing.h"
#include "service/mailing.h"
#include "service/ordering.h"
#include "store/database.h"

#include <memory>
#include <string>

namespace app {

/// What every program needs: its configuration, the clock and the database. Opens nothing until it is used.
class App {
public:
    /// `program` names it in the log. @throws std::runtime_error if the configuration cannot be used.
    /// Statements may take as long as `patience`: an operator waits, a request does not.
    explicit App(const std::string& program, std::chrono::seconds patience = std::chrono::seconds{10});

    const Config config;

private:
    gateway::SettableClock* test_clock_{nullptr};

public:
    const std::unique_ptr<gateway::Clock> clock;
    store::Database database;

    /// The clock as one that can be set; nullptr in production.
    gateway::SettableClock* test_clock() const { return test_clock_; }

    /// What an event of the gateway must fit to be ours.
    domain::GatewayIdentity gateway_identity() const
    {
        return {config.stripe.livemode(), config.stripe.instance, gateway::stripe_api_version};
    }

    service::SnapshotRules snapshot_rules() const { return {config.snapshots.per_vm, config.snapshots.between}; }
    service::BillingRules billing_rules() const { return {.payment_days = config.billing.payment_days, .vat = config.vat.registration}; }
    domain::CollectionRules collection_rules() const
    {
        return {config.dunning.ladder, config.dunning.suspending_stage, config.billing.payment_days};
    }
    service::BankRules bank_rules() const
    {
        return {.accounts = config.bank.accounts,
            .reference_prefix = config.issuer.reference_prefix,
            .limits = {.bytes = std::int64_t{config.bank.max_file_mib} << 20, .depth = config.bank.max_depth}};
    }
    service::MailRules mail_rules() const
    {
        return {config.mail.from, config.mail.reply_to, config.base_url, config.mail.per_minute, collection_rules()};
    }

    /// How mail goes out; nullptr: it does not. @throws std::runtime_error if the folder for it is missing
    std::unique_ptr<gateway::MailGateway> mail_gateway() const;

    /// The programs that make what is sold, by product.
    gateway::ProvisionerSet provisioners() const;

    /// Who answers for VAT ids of the EU, as configured.
    std::unique_ptr<gateway::VatRegister> vat_register() const;

    /// The WireGuard server as configured.
    std::unique_ptr<gateway::Wireguard> wireguard() const;

    /// What seals the secrets of API applications. @throws std::runtime_error naming the setting if there is no key, or none that is one
    gateway::SecretBox secret_box() const;

    /// The configuration's issuer is the one of documents from now on.
    void keep_issuer();

    api::RawCards raw_cards() const { return config.cards == CardPolicy::tokenize ? api::RawCards::tokenize : api::RawCards::refuse; }
};

} // namespace app
