#include "store/ids_by_uuid.h"

#include "store/keys.h"
#include "store/statement.h"

#include <map>
#include <stdexcept>

namespace store {

std::vector<std::int64_t> ids_by_uuid(Session& session, const char* sql, const std::vector<std::string>& uuids)
{
    std::map<std::string, std::int64_t> known;
    for_keys(uuids, [&](const auto&... keys) {
        for (const auto& [uuid, id] : select<std::string, std::int64_t>(session, sql, keys...)) known.emplace(uuid, id);
    });
    std::vector<std::int64_t> ids;
    ids.reserve(uuids.size());
    for (const auto& uuid : uuids) {
        const auto found = known.find(uuid);
        if (found == known.end()) throw std::runtime_error{"a row is gone that others refer to"};
        ids.push_back(found->second);
    }
    return ids;
}

} // namespace store
