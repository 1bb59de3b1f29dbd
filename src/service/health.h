#pragma once
#include "store/database.h"

namespace service {

/// Whether this machine can serve members now.
class Health {
public:
    explicit Health(store::Database& database) : database_{database} {}

    /// Asks the database for a word. @throws domain::Unavailable
    void check();

private:
    store::Database& database_;
};

} // namespace service
