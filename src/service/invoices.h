#pragma once
#include "gateway/clock.h"
#include "service/billing.h"
#include "store/database.h"
#include "store/invoice_store.h"
#include "store/payment_store.h"

#include <optional>
#include <string>
#include <vector>

namespace service {

struct InvoiceWithLines {
    store::InvoiceRecord invoice{};
    std::vector<store::InvoiceLineRecord> lines{};
};

/// A member's movements in one currency, and what it owed before and after; negative: what it had.
struct Statement {
    domain::Date from{}, to{};
    domain::Money before{}, after{};
    std::vector<store::StatementEntry> entries{};
};

/// A member's documents and account.
class Invoices {
public:
    Invoices(store::Database& database, gateway::Clock& clock, Billing& billing) : database_{database}, clock_{clock}, billing_{billing} {}

    /// Newest first.
    std::vector<store::InvoiceRecord> page(domain::MemberId member, std::optional<std::int64_t> before, int limit);

    /// @throws domain::Refusal not_found
    InvoiceWithLines read(domain::MemberId member, const std::string& number);

    /// For operators, to whom every document is open. @throws domain::Refusal not_found
    InvoiceWithLines read(const std::string& number);

    /// What the next run will bill, as drafts.
    std::optional<Billing::Upcoming> upcoming(domain::MemberId member) { return billing_.upcoming(member); }

    /// Per currency; the member's own currency is always among them.
    std::vector<store::Balance> balances(domain::MemberId member);

    /// The member's payments, newest first, at most 1000.
    std::vector<store::StoredPayment> payments(domain::MemberId member);

    /// The days from..to (to excluded); by default the year up to today, or to the last movement if that is booked later.
    Statement statement(domain::MemberId member, std::optional<domain::Currency> currency, std::optional<domain::Date> from,
        std::optional<domain::Date> to);

private:
    store::Database& database_;
    gateway::Clock& clock_;
    Billing& billing_;
};

} // namespace service
