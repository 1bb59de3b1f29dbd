#pragma once
#include "domain/calendar.h"
#include "domain/vat.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Bill information of a QR-bill in the syntax "S1" of Swico: what the payer's accounting can take over.
namespace document {

/// One rate and the amount it is for (minor units): tag 32 with the net amount, tag 33 with the tax on imports.
struct SwicoTax {
    domain::VatRate rate{};
    std::int64_t minor{0};
};

/// A discount (basis points) for who pays within so many days; no discount: the days to pay.
struct SwicoCondition {
    int discount_basis_points{0};
    int days{0};
};

/// What is empty is left out.
struct SwicoBill {
    std::string invoice_number{};
    std::optional<domain::Date> invoice_date{};
    std::string customer_reference{};
    std::string uid_digits{};
    std::optional<domain::Period> supplied{};
    std::vector<SwicoTax> taxes{};
    std::vector<SwicoTax> import_taxes{};
    std::vector<SwicoCondition> conditions{};
};

/// "//S1/10/2026-0042/…" of at most `room` characters: where it would be longer, the customer's reference, the import
/// taxes and the days of supply are left out, in this order. Empty if it still does not fit, or has nothing to say.
std::string write_swico(const SwicoBill& bill, std::size_t room);

/// The values by their tags, without escapes; nullopt if the text is not of this syntax. Tags without a value are
/// dropped; of a repeated tag the last one counts.
std::optional<std::map<std::string, std::string>> read_swico(std::string_view text);

} // namespace document
