#pragma once
#include "domain/billing.h"
#include "domain/calendar.h"
#include "domain/invoice_tax.h"
#include "domain/member.h"
#include "domain/money.h"
#include "domain/order.h"
#include "domain/vat.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace domain {

enum class InvoiceKind { invoice, credit_note };

std::string_view to_text(InvoiceKind kind);

/// The series a document is numbered in: each kind has its own, per year.
std::string_view series_of(InvoiceKind kind);

/// "2026-000001", a credit note "CN-2026-000001".
std::string number_text(InvoiceKind kind, int year, std::int64_t number);

/// One line of a document; `period_end` is missing for what is charged once.
struct InvoiceLine {
    OrderId order{};
    LineKind kind{};
    std::string sku{};
    std::string text{};
    Date period_start{};
    std::optional<Date> period_end{};
    int quantity{1};
    Money unit{}; ///< one piece for a whole period, or once, as the price list counts
    Money net{};
    VatRate rate{};
    Money vat{};
    Money gross{};
    Period whole{}; ///< the period whose price is the whole; empty for what is charged once
    bool includes_vat{true};
    int turn{0};                      ///< tells lines of an order apart that begin on the same day
    std::optional<LineRef> credits{}; ///< the charge that is given back
};

struct Totals {
    Money net{}, vat{}, gross{};
};

Totals totals_of(const std::vector<InvoiceLine>& lines, Currency currency);

/// Who a document is for, copied onto it when it is issued.
struct Recipient {
    std::string company{}, name{}, street{}, house_number{}, postal_code{}, city{}, country{}, language{}, vat_id{};
};

/// A document as it is issued. Its number and its place in the chain are allotted last.
struct Invoice {
    std::int64_t id{0};
    Uuid uuid{};
    MemberId member{};
    InvoiceKind kind{};
    Currency currency{};
    Date billed_on{}; ///< the day that was billed; a late run keeps it
    Date issued_on{}; ///< the day of the run
    Date due_on{};
    Date booked_on{}; ///< the day in the ledger: billed_on, or the first that is still open
    Recipient recipient{};
    std::string reason{}; ///< of a credit note made by hand
    std::vector<InvoiceLine> lines{};
    std::optional<InvoiceTax> tax{}; ///< none: issued before it was written down; Swiss
};

/// Everything that the document says, but for its number, as text of one form: what the chain hashes. One item a line,
/// "name value", line breaks and backslashes in values escaped with a backslash; see CONTRIBUTING.md, "The chain".
std::string canonical_text(const Invoice& invoice);

/// The days on which a line is earned: [booked day, end). What is charged once is earned on the day it is booked.
Day earned_until(const InvoiceLine& line, Day booked_on);

} // namespace domain
