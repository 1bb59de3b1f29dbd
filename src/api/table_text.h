#pragma once
#include "http/json_text.h"
#include "store/report_store.h"

#include <string>

// The three forms in which a report goes out, the same for the command line and the admin family.
namespace api {

/// {"columns":[…],"rows":[{…}]}; whole numbers are numbers, everything else is text.
http::JsonText json_of(const store::Table& table);

/// RFC 4180 with a header line; cells that a spreadsheet would take for a formula get a leading apostrophe.
std::string csv_of(const store::Table& table);

/// Aligned columns for a terminal.
std::string plain_of(const store::Table& table);

} // namespace api
