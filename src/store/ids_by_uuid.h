#pragma once
#include "store/database.h"

#include <cstdint>
#include <string>
#include <vector>

namespace store {

/// The ids of rows by their uuids, in the order of the uuids; `sql` is "SELECT uuid, id FROM … WHERE uuid IN " STORE_KEYS. For rows of
/// other tables that are written in bulk: a subquery among their values would not do, as MariaDB evaluates it once and gives every row
/// the id of the first. @throws std::runtime_error if there is no such row
std::vector<std::int64_t> ids_by_uuid(Session& session, const char* sql, const std::vector<std::string>& uuids);

} // namespace store
