#include "document/invoice_notes.h"

#include <stdexcept>

namespace document {
namespace {

using domain::VatNote;

struct Wording {
    std::string_view de{}, fr{}, it{}, en{};

    std::string_view in(std::string_view language) const
    {
        if (language == "de") return de;
        if (language == "fr") return fr;
        if (language == "it") return it;
        return en;
    }
};

constexpr Wording ch_vat{"MWST {rate} %", "TVA {rate} %", "IVA {rate} %", "VAT {rate}%"};

constexpr Wording eu_oss{
    "USt {country} {rate} % (One-Stop-Shop, {oss_id})",
    "TVA {country} {rate} % (guichet unique OSS, {oss_id})",
    "IVA {country} {rate} % (sportello unico OSS, {oss_id})",
    "VAT {country} {rate}% (One-Stop-Shop, {oss_id})",
};

// The short terms are those of Directive 2010/45/EU in each language.
constexpr Wording eu_reverse_charge{
    "Steuerschuldnerschaft des Leistungsempfängers (Reverse Charge), Art. 196 Richtlinie 2006/112/EG."
    " Ohne Schweizer MWST (Art. 8 Abs. 1 MWSTG).",
    "Autoliquidation, art. 196 de la directive 2006/112/CE. Sans TVA suisse (art. 8, al. 1, LTVA).",
    "Inversione contabile, art. 196 della direttiva 2006/112/CE. Senza IVA svizzera (art. 8 cpv. 1 LIVA).",
    "Reverse charge, Art. 196 of Directive 2006/112/EC. No Swiss VAT (Art. 8 para. 1 Swiss VAT Act).",
};

constexpr Wording abroad{
    "Leistungsort im Ausland, nicht der Schweizer MWST unterliegend (Art. 8 Abs. 1 MWSTG).",
    "Lieu de la prestation à l'étranger, non soumis à la TVA suisse (art. 8, al. 1, LTVA).",
    "Luogo della prestazione all'estero, non soggetto all'IVA svizzera (art. 8 cpv. 1 LIVA).",
    "Place of supply abroad, not subject to Swiss VAT (Art. 8 para. 1 Swiss VAT Act).",
};

constexpr Wording suffix{"MWST", "TVA", "IVA", "MWST"};

void fill_in(std::string& text, std::string_view place, std::string_view value)
{
    if (const auto at = text.find(place); at != std::string::npos) text.replace(at, place.size(), value);
}

} // namespace

std::string_view note_wording(VatNote note, std::string_view language)
{
    switch (note) {
    case VatNote::none: return "";
    case VatNote::ch_vat: return ch_vat.in(language);
    case VatNote::eu_reverse_charge: return eu_reverse_charge.in(language);
    case VatNote::eu_oss: return eu_oss.in(language);
    case VatNote::abroad: return abroad.in(language);
    }
    throw std::domain_error{"no such VAT note"};
}

std::string_view vat_number_suffix(std::string_view language) { return suffix.in(language); }

std::string invoice_note(VatNote note, std::string_view language, const NoteValues& values)
{
    std::string text{note_wording(note, language)};
    fill_in(text, "{rate}", domain::percent_text(values.rate));
    fill_in(text, "{country}", values.country);
    fill_in(text, "{oss_id}", values.oss_id);
    return text;
}

std::vector<std::string> invoice_notes(VatNote note, std::string_view language, const NoteValues& values)
{
    std::vector<std::string> notes;
    if (note == VatNote::none) return notes;
    notes.push_back(invoice_note(note, language, values));
    const bool untaxed = note == VatNote::eu_reverse_charge || note == VatNote::abroad;
    if (auto english = invoice_note(note, "en", values); untaxed && english != notes.front()) notes.push_back(std::move(english));
    return notes;
}

} // namespace document
