#pragma once
#include "fake/test_database.h"

namespace fake {

/// How many MariaDB has ended so far, each by undoing a transaction. Those that lock in the same order have none.
inline std::string deadlocks()
{
    return text("SELECT variable_value FROM information_schema.global_status WHERE variable_name = 'INNODB_DEADLOCKS'");
}

} // namespace fake
