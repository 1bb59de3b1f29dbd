#pragma once
#include "fake/card_desk.h"
#include "service/mailing.h"
#include "service/outbox.h"

#include <functional>
#include <mutex>
#include <string>
#include <vector>

namespace fake {

/// A mail server in memory. What it answers is up to the test.
class Postbox : public gateway::MailGateway {
public:
    std::function<gateway::MailResult(const gateway::Mail&)> answer = [](const gateway::Mail&) {
        return gateway::MailResult{gateway::MailOutcome::sent};
    };

    gateway::MailResult send(const gateway::Mail& mail) override
    {
        {
            const std::lock_guard lock{mutex_};
            mails_.push_back(mail);
        }
        return answer(mail);
    }

    std::vector<gateway::Mail> mails() const
    {
        const std::lock_guard lock{mutex_};
        return mails_;
    }

private:
    mutable std::mutex mutex_;
    std::vector<gateway::Mail> mails_;
};

/// The outbox with nobody's mails but those of this case.
struct MailDesk : CardDesk {
    Postbox post{};
    service::InvoicePrinter printer{database()};
    service::MailRules mail_rules{.from = {"Muster Hosting AG", "billing@muster.example"},
        .base_url = "https://billing.example",
        .dunning = {{{"reminder", 10}, {"second_reminder", 20}, {"suspended", 30}}, "suspended"}};
    service::Mailing mailing{database(), clock, post, printer, mail_rules};
    service::Outbox outbox{database(), clock};

    MailDesk()
    {
        fake::change("UPDATE mail_outbox SET state = 'obsolete' WHERE state IN ('queued', 'sending')");
        fake::change("UPDATE mail_outbox SET tried_at = NULL WHERE tried_at IS NOT NULL");
    }

    service::Mailing::Pass work(service::Mailing& by, const std::string& worker)
    {
        const std::atomic<bool> go_on{false};
        return by.work(worker, go_on);
    }
    void deliver(const std::string& worker = "test")
    {
        while (work(mailing, worker) == service::Mailing::Pass::busy) {}
    }

    /// nico has no card any more.
    void take_card_away() const
    {
        fake::change(
            "UPDATE payment_methods SET status = 'removed', default_of = NULL WHERE member_id = ? AND type = 'card'", number(nico.member));
    }

    void queue(std::int64_t invoice, domain::MailKind kind) const
    {
        in_transaction([&](store::Session& session) { store::OutboxStore{session}.queue(invoice, kind, clock.now()); });
    }

    /// As if the pauses of all mails were over.
    static void let_pauses_pass() { fake::change("UPDATE mail_outbox SET next_at = NOW(6) WHERE state = 'queued'"); }

    static std::string state_of(std::int64_t invoice, const std::string& kind)
    {
        return text(
            "SELECT CONCAT_WS(' ', state, attempts, NULLIF(error, '')) FROM mail_outbox WHERE invoice_id = ? AND kind = ?", invoice, kind);
    }
    /// What was sent to nico. Whoever collects collects for all, and so sends other cases' mails, too.
    std::vector<gateway::Mail> mails() const
    {
        auto all = post.mails();
        std::erase_if(all, [&](const gateway::Mail& mail) {
            return count("SELECT COUNT(*) FROM mail_outbox o LEFT JOIN invoices i ON i.id = o.invoice_id LEFT JOIN refunds r ON r.id = "
                         "o.refund_id"
                         " LEFT JOIN payment_methods p ON p.id = o.method_id"
                         " WHERE o.uuid = ? AND COALESCE(i.member_id, r.member_id, p.member_id) = ?",
                       mail.id.substr(0, 36), number(nico.member))
                == 0;
        });
        return all;
    }
    std::string mails_of_nico() const
    {
        return text("SELECT COALESCE(GROUP_CONCAT(CONCAT_WS(' ', o.kind, o.state, NULLIF(o.error, '')) ORDER BY o.id SEPARATOR ', '), '')"
                    " FROM mail_outbox o LEFT JOIN invoices i ON i.id = o.invoice_id LEFT JOIN refunds r ON r.id = o.refund_id"
                    " LEFT JOIN payment_methods p ON p.id = o.method_id WHERE COALESCE(i.member_id, r.member_id, p.member_id) = ?",
            number(nico.member));
    }
    static domain::Uuid uuid_of_mail(std::int64_t invoice, const std::string& kind)
    {
        return domain::Uuid::parse(text("SELECT uuid FROM mail_outbox WHERE invoice_id = ? AND kind = ?", invoice, kind)).value();
    }
};

} // namespace fake
