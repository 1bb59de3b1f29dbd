#pragma once
#include "fake/till.h"
#include "service/verification.h"

#include <string>
#include <vector>

namespace fake {

/// nico pays by card.
struct CardDesk : Till {
    CardDesk() { use_card("pm_good_" + nico.uid); }

    /// From now on this is nico's default card.
    domain::Uuid use_card(const std::string& gateway_id) { return use_card(nico, gateway_id); }
    domain::Uuid use_card(const domain::Identity& who, const std::string& gateway_id)
    {
        const domain::PaymentMethod card{.uuid = gateway::random_uuid(),
            .type = domain::PaymentMethodType::card,
            .status = domain::PaymentMethodStatus::active,
            .card = domain::Card{.gateway_id = gateway_id,
                .brand = "visa",
                .last4 = "4242",
                .exp_month = 12,
                .exp_year = 2030,
                .fingerprint = new_name().substr(0, 20),
                .country = "CH",
                .funding = "credit"},
            .created_at = monday};
        in_transaction([&](store::Session& session) {
            store::PaymentMethodStore methods_of{session};
            methods_of.add(who.member, card);
            methods_of.make_default(who.member, card.uuid);
            if (!methods_of.gateway_customer(who.member)) methods_of.add_gateway_customer(who.member, "cus_" + who.uid);
        });
        return card.uuid;
    }
    std::string declining(const domain::Decline& decline)
    {
        const auto id = "pm_bad_" + new_name();
        gateway.declines[id] = decline;
        use_card(id);
        return id;
    }

    std::string number_of(std::int64_t invoice) const { return text("SELECT number FROM invoices WHERE id = ?", invoice); }

    /// What a worker does today: collects, and does the jobs that concern cards.
    void work_today()
    {
        const std::atomic<bool> go_on{false};
        collection.work(go_on);
        for (int round = 0; round < 20 && do_jobs(); ++round) collection.work(go_on);
    }
    void work_on(const std::string& on)
    {
        go(on);
        work_today();
    }
    bool do_jobs()
    {
        const auto due = database().read([&](store::Session& session) {
            return store::select<std::int64_t, std::string, std::string>(session,
                "SELECT id, kind, target FROM jobs WHERE state = 'queued' AND kind IN ('charge', 'charge_cancel', 'refund')"
                " AND (target IN (SELECT uuid FROM charges WHERE member_id = ?) OR target IN (SELECT uuid FROM refunds WHERE member_id = "
                "?))",
                number(nico.member), number(nico.member));
        });
        for (const auto& [id, kind, target] : due) {
            const auto uuid = domain::Uuid::parse(target).value();
            const auto report = kind == "charge" ? charging.carry_out(uuid)
                : kind == "refund"               ? refunds.carry_out(uuid)
                                                 : charging.give_up(uuid);
            if (report.outcome == service::JobOutcome::done) fake::change("UPDATE jobs SET state = 'done' WHERE id = ?", id);
        }
        return !due.empty();
    }

    std::string charges_of(std::int64_t invoice) const
    {
        return text("SELECT COALESCE(GROUP_CONCAT(CONCAT_WS(' ', planned_on, state) ORDER BY attempt SEPARATOR '; '), '') FROM charges"
                    " WHERE invoice_id = ?",
            invoice);
    }
    std::string mails_of(std::int64_t invoice) const
    {
        return text("SELECT COALESCE(GROUP_CONCAT(kind ORDER BY queued_at, kind SEPARATOR ' '), '') FROM mail_outbox WHERE invoice_id = ?",
            invoice);
    }
    std::vector<std::string> findings() const
    {
        auto all = service::Verification{database()}.verify().findings;
        std::erase_if(all, [&](const std::string& finding) {
            return finding.find(nico.uid) == std::string::npos && !finding.starts_with("payment:") && !finding.starts_with("ledger:");
        });
        return all;
    }
};

} // namespace fake
