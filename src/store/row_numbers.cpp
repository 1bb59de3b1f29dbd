#include "store/row_numbers.h"

#include "store/statement.h"

#include <stdexcept>

namespace store {

std::int64_t RowNumbers::take(Session& session, const char* name, std::size_t count)
{
    const auto first =
        insert(session, "UPDATE row_numbers SET next = LAST_INSERT_ID(next) + ? WHERE name = ?", count, std::string_view{name});
    if (first <= 0) throw std::logic_error{"no row numbers of this name"};
    return first;
}

std::int64_t RowNumbers::take(const char* name, std::size_t count)
{
    return database_.read([&](Session& session) { return take(session, name, count); });
}

} // namespace store
