#pragma once
#include "domain/transfer_id.h"
#include "fake/bank_desk.h"
#include "service/bank_payouts.h"
#include "service/bank_work.h"

namespace fake {

/// Somebody decides what the bank's files leave, and pays out.
struct BankCounter : BankDesk {
    service::BankWork work{database(), clock};
    service::BankPayouts payouts{database(), clock, "Muster Hosting AG"};

    /// Money that names nothing; its booking.
    domain::Uuid unplaced(const std::string& amount, const BankDetail& detail = {})
    {
        auto told = detail;
        if (told.key.empty()) told.key = new_name().substr(0, 30);
        told.amount = amount;
        take(std::vector<BankEntry>{{.key = "E" + told.key.substr(0, 20), .amount = amount, .details = {told}}});
        return booking("D:" + told.key);
    }
    store::BankBooking assign(const domain::Uuid& booking, const service::BankTarget& target)
    {
        return in_transaction([&](store::Session& session) { return work.assign(session, booking, target, "op"); });
    }
    store::BankBooking credit_to(const domain::Uuid& booking, const std::string& username)
    {
        return in_transaction([&](store::Session& session) { return work.credit(session, booking, username, "op"); });
    }
    store::BankBooking send_back(const domain::Uuid& booking, const service::BankPayee& payee = {})
    {
        return in_transaction([&](store::Session& session) { return work.refund(session, booking, payee, "op"); });
    }
    /// The payouts of this case's account; what others have left to pay goes out as well.
    std::vector<store::BankPayout> pay_out()
    {
        auto all = in_transaction([&](store::Session& session) { return payouts.create(session, "op"); });
        std::erase_if(all, [&](const auto& payout) { return payout.account != iban && payout.account != euros; });
        return all;
    }
    /// A bank payment of the amount, all of it credit, and a refund of it.
    domain::Uuid refund_of(std::int64_t minor, const std::string& payee_iban)
    {
        auto payment = money(minor);
        payment.account = "bank:" + iban;
        payment.payer_name = "Nico Brunner";
        payment.payer_iban = payee_iban;
        book({payment});
        return in_transaction([&](store::Session& session) {
            return refunds.request(session, {.payment = payment.uuid, .amount = {minor}, .reference = new_name(), .reason = "test"}, "op")
                .uuid;
        });
    }
    /// The statement on which the bank tells that it has paid a transfer.
    std::vector<BankEntry> debited(const std::string& amount, const domain::Uuid& transfer) const
    {
        return {{.key = "DB" + transfer.text().substr(24),
            .amount = amount,
            .details = {{.amount = amount, .end_to_end_id = domain::end_to_end_id(transfer)}},
            .direction = "DBIT"}};
    }
    /// And the one on which it comes back.
    std::vector<BankEntry> returned(const std::string& amount, const domain::Uuid& transfer) const
    {
        return {{.key = "RT" + transfer.text().substr(24),
            .amount = amount,
            .details = {{.key = "RTD" + transfer.text().substr(24),
                .amount = amount,
                .extra = "<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf>",
                .end_to_end_id = domain::end_to_end_id(transfer)}}}};
    }
    static std::string state_of(const domain::Uuid& booking)
    {
        return text("SELECT CONCAT_WS(' ', outcome, state, suspense_minor) FROM bank_bookings WHERE uuid = ?", booking);
    }
    static std::string state_of_refund(const domain::Uuid& refund)
    {
        return text("SELECT CONCAT_WS(' ', state, NULLIF(failure, '')) FROM refunds WHERE uuid = ?", refund);
    }
};

} // namespace fake
