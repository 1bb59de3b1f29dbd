#pragma once
#include "domain/vat.h"
#include "domain/vat_treatment.h"

#include <string>
#include <string_view>
#include <vector>

// What an invoice says about its VAT, in de, fr, it and en.
namespace document {

/// The words with their places {rate}, {country} and {oss_id}. Of another language the English ones; "" for VatNote::none.
std::string_view note_wording(domain::VatNote note, std::string_view language);

/// What follows the UID of who is in the Swiss VAT register: MWST, TVA, IVA. English takes the German one.
std::string_view vat_number_suffix(std::string_view language);

/// What goes into the places.
struct NoteValues {
    domain::VatRate rate{};
    std::string country{}; ///< the member state whose tax is charged
    std::string oss_id{};  ///< our number in the One-Stop-Shop
};

/// The note in one language, "" for VatNote::none.
std::string invoice_note(domain::VatNote note, std::string_view language, const NoteValues& values);

/// The note in the invoice's language; where no tax is charged also in English, for the customer's tax office.
std::vector<std::string> invoice_notes(domain::VatNote note, std::string_view language, const NoteValues& values);

} // namespace document
