#pragma once
#include <string>
#include <string_view>

namespace domain {

/// Why a text is no Swiss business number (UID).
enum class UidFault { none, format, check };

/// "E_UID_FORMAT", "E_UID_CHECK"; "" for none.
std::string_view to_text(UidFault fault);

/// Judges a UID (Federal Statistical Office, eCH-0097) with or without its punctuation and one of the suffixes MWST, TVA,
/// IVA (VAT register), HR, RC (commercial register).
UidFault check_uid(std::string_view typed);

/// "CHE-123.456.788": how a right UID is stored and shown, without suffix.
std::string normalised_uid(std::string_view typed);

/// "123456788": the digits alone, as bill information wants them (Swico S1, tag 30).
std::string uid_digits(std::string_view typed);

} // namespace domain
