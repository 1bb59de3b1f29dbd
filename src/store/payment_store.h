#pragma once
#include "domain/payment.h"
#include "domain/receivables.h"
#include "store/database.h"

#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace store {

/// A payment with what it does to the member's account.
struct NewPayment {
    std::int64_t id{0};
    domain::Payment payment{};
    std::vector<domain::Allocation> allocations{};
    std::int64_t credit{0}; ///< the rest
};

/// A payment as it is written down.
struct StoredPayment {
    std::int64_t id{0};
    domain::Payment payment{};
    std::int64_t credit{0};
    std::int64_t refunded{0};
    bool reversed{false};
};

/// What is open of one of a member's documents.
struct OpenDocument {
    std::int64_t member{0};
    domain::Currency currency{};
    domain::Receivable receivable{};
};

/// Payments, what they settled, and the refunds' hold on them.
class PaymentStore {
public:
    explicit PaymentStore(Session& session) : session_{session} {}

    /// What is open of the members' documents, by member and document, kept from others until the transaction ends.
    std::vector<OpenDocument> lock_open(const std::vector<std::int64_t>& members);

    /// The members' credit, by member and currency, kept from others likewise.
    std::map<std::pair<std::int64_t, domain::Currency>, std::int64_t> lock_credit(const std::vector<std::int64_t>& members);

    /// A billing of these members that has read their accounts will have to read them again: credit is about to come that
    /// it does not know of.
    void hold_billing(const std::vector<std::int64_t>& members);

    /// Writes payments down with their allocations, and takes those off the documents.
    /// @throws Conflict if less is open of a document; DatabaseError if a source is booked already
    void add(std::span<const NewPayment> payments, domain::Instant now);

    std::optional<StoredPayment> by_source(const std::string& source);
    std::optional<StoredPayment> by_uuid(const domain::Uuid& uuid);

    /// The latest payment of the amount that came through a bank, names the document and is not taken back.
    std::optional<std::int64_t> latest_by_bank(std::int64_t invoice, domain::Money amount);

    /// Keeps the payment from others until the transaction ends.
    std::optional<StoredPayment> lock(std::int64_t id);
    std::optional<StoredPayment> lock(const domain::Uuid& uuid);

    std::vector<domain::Allocation> allocations_of(std::int64_t payment);

    /// What is undone of a payment: its documents are open again, from `attend_on` on they are looked at.
    /// @throws Conflict if the payment is no longer booked or part of it was paid back
    void reverse(std::int64_t payment, const std::vector<domain::Allocation>& allocations, domain::Date attend_on);

    /// Documents that this payment settled are open again: from now on it counts as credit instead, which is to be taken away.
    /// @throws Conflict if less of them was settled by it
    void unsettle(std::int64_t payment, const std::vector<domain::Allocation>& allocations, domain::Date attend_on);

    /// Documents that credit settled, the newest first: what is spent can be taken back from them.
    std::vector<domain::Allocation> settled_by_credit(domain::MemberId member, domain::Currency currency);

    /// Opens documents again that credit had settled.
    void unapply(const std::vector<domain::Allocation>& applied, domain::Date attend_on);

    /// Holds a part of the payment for a refund. Returns false if less is left of it.
    bool hold_refund(std::int64_t payment, std::int64_t amount);

    /// Gives back what a failed refund held.
    void release_refund(std::int64_t payment, std::int64_t amount);

    /// The orders that wait for the payment of a document that is settled now.
    std::vector<domain::Uuid> orders_waiting_for(const std::vector<std::int64_t>& invoices);

    /// The member's payments, newest first.
    std::vector<StoredPayment> of_member(domain::MemberId member, int limit);

private:
    Session& session_;
};

} // namespace store
