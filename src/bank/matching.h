#pragma once
#include "domain/bank_booking.h"

#include <cstdint>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

// What becomes of the bookings a bank tells of. The rules are fixed: name, amount and text decide nothing.
namespace bank {

using EntryState = domain::BankEntryState;

/// What is known of one account's bookings.
struct Known {
    std::unordered_map<std::string, EntryState> entries{}; ///< by entry_key
    std::unordered_set<std::string> bookings{};            ///< by booking_keys
};

/// What is to be done next with a booking.
enum class Step {
    done,      ///< nothing: the outcome stands
    pay,       ///< it pays the invoice that its reference names
    take_back, ///< it takes the latest payment back that came with this reference and amount and still counts
};

/// An entry, or one of its details, judged by what stands in it and what is known.
struct Judged {
    Step step{Step::done};
    domain::BankOutcome outcome{}; ///< of a step other than done: if there is no such invoice or payment
    std::int64_t detail{0};        ///< from 1; 0: the entry itself
    std::string key{};             ///< of a detail
    std::string reference{};       ///< if there is exactly one
};

struct Judgement {
    bool was_waiting{false}; ///< an earlier file told the entry without its details
    std::vector<Judged> bookings{};
};

/// By what an entry is known again: the bank's reference, direction and reversal; without a reference its place in the
/// statement.
std::string entry_key(const domain::BankStatement& statement, const domain::BankEntry& entry);

/// Whether the entry moved money of ours that must be accounted for: booked, and a credit or one taken back.
bool is_counted(const domain::BankEntry& entry);

/// By what its details are known again, in their order: the bank's reference of the detail; where that is missing, the
/// entry's own, or not unique inside the entry, the entry's with the detail's place, "SVC0004#2".
std::vector<std::string> booking_keys(const domain::BankStatement& statement, const domain::BankEntry& entry);

/// Judges an entry and makes it known; of one that an operator has decided the details are not wanted any more. One result for an entry
/// that is ignored, known or without details, else one for each detail.
Judgement judge(const domain::BankStatement& statement, const domain::BankEntry& entry, Known& known);

/// What a payment of the amount did, that settled so much of the invoice it names and left so much of it open.
domain::BankOutcome payment_outcome(std::int64_t amount, std::int64_t settled, std::int64_t still_open);

} // namespace bank
