#pragma once
#include "domain/uuid.h"
#include "store/database.h"

#include <cstdint>
#include <vector>

namespace store {

/// The numbers of rows, in the order of their uuids, of which each must be there. `sql` must be a literal: "SELECT uuid, id FROM … WHERE
/// uuid IN " STORE_KEYS. For bulk statements: MariaDB 10.11 evaluates a subselect among their values once for all rows.
/// @throws DatabaseError; std::out_of_range if there is no row of a uuid
std::vector<std::int64_t> numbers_of(Session& session, const char* sql, const std::vector<domain::Uuid>& uuids);

} // namespace store
