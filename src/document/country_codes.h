#pragma once
#include <string_view>

namespace document {

/// Whether it is an assigned code of ISO 3166-1 alpha-2, or XK, which banks use for Kosovo. Upper case.
bool is_country_code(std::string_view code);

/// The postal code without a country in front of it: "8000" of "CH-8000", of "CH 8000" in CH, of "D-78266". Letters that
/// belong to it stay ("SW1A 1AA", "VLT 1117").
std::string_view without_country(std::string_view postal_code, std::string_view country);

} // namespace document
