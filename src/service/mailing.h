#pragma once
#include "document/letter.h"
#include "domain/collection.h"
#include "domain/issuer.h"
#include "domain/mailbox.h"
#include "gateway/clock.h"
#include "gateway/mail.h"
#include "service/invoice_printer.h"
#include "store/database.h"
#include "store/mail_facts_store.h"
#include "store/outbox_store.h"

#include <atomic>
#include <string>

namespace service {

/// Who writes to members, and how fast.
struct MailRules {
    domain::Mailbox from{};
    std::string reply_to{}; ///< an address; empty: `from`
    std::string base_url{}; ///< of the site, for links
    int per_minute{0};      ///< mails that all workers together give to the server; 0: as many as it takes
    domain::CollectionRules dunning{};
};

/// Sends the mails that use cases queued. The row of a mail is committed before the mail server hears of it, and names it by its
/// Message-ID. A worker killed before it sent leaves it to the next one; a mail that the server may have taken is sent again under the
/// same Message-ID, a few times at most: SMTP cannot do better.
class Mailing {
public:
    Mailing(store::Database& database, gateway::Clock& clock, gateway::MailGateway& gateway, InvoicePrinter& printer, MailRules rules)
        : database_{database}, clock_{clock}, gateway_{gateway}, printer_{printer}, rules_{std::move(rules)}
    {
    }

    /// What became of one pass.
    enum class Pass { idle, busy, server_away };

    /// Sends what is due, some mails at most, under the name of a worker.
    Pass work(const std::string& worker, const std::atomic<bool>& stop);

    /// A predecessor of that name was killed: what it was sending is due again.
    void take_back(const std::string& worker);

    /// Once a day: tells members whose default card expires within a month. Does nothing on a day that it was called on before.
    void notice_expiring_cards();

private:
    std::vector<store::TakenMail> take(const std::string& worker);
    bool attend(const store::TakenMail& mail, const store::MailFacts& facts, const std::string& worker);
    bool send(const store::TakenMail& mail, domain::MailKind kind, const store::MailFacts& facts, const std::string& worker);
    bool settle(const store::TakenMail& mail, const gateway::MailResult& result, const std::string& worker);
    void again(const store::TakenMail& mail, const std::string& worker, const std::string& reason, bool may_have_arrived);
    void finish(const store::TakenMail& mail, const std::string& worker, domain::MailState state, const std::string& reason);
    domain::MailMatter matter_of(const store::TakenMail& mail, domain::MailKind kind, const store::MailFacts& facts) const;
    document::LetterMatter letter_of(domain::MailKind kind, const store::MailFacts& facts, const domain::Issuer& issuer) const;
    std::string bytes_of(const store::TakenMail& mail, domain::MailKind kind, const store::MailFacts& facts);

    store::Database& database_;
    gateway::Clock& clock_;
    gateway::MailGateway& gateway_;
    InvoicePrinter& printer_;
    MailRules rules_;
    std::optional<domain::Date> noticed_on_{};
};

} // namespace service
