#pragma once
#include <string>
#include <string_view>

namespace domain {

/// Why a text is no Swiss or Liechtenstein IBAN, in the order the faults are looked for.
enum class IbanFault { none, country, format, check };

/// "E_IBAN_COUNTRY" …; "" for none.
std::string_view to_text(IbanFault fault);

/// Judges an account number as it stands on a QR-bill (ISO 13616; CH and LI alone): 21 characters, upper case, no
/// blanks. A text of another country is named as such before its form is judged. Check digits 00, 01 and 99 are wrong.
IbanFault check_iban(std::string_view iban);

/// True for an account number of any country (ISO 13616) with right check digits: upper case, no blanks, at most 34 characters.
bool is_iban(std::string_view text);

/// True if the IBAN's institution is one of 30000 to 31999: an account that is credited by QR reference (QRR) alone.
/// The IBAN must have passed check_iban.
bool is_qr_iban(std::string_view iban);

/// True for an account that takes a transfer without a reference: an IBAN that is no QR-IBAN.
bool is_payable_iban(std::string_view text);

/// "CH44 3199 9123 0008 8901 2"
std::string printed_iban(std::string_view iban);

} // namespace domain
