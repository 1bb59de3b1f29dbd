#pragma once
#include <string>
#include <string_view>

namespace domain {

/// Why a text is no tax id of a business in a country.
enum class TaxIdFault { none, uid, vat_id, other };

/// Judges the id of a business by where it is: in Switzerland and Liechtenstein a UID, in a member state of the EU the VAT id of one
/// (in Büsingen either), elsewhere 2 to 20 letters and digits. The form alone: whether it was issued is for registers to say.
TaxIdFault check_tax_id(std::string_view country, std::string_view postcode, std::string_view typed);

/// How a right one is stored: "CHE-123.456.788", "DE123456788"; upper case, without blanks.
std::string normalised_tax_id(std::string_view typed);

} // namespace domain
