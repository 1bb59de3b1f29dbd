#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace domain {

/// What a QR-bill says about its reference: the QR reference of a QR-IBAN, the creditor reference of ISO 11649, none.
enum class ReferenceType { qrr, scor, non };

/// "QRR", "SCOR", "NON"
std::string_view to_text(ReferenceType type);

enum class ReferenceFault { none, format, check };

/// "E_REF_FORMAT", "E_REF_CHECK"; "" for none.
std::string_view to_text(ReferenceFault fault);

/// The QR reference of 1 to 26 digits: zeros in front, the check digit behind, 27 digits in all. nullopt for any other
/// text and for zeros alone.
std::optional<std::string> make_qr_reference(std::string_view digits);

/// The creditor reference (ISO 11649) of a body of 1 to 21 characters of 0-9 and A-Z; nullopt for any other text.
std::optional<std::string> make_creditor_reference(std::string_view body);

/// Judges a reference as it is stored: upper case, no blanks. Of type NON nothing but the empty text is right.
ReferenceFault check_reference(ReferenceType type, std::string_view reference);

/// What a stored reference is by its form, whether its check digits are right or not: 27 digits are QRR, RF and two
/// digits begin SCOR, nothing is NON; nullopt for what is neither.
std::optional<ReferenceType> reference_type(std::string_view reference);

/// A reference as somebody typed or a bank delivered it, as it is stored: blanks out, letters in upper case.
std::string normalised_reference(std::string_view typed);

/// As the bill shows it: "21 00000 00003 13947 14300 09017", "RF18 5390 0754 7034".
std::string printed_reference(ReferenceType type, std::string_view reference);

} // namespace domain
