#include "store/stock_reader.h"

#include "store/statement.h"

namespace store {

std::map<std::pair<std::string, std::string>, int> StockReader::free_servers()
{
    std::map<std::pair<std::string, std::string>, int> free;
    const auto rows = select<std::string, std::string, int>(
        session_, "SELECT plan_code, datacenter, COUNT(*) FROM servers WHERE state = 'free' GROUP BY plan_code, datacenter");
    for (const auto& [plan, datacenter, count] : rows) free.emplace(std::pair{plan, datacenter}, count);
    return free;
}

} // namespace store
