#pragma once
#include "domain/invoice.h"
#include "domain/member.h"
#include "store/database.h"

#include <optional>
#include <string>
#include <vector>

namespace store {

struct InvoiceRecord {
    std::int64_t id{0};
    domain::Uuid uuid{};
    domain::MemberId member{};
    std::string number{};
    std::string kind{};
    domain::Money net{}, vat{}, total{};
    domain::Money applied{}, paid{}, open{};
    domain::Date billed_on{}, issued_on{}, due_on{};
    domain::Instant issued_at{};
    domain::Recipient recipient{};
    std::string reason{};
    std::optional<domain::InvoiceTax> tax{}; ///< none: issued before it was written down; Swiss
};

struct InvoiceLineRecord {
    domain::InvoiceLine line{};
    domain::Uuid order{};
    std::string credited_number{}; ///< of a credit: the document whose line it gives back
};

/// One movement of a member's account.
struct StatementEntry {
    std::int64_t id{0}; ///< of the transaction
    domain::Date booked_on{};
    std::string kind{};
    std::string number{};   ///< of the document, if it is one
    domain::Money amount{}; ///< what the member owes by it; negative: what it has by it
};

/// What a member owes and has, in one currency.
struct Balance {
    domain::Money open{};
    domain::Money credit{};
};

/// Issued documents, as members and operators read them.
class InvoiceStore {
public:
    explicit InvoiceStore(Session& session) : session_{session} {}

    /// A member's documents, newest first.
    std::vector<InvoiceRecord> page(domain::MemberId member, std::optional<std::int64_t> before, int limit);

    std::optional<InvoiceRecord> by_number(domain::MemberId member, const std::string& number);

    /// For operators, to whom every document is open.
    std::optional<InvoiceRecord> by_number(const std::string& number);

    std::vector<InvoiceRecord> by_ids(const std::vector<std::int64_t>& invoices);

    std::vector<InvoiceLineRecord> lines_of(const InvoiceRecord& invoice);

    std::vector<Balance> balances(domain::MemberId member);

    /// The member's movements in a currency, oldest first, with booking days from..to (to excluded).
    std::vector<StatementEntry> statement(domain::MemberId member, domain::Currency currency, domain::Date from, domain::Date to);

    /// The last day on which something is booked for the member.
    std::optional<domain::Date> last_movement(domain::MemberId member);

    /// What the member owed when the day began; negative: what it had.
    domain::Money owed_before(domain::MemberId member, domain::Currency currency, domain::Date day);

private:
    Session& session_;
};

} // namespace store
