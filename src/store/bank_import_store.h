#pragma once
#include "domain/bank_booking.h"
#include "domain/member.h"
#include "domain/money.h"
#include "domain/uuid.h"
#include "store/database.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace store {

/// A file that was imported.
struct BankFileRecord {
    std::int64_t id{0};
    domain::Uuid uuid{};
    std::string name{};
    std::string sha256{};
    std::int64_t bytes{0};
    std::int64_t entries{0};
    std::int64_t bookings{0};
    std::int64_t new_bookings{0};
    std::string outcomes{}; ///< how many of each, a JSON object
    domain::Instant imported_at{};
    std::string imported_by{};
};

/// A booking to be written down.
struct NewBankBooking {
    std::int64_t id{0};
    domain::Uuid uuid{};
    std::string account{};
    std::string key{}; ///< which piece of money it is
    std::int64_t entry{0};
    std::int64_t detail{0};
    bool credit{true};
    bool reversal{false};
    domain::Money amount{};
    domain::Date booked_on{}, value_on{};
    std::string reference{}, end_to_end_id{}, payer_name{}, payer_iban{}, text{};
    domain::BankOutcome outcome{};
    domain::BankBookingState state{};
    std::int64_t suspense{0}; ///< what of it lies in suspense; negative: what is missing there
    std::optional<std::int64_t> payment{};
};

/// An entry that becomes known, or known better.
struct BankEntryChange {
    std::string account{}, key{};
    std::optional<domain::BankEntryState> before{}; ///< nullopt: it was not known
    domain::BankEntryState after{};
};

/// A booking that waited for its details, and what it had put into suspense.
struct ResolvedBooking {
    domain::Uuid uuid{};
    std::string account{};
    domain::Money suspense{};
};

/// An invoice as a payment names it.
struct NamedInvoice {
    std::int64_t id{0};
    domain::MemberId member{};
    domain::Currency currency{};
};

/// The writing side of an import, all in bulk. Whoever else imports the same bookings is refused by their keys.
class BankImportStore {
public:
    explicit BankImportStore(Session& session) : session_{session} {}

    /// Which of the account's entries and bookings are known.
    std::unordered_map<std::string, domain::BankEntryState> known_entries(const std::string& account, const std::vector<std::string>& keys);
    std::unordered_set<std::string> known_bookings(const std::string& account, const std::vector<std::string>& keys);

    /// Issued invoices by number.
    std::unordered_map<std::string, NamedInvoice> invoices(const std::vector<std::string>& numbers);

    /// The prefixes that QR references of ours have had.
    std::vector<std::string> reference_prefixes();

    /// @throws Conflict if somebody else has told an entry meanwhile
    void write(std::span<const BankEntryChange> entries);

    /// @throws Conflict if somebody else has told a booking meanwhile
    void write(std::int64_t file, std::span<const NewBankBooking> bookings);

    /// The account's bookings of these keys wait no more: nothing of them is in suspense. Returns those that did.
    /// @throws Conflict if an operator has just decided one of them
    std::vector<ResolvedBooking> resolve(const std::string& account, const std::vector<std::string>& keys);

    void begin(const BankFileRecord& file);
    void finish(const BankFileRecord& file);

private:
    Session& session_;
};

} // namespace store
