#pragma once
#include "domain/invoice.h"
#include "domain/ledger.h"
#include "store/billing_store.h"
#include "store/database.h"
#include "store/ledger_writer.h"
#include "store/row_numbers.h"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace store {

/// A document with what it does to the member's account.
struct NewDocument {
    domain::Invoice invoice{};
    std::int64_t open{0};          ///< left to pay
    std::int64_t credit_used{0};   ///< of an invoice: taken from the member's credit
    std::int64_t credit_gained{0}; ///< of a credit note: what goes to the member's credit
    std::string number{};          ///< filled in when it is issued
    std::string username{};        ///< of the member, for who looks at it
};

/// Credit settles a part of an older document.
struct AppliedCredit {
    std::int64_t invoice{0};
    std::int64_t amount{0};
};

/// The member's credit goes from one sum to another.
struct CreditChange {
    domain::MemberId member{};
    domain::Currency currency{};
    std::int64_t before{0}, after{0};
};

/// The writing side of documents and books. Everything goes in bulk; what competes with others (the chain, the numbers,
/// the sums) comes last.
class DocumentStore {
public:
    explicit DocumentStore(Session& session) : session_{session} {}

    /// Writes the documents in their order, books them, and allots their numbers and places in the chain, which stay
    /// taken until the transaction ends. The documents have their row numbers; `first_transaction` is that of the first
    /// ledger transaction, one for each document.
    /// @throws Conflict if the books have moved past a document's booking day.
    void issue(std::vector<NewDocument>& documents, std::int64_t first_transaction, domain::Instant now);

    /// Settles older documents with credit. @throws Conflict if less is open.
    void apply(const std::vector<AppliedCredit>& credits);

    /// @throws Conflict if a balance was changed meanwhile.
    void change_credit(const std::vector<CreditChange>& changes);

    /// Books transactions that are no documents'. @throws DatabaseError if one of them is booked already.
    void book(std::span<const NewTransaction> transactions, std::int64_t first_id, domain::Instant now);

    /// The first day on which something can still be booked: after what is recognised and what is closed.
    domain::Date first_open_day();

private:
    void insert_invoices(const std::vector<NewDocument>& documents);
    void insert_lines(const std::vector<NewDocument>& documents);
    void insert_receivables(const std::vector<NewDocument>& documents);
    void queue_mails(const std::vector<NewDocument>& documents, domain::Instant now);
    void add_taxes(const std::vector<NewDocument>& documents);
    void check_open(const std::vector<NewDocument>& documents);
    void number(std::vector<NewDocument>& documents, domain::Instant now);

    Session& session_;
};

} // namespace store
