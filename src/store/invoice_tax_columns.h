#pragma once
#include "domain/invoice_tax.h"

#include <optional>
#include <string>

// How the decision on a document's tax stands in `invoices i`: the columns, their types, and the way back.
#define INVOICE_TAX_COLUMNS                                                                                                                \
    "i.vat_treatment, i.vat_country, i.vat_note, i.vat_flag, i.vat_reason, i.vat_id_used, i.vat_consultation, i.oss_id"
#define INVOICE_TAX_TYPES                                                                                                                  \
    std::optional<std::string>, std::string, std::string, std::string, std::string, std::string, std::string, std::string

namespace store {

/// nullopt for a document issued before it was written down.
inline std::optional<domain::InvoiceTax> invoice_tax_of(const std::optional<std::string>& treatment, const std::string& country,
    const std::string& note, const std::string& flag, const std::string& reason, const std::string& vat_id, const std::string& consultation,
    const std::string& oss_id)
{
    if (!treatment) return std::nullopt;
    return domain::InvoiceTax{
        {domain::vat_treatment_from(*treatment), domain::vat_note_from(note), domain::vat_flag_from(flag), country, reason}, vat_id,
        consultation, oss_id};
}

} // namespace store
