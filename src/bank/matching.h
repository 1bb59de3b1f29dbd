#pragma once
#include "domain/bank_booking.h"
#include "domain/receivables.h"

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

// What becomes of the bookings a bank tells of, given what the books know.
namespace bank {

/// An invoice that a payment may name.
struct Bill {
    std::string number{};
    std::int64_t document{0};
    domain::Currency currency{domain::Currency::chf};
    std::size_t account{0}; ///< of Book::accounts
};

/// What a payment settled of a document.
struct Settled {
    std::int64_t document{0};
    std::int64_t amount{0};
};

/// An earlier payment that named a reference.
struct Receipt {
    std::int64_t payment{0};
    std::size_t account{0}; ///< of Book::accounts
    domain::Money amount{};
    std::vector<Settled> settled{};
    std::int64_t kept{0}; ///< what of it became credit
    bool reversed{false};
};

/// How an entry is known: by itself, or by its details.
enum class EntryState { waiting, with_details };

/// What the books know, as far as the entries at hand may ask.
struct Book {
    std::unordered_map<std::string, EntryState> entries{};            ///< by entry_key, of this account
    std::unordered_set<std::string> bookings{};                       ///< by booking_keys, of this account
    std::unordered_map<std::string, Bill> bills{};                    ///< by reference
    std::unordered_map<std::string, std::vector<Receipt>> receipts{}; ///< by reference, the latest last
    std::vector<domain::Receivables> accounts{};                      ///< each of one member and currency
    std::int64_t next_payment{1};
};

/// What became of an entry, or of one of its details.
struct Matched {
    domain::BankOutcome outcome{};
    std::int64_t detail{0}; ///< from 1; 0: the entry itself
    std::string key{};      ///< of a detail
    std::string reference{};
    std::optional<Bill> bill{};
    std::optional<Receipt> receipt{}; ///< the payment that was made or taken back
};

/// By what an entry is known again: the bank's reference, direction and reversal; without a reference its place in the
/// statement.
std::string entry_key(const domain::BankStatement& statement, const domain::BankEntry& entry);

/// By what its details are known again, in their order: the bank's reference of the detail; where that is missing, the
/// entry's own, or not unique inside the entry, the entry's with the detail's place, "SVC0004#2".
std::vector<std::string> booking_keys(const domain::BankStatement& statement, const domain::BankEntry& entry);

/// Decides about an entry by fixed rules, never by name, text or a guess, and changes the book accordingly. One result for
/// an entry that is ignored, known or without details, else one for each detail.
std::vector<Matched> match(const domain::BankStatement& statement, const domain::BankEntry& entry, Book& book);

} // namespace bank
