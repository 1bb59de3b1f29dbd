#pragma once
#include <string>
#include <string_view>

namespace domain {

/// Why a text is no VAT id of a member state of the EU. Its form is only a first filter: whether it was issued and is in
/// force is VIES's to say.
enum class VatIdFault { none, country, format, check };

/// "E_VAT_COUNTRY" …; "" for none.
std::string_view to_text(VatIdFault fault);

/// Judges a VAT id: the state's prefix (Greece is EL; GB, XI and EU are none), the form of the state's numbers, and for DE,
/// AT, FR and IT the check digits.
VatIdFault check_vat_id(std::string_view typed);

/// As it is stored and asked for: upper case, no blanks, dots or hyphens.
std::string normalised_vat_id(std::string_view typed);

/// True for the prefix of a member state's VAT ids: "DE", "EL".
bool is_member_state(std::string_view prefix);

} // namespace domain
