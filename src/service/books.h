#pragma once
#include "gateway/clock.h"
#include "store/database.h"
#include "store/row_numbers.h"

#include <optional>
#include <string>

namespace service {

/// What happens in the ledger by the calendar alone.
class Books {
public:
    Books(store::Database& database, gateway::Clock& clock) : database_{database}, clock_{clock} {}

    /// Books what was earned on each day up to `day` and is not yet booked: one transaction per day and currency. What is
    /// booked as a document afterwards counts as earned later. Twice is the same as once.
    void recognise(domain::Date day);

    /// Closes the books: nothing can be booked on or before the day any more. Revenue up to it is recognised first.
    /// @throws domain::Refusal day_not_over, books_closed
    void close(domain::Date through, const std::string& actor);

    std::optional<domain::Date> closed_through();

private:
    store::Database& database_;
    gateway::Clock& clock_;
    store::RowNumbers rows_{database_};
};

} // namespace service
