#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace domain {

/// What a booking that nobody can place may be about. It is for a person to look at: nothing is ever booked by it.
struct BankProposal {
    std::string username{};
    std::string invoice{}; ///< number; empty: only the member
    std::string booking{}; ///< uuid of a booking that this one takes back
    std::string why{};

    bool empty() const { return username.empty() && booking.empty(); }
};

/// A document of which something is open.
struct OpenInvoice {
    std::string number{};
    std::string username{};
    std::int64_t open{0};
};

/// The texts that look like numbers of invoices, "2026-000042", in their order.
std::vector<std::string> invoice_numbers_in(std::string_view text);

/// A name for comparing: blanks put right, letters of ASCII in lower case.
std::string folded_name(std::string_view name);

/// Which of a member's open documents an amount may be for: the one of exactly this amount, else the oldest. `documents` are the
/// oldest first. nullptr if there are none.
const OpenInvoice* likely_invoice(const std::vector<OpenInvoice>& documents, std::int64_t amount);

} // namespace domain
