#pragma once
#include "store/database.h"

#include <cstdint>

namespace store {

/// Row numbers for tables that are written in bulk, so that rows can refer to each other before they are written. Taken
/// outside the caller's transaction, so that nobody waits for it; what is not used is lost.
class RowNumbers {
public:
    explicit RowNumbers(Database& database) : database_{database} {}

    /// The first of `count` numbers that follow each other and are given to nobody else.
    std::int64_t take(const char* name, std::size_t count);

    /// The same inside the caller's transaction, for one that is about to end: others wait for it, and it needs no second
    /// session.
    static std::int64_t take(Session& session, const char* name, std::size_t count);

private:
    Database& database_;
};

} // namespace store
