#pragma once
#include "domain/calendar.h"
#include "domain/invoice.h"
#include "domain/member.h"
#include "domain/money.h"
#include "domain/vat.h"
#include "domain/vat_treatment.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace document {

/// Who sends the document. `address.city` is also the place it is dated from.
struct Issuer {
    domain::BillingAddress address{};
    std::string uid{}; ///< "CHE-123.456.788"; empty for who is not liable to VAT
    std::string email{}, web{}, phone{};
};

struct DocumentLine {
    std::string text{};
    std::optional<domain::Period> period{}; ///< printed as first and last day
    int quantity{1};
    std::optional<std::int64_t> unit_minor{}; ///< the price of one; nullopt where amount and price are counted differently
    std::int64_t amount_minor{0};
    domain::VatRate rate{};
};

/// What was taxed by one rate.
struct DocumentTax {
    domain::VatRate rate{};
    std::int64_t net_minor{0}, tax_minor{0};
    std::string country{"CH"}; ///< whose tax; another than CH and LI is declared in the One-Stop-Shop under `oss_id`
};

inline bool is_swiss(const DocumentTax& tax) { return tax.country == "CH" || tax.country == "LI"; }

struct CardCharge {
    std::string card{}; ///< as the customer knows it: "Visa •••• 4242"
    domain::Date on{};
    bool done{false};
};

/// Where to pay to. A QR-IBAN goes with a QR reference, another IBAN with a creditor reference or none.
struct PaymentPart {
    std::string iban{};
    std::string reference{};
};

/// All that an invoice or a credit note says, copied when it was issued. Texts are UTF-8, amounts minor units as they are
/// booked: those of a credit note are below zero, and are printed with their signs turned.
struct InvoiceDocument {
    domain::InvoiceKind kind{};
    std::string language{"en"}; ///< de, fr, it or en
    domain::Currency currency{};
    std::string number{};
    domain::Date issued_on{}, due_on{};
    Issuer issuer{};
    domain::BillingAddress recipient{};
    std::string customer_number{}, customer_reference{}, customer_vat_id{}; ///< left out where empty

    std::vector<DocumentLine> lines{};
    bool prices_include_vat{true}; ///< of all lines
    std::vector<DocumentTax> taxes{};
    domain::VatNote vat_note{}; ///< printed where no tax is charged
    std::string oss_id{};
    std::int64_t total_minor{0};   ///< with tax
    std::int64_t applied_minor{0}; ///< of it, paid with the customer's credit
    std::int64_t paid_minor{0};    ///< of it, paid otherwise
    std::int64_t due_minor() const { return total_minor - applied_minor - paid_minor; }

    /// The invoice that a credit note corrects.
    struct Corrected {
        std::string number{};
        domain::Date issued_on{};
    };
    std::optional<Corrected> corrected{};
    std::vector<std::string> notes{}; ///< paragraphs below the totals

    std::optional<CardCharge> card{};
    std::optional<PaymentPart> payment_part{}; ///< not for credit notes
};

} // namespace document
