#pragma once
#include "domain/invoice.h"
#include "domain/ledger.h"
#include "domain/member.h"
#include "store/database.h"

#include <optional>
#include <string>
#include <vector>

namespace store {

/// A document to be issued.
struct NewInvoice {
    domain::Uuid uuid{};
    domain::MemberId member{};
    domain::Currency currency{};
    std::vector<domain::InvoiceLine> lines{};
    domain::Date billed_on{};
    domain::Date due_on{};
    domain::Instant issued_at{};
};

struct InvoiceRecord {
    std::int64_t id{0};
    domain::Uuid uuid{};
    std::string number{};
    std::string kind{};
    domain::Money net{}, vat{}, total{};
    domain::Date billed_on{};
    domain::Instant issued_at{};
    domain::Date due_on{};
};

struct InvoiceLineRecord {
    domain::InvoiceLine line{};
    domain::Uuid order{};
};

/// Rows of `invoices` and their lines, and of the ledger that books them.
class InvoiceStore {
public:
    explicit InvoiceStore(Session& session) : session_{session} {}

    /// Writes the document with the next number of its series and year, and books it. Takes the row of the number
    /// series until the transaction ends, so it comes last in a short one. Returns nullopt, having written nothing, if
    /// one of the lines' periods is charged already.
    std::optional<std::string> issue(const NewInvoice& invoice);

    /// A member's documents, newest first.
    std::vector<InvoiceRecord> page(domain::MemberId member, std::optional<std::int64_t> before, int limit);

    std::optional<InvoiceRecord> by_number(domain::MemberId member, const std::string& number);
    std::vector<InvoiceLineRecord> lines_of(const InvoiceRecord& invoice);

private:
    std::string next_number(int year);
    void book(const NewInvoice& invoice);

    Session& session_;
};

} // namespace store
