#pragma once
#include "domain/calendar.h"
#include "domain/money.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What a bank tells of our accounts (ISO 20022 camt.053 and camt.054).
namespace domain {

/// An account of ours, as the bank keeps it.
struct BankAccount {
    std::string iban{};    ///< the ordinary one, under which the bank reports
    std::string qr_iban{}; ///< the one on QR-bills; empty: none
    Currency currency{Currency::chf};
};

/// A statement or notification of one account.
struct BankStatement {
    std::string id{};
    std::string iban{}; ///< ours, the ordinary one
    Currency currency{Currency::chf};
    std::optional<Date> from{};
    std::optional<Date> through{};
};

/// One payment inside an entry. Amounts are minor units of the account's currency.
struct BankDetail {
    std::string servicer_reference{}; ///< the bank's own reference; may be missing
    std::string end_to_end_id{};
    std::int64_t amount{0};
    bool credit{true};
    bool returned{false};                  ///< a payment of ours that came back
    std::string return_reason{};           ///< the bank's code
    std::vector<std::string> references{}; ///< distinct creditor references, without blanks; of many the first few
    std::string text{};                    ///< what the payer wrote
    std::string payer{};
    std::string payer_iban{};
};

/// One movement on the account; a batch holds several payments, and often they are told in another file.
struct BankEntry {
    std::int64_t position{0}; ///< in its statement, from 1
    std::string servicer_reference{};
    Money amount{};
    bool credit{true};    ///< money comes in
    bool reversal{false}; ///< an earlier entry is taken back; `credit` is of this entry itself
    bool booked{false};
    Date booked_on{};
    Date valued_on{};
    std::string text{};
    std::vector<BankDetail> details{};
};

/// How an entry is known: by itself, by its details, or by what an operator has said of it.
enum class BankEntryState { waiting, with_details, decided };

std::string_view to_text(BankEntryState state);

/// @throws std::domain_error if there is no such state.
BankEntryState bank_entry_state_from(std::string_view text);

/// What became of a booking: one value per cause.
enum class BankOutcome {
    paid,
    partial,
    overpaid,
    duplicate_payment, ///< nothing was open: all is credit
    wait_details,      ///< a batch whose payments are told later
    already_seen,
    ignored_not_booked,
    ignored_debit,
    ignored_reversed_debit,
    ignored_opposite_detail,
    return_of_outgoing, ///< a refund of ours came back
    no_reference,
    multiple_references,
    bad_reference,
    unknown_reference,
    wrong_currency,
    reversed,
    reversal_unmatched,
};

/// "PAID".
std::string_view to_text(BankOutcome outcome);
std::optional<BankOutcome> bank_outcome_from(std::string_view text);

/// How a booking stands: nothing is to be done, a person must decide, its details are awaited, or what a person has decided.
/// `offset`: it and another booking make nothing together.
enum class BankBookingState { done, open, waiting, assigned, credited, refunded, offset };

std::string_view to_text(BankBookingState state);
std::optional<BankBookingState> bank_booking_state_from(std::string_view text);

/// Whether a person must decide what the money is for.
bool needs_decision(BankOutcome outcome);

} // namespace domain
