#pragma once
#include "bank/matching.h"
#include "domain/bank_booking.h"
#include "gateway/clock.h"
#include "service/bank_transfers.h"
#include "service/payments.h"
#include "store/bank_import_store.h"
#include "store/ledger_writer.h"

#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace service {

/// How many bookings of a file there were of each outcome.
using OutcomeCounts = std::map<domain::BankOutcome, std::int64_t>;

/// Some entries of a file on their way into the books: what is known of them is read, they are judged in their order, and what
/// follows is written, all in bulk. What is rare (taken back, come back) is done one by one, after what was told before.
class BankBatch {
public:
    struct Parts {
        store::LedgerWriter& books;
        gateway::Clock& clock;
        BankTransfers& transfers;
        const std::vector<std::string>& reference_prefixes;
        std::int64_t file{0};
    };

    explicit BankBatch(const Parts& parts) : parts_{parts}, payments_{parts.clock}, store_{parts.books.session()} {}

    /// `position` is the entry's in the file.
    void add(const domain::BankStatement& statement, domain::BankEntry entry, std::int64_t position);

    /// Entries and details so far.
    std::size_t size() const { return size_; }

    /// Books what was added. @returns how many bookings are new. @throws store::Conflict if somebody else tells the same meanwhile
    std::size_t book(OutcomeCounts& counts);

private:
    struct ToldEntry {
        std::size_t statement{0};
        domain::BankEntry entry{};
        std::int64_t position{0};
        bank::Judgement judgement{};
    };
    struct PendingPayment {
        std::size_t booking{0}; ///< index into bookings_
        domain::Payment payment{};
    };

    void read_known();
    void judge();
    void write_entries();
    void read_named();
    void take(const ToldEntry& told, const bank::Judged& judged);
    store::NewBankBooking booking_of(const ToldEntry& told, const bank::Judged& judged, const domain::BankDetail* detail) const;
    void take_money(const domain::BankDetail* detail);
    void pay();
    void take_back();
    void take_transfers(const ToldEntry& told);
    bool came_back(const domain::BankDetail& detail, domain::Money amount);
    void leave_to_a_person();
    void resolve_waiting(const ToldEntry& told);
    void flush();
    void write_resolved();
    void write_bookings();
    store::BankTransfer* transfer_of(const domain::BankDetail& detail, domain::Currency currency);
    const store::NamedInvoice* invoice_of(const std::string& reference) const;

    Parts parts_;
    Payments payments_;
    store::BankImportStore store_;
    std::vector<domain::BankStatement> statements_{};
    std::vector<ToldEntry> told_{};
    std::size_t size_{0};
    std::map<std::string, bank::Known> known_{}; ///< by account
    std::unordered_set<std::string> known_ignored_{};
    std::map<std::pair<std::string, std::string>, domain::BankEntryState> entries_before_{};
    std::unordered_map<std::string, store::NamedInvoice> invoices_{};
    std::unordered_map<std::string, store::BankTransfer> transfers_{};
    std::vector<store::NewBankBooking> bookings_{};
    std::vector<PendingPayment> pending_{};
    std::map<std::string, std::vector<std::string>> resolved_{}; ///< keys by account
};

} // namespace service
