#include "domain/bank_booking.h"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace domain {
namespace {

constexpr std::array<std::string_view, 18> names{"PAID", "PARTIAL", "OVERPAID", "DUPLICATE_PAYMENT", "WAIT_DETAILS", "ALREADY_SEEN",
    "IGNORED_NOT_BOOKED", "IGNORED_DEBIT", "IGNORED_REVERSED_DEBIT", "IGNORED_OPPOSITE_DETAIL", "RETURN_OF_OUTGOING", "NO_REFERENCE",
    "MULTIPLE_REFERENCES", "BAD_REFERENCE", "UNKNOWN_REFERENCE", "WRONG_CURRENCY", "REVERSED", "REVERSAL_UNMATCHED"};

constexpr std::array<std::string_view, 3> entry_states{"waiting", "with_details", "decided"};
constexpr std::array<std::string_view, 7> booking_states{"done", "open", "waiting", "assigned", "credited", "refunded", "offset"};

} // namespace

std::string_view to_text(BankEntryState state) { return entry_states[static_cast<std::size_t>(state)]; }

BankEntryState bank_entry_state_from(std::string_view text)
{
    const auto found = std::ranges::find(entry_states, text);
    if (found == entry_states.end()) throw std::domain_error{"no such state of a bank's entry"};
    return static_cast<BankEntryState>(found - entry_states.begin());
}

std::string_view to_text(BankBookingState state) { return booking_states[static_cast<std::size_t>(state)]; }

std::optional<BankBookingState> bank_booking_state_from(std::string_view text)
{
    const auto found = std::ranges::find(booking_states, text);
    if (found == booking_states.end()) return std::nullopt;
    return static_cast<BankBookingState>(found - booking_states.begin());
}

std::string_view to_text(BankOutcome outcome) { return names[static_cast<std::size_t>(outcome)]; }

std::optional<BankOutcome> bank_outcome_from(std::string_view text)
{
    const auto found = std::ranges::find(names, text);
    if (found == names.end()) return std::nullopt;
    return static_cast<BankOutcome>(found - names.begin());
}

bool needs_decision(BankOutcome outcome)
{
    switch (outcome) {
    case BankOutcome::return_of_outgoing:
    case BankOutcome::no_reference:
    case BankOutcome::multiple_references:
    case BankOutcome::bad_reference:
    case BankOutcome::unknown_reference:
    case BankOutcome::wrong_currency:
    case BankOutcome::reversal_unmatched: return true;
    case BankOutcome::paid:
    case BankOutcome::partial:
    case BankOutcome::overpaid:
    case BankOutcome::duplicate_payment:
    case BankOutcome::wait_details:
    case BankOutcome::already_seen:
    case BankOutcome::ignored_not_booked:
    case BankOutcome::ignored_debit:
    case BankOutcome::ignored_reversed_debit:
    case BankOutcome::ignored_opposite_detail:
    case BankOutcome::reversed: return false;
    }
    return false;
}

} // namespace domain
