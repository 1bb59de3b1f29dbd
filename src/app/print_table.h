#pragma once
#include "store/report_store.h"

#include <ostream>
#include <string>

namespace app {

/// Prints the table in the `format` that --format names: csv, json, or else for people.
void print_table(std::ostream& out, const store::Table& table, const std::string& format);

} // namespace app
