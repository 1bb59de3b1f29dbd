#pragma once
#include "domain/payment.h"
#include "gateway/clock.h"
#include "store/database.h"
#include "store/ledger_writer.h"
#include "store/payment_store.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace service {

/// What became of a payment that was booked.
struct SettledPayment {
    std::int64_t id{0};
    std::int64_t on_named{0}; ///< what it settled of the document it names
    std::int64_t on_others{0};
    std::int64_t credit{0};
    std::int64_t still_open{0}; ///< of the document it names
};

/// Money that came in: what it settles, what becomes credit, and how both are undone. Whatever way money comes, it is booked
/// here and nowhere else. Minor units.
class Payments {
public:
    explicit Payments(gateway::Clock& clock) : clock_{clock} {}

    /// Books the payments, in their order, all or none: each settles the document it names, then the member's others, the oldest
    /// first, and the rest becomes credit. Whoever waited for a document that is settled now goes on.
    /// @throws store::Conflict if accounts were changed meanwhile: the transaction is repeated; store::DatabaseError if a source
    /// is booked already
    std::vector<SettledPayment> book(store::LedgerWriter& books, std::span<const domain::Payment> payments);
    std::vector<SettledPayment> book(store::Session& session, std::span<const domain::Payment> payments);

    /// Takes a payment back: its documents are open again, its credit is gone; what of that was spent is owed again, and what was
    /// paid out is lost. Returns false if it is reversed already, or a refund of it is under way: an operator has to look.
    bool reverse(store::LedgerWriter& books, std::int64_t payment, domain::Date booked_on);
    bool reverse(store::Session& session, std::int64_t payment, domain::Date booked_on);

private:
    std::vector<SettledPayment> settle(store::Session& session, std::vector<store::NewPayment>& payments);
    void write_books(store::LedgerWriter& books, const std::vector<store::NewPayment>& payments);
    void wake_waiting(store::Session& session, const std::vector<store::NewPayment>& payments);

    gateway::Clock& clock_;
};

} // namespace service
