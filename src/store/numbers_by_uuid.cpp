#include "store/numbers_by_uuid.h"

#include "store/keys.h"
#include "store/statement.h"

#include <map>

namespace store {

std::vector<std::int64_t> numbers_of(Session& session, const char* sql, const std::vector<domain::Uuid>& uuids)
{
    std::map<std::string, std::int64_t> known;
    for_keys(uuids, [&](const auto&... keys) {
        for (auto& [uuid, number] : select<std::string, std::int64_t>(session, sql, keys...)) known.emplace(std::move(uuid), number);
    });
    std::vector<std::int64_t> numbers;
    numbers.reserve(uuids.size());
    for (const auto& uuid : uuids) numbers.push_back(known.at(uuid.text()));
    return numbers;
}

} // namespace store
