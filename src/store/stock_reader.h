#pragma once
#include "store/database.h"

#include <map>
#include <string>
#include <utility>

namespace store {

/// What is left of our own servers, for those who want to know what they can have.
class StockReader {
public:
    explicit StockReader(Session& session) : session_{session} {}

    /// How many are free, by plan and datacenter; what is not there has none.
    std::map<std::pair<std::string, std::string>, int> free_servers();

private:
    Session& session_;
};

} // namespace store
