#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// How a bill is named on its payment part, and which bill a reference names.
namespace domain {

/// What a document's number is made of.
struct BillNumber {
    int year{0};
    std::int64_t number{0};
    friend bool operator==(const BillNumber&, const BillNumber&) = default;
};

/// "2026-000042" taken apart; nullopt for what is no invoice's number (credit notes are not paid).
std::optional<BillNumber> bill_number_from(std::string_view text);

/// The QR reference of an invoice: the bank's prefix (digits, at most 12, may be empty), zeros, the year, ten digits of the
/// number, the check digit. Unique for ever, and made of nothing but the number.
std::string bill_qr_reference(std::string_view prefix, const BillNumber& bill);

/// The creditor reference (ISO 11649) of an invoice: the year and the number.
std::string bill_creditor_reference(const BillNumber& bill);

/// The invoice that a reference, stored or as a bank delivers it, names; nullopt if it cannot be one of ours. The check
/// digits must have been judged before.
std::optional<BillNumber> bill_of_reference(std::string_view prefix, std::string_view reference);

} // namespace domain
