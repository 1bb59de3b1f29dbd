#pragma once
#include "fake/billing_desk.h"
#include "service/payments.h"

#include <string>
#include <vector>

namespace fake {

/// Takes money for nico's documents.
struct Till : BillingDesk {
    service::Payments payments{clock};

    /// A document over the amount, with VAT, for an order of its own.
    std::int64_t invoice_over(std::int64_t gross, const std::string& on = "2026-03-02")
    {
        running(on, gross);
        bill(on);
        return newest();
    }
    std::int64_t newest() const { return count("SELECT MAX(id) FROM invoices WHERE member_id = ?", number(nico.member)); }

    domain::Payment money(std::int64_t minor, std::optional<std::int64_t> invoice = {}, const std::string& source = new_name()) const
    {
        return {.uuid = gateway::random_uuid(),
            .member = nico.member,
            .means = domain::PaymentMeans::bank,
            .source = "booking:test:" + source,
            .account = domain::account::bank("CH7189999000000012345"),
            .amount = {minor},
            .invoice = invoice,
            .booked_on = clock.today(),
            .value_on = clock.today()};
    }
    std::vector<service::SettledPayment> book(const std::vector<domain::Payment>& all)
    {
        return in_transaction([&](store::Session& session) { return payments.book(session, all); });
    }
    service::SettledPayment pay(std::int64_t minor, std::optional<std::int64_t> invoice = {})
    {
        return book({money(minor, invoice)}).front();
    }
    bool reverse(std::int64_t payment)
    {
        return in_transaction([&](store::Session& session) { return payments.reverse(session, payment, clock.today()); });
    }

    static std::string standing(std::int64_t invoice)
    {
        return text("SELECT CONCAT_WS('/', open_minor, applied_minor, paid_minor) FROM receivables WHERE invoice_id = ?", invoice);
    }
    std::int64_t credit() const
    {
        return count("SELECT COALESCE(SUM(credit_minor), 0) FROM credit_balances WHERE member_id = ?", number(nico.member));
    }
};

} // namespace fake
