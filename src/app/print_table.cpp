#include "app/print_table.h"

#include "api/table_text.h"

namespace app {

void print_table(std::ostream& out, const store::Table& table, const std::string& format)
{
    if (format == "csv") out << api::csv_of(table);
    else if (format == "json") out << api::json_of(table).dump() << '\n';
    else out << api::plain_of(table);
}

} // namespace app
