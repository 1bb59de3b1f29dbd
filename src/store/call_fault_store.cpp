#include "store/call_fault_store.h"

#include "store/statement.h"

namespace store {

std::vector<domain::CallFault> CallFaultStore::all()
{
    std::vector<domain::CallFault> faults;
    const auto rows =
        select<std::int64_t, std::string, std::string, std::string, int, std::optional<std::int64_t>, std::int64_t, std::int64_t,
            std::int64_t>(session_, "SELECT id, kind, method, path, percent, times_left, seconds, seed, hits FROM call_faults ORDER BY id");
    for (const auto& [id, kind, method, path, percent, times_left, seconds, seed, hits] : rows)
        faults.push_back({.id = id,
            .kind = domain::call_fault_kind_from(kind).value(),
            .method = method,
            .path = path,
            .percent = percent,
            .times_left = times_left,
            .delay = std::chrono::seconds{seconds},
            .seed = seed,
            .hits = hits});
    return faults;
}

void CallFaultStore::add(const domain::CallFault& fault)
{
    execute(session_, "INSERT INTO call_faults (kind, method, path, percent, times_left, seconds, seed) VALUES (?, ?, ?, ?, ?, ?, ?)",
        domain::to_text(fault.kind), fault.method, fault.path, fault.percent, fault.times_left, std::int64_t{fault.delay.count()},
        fault.seed);
}

void CallFaultStore::clear() { execute(session_, "DELETE FROM call_faults"); }

bool CallFaultStore::strike(std::int64_t fault)
{
    return execute(session_,
               "UPDATE call_faults SET hits = hits + 1, times_left = times_left - 1 WHERE id = ? AND (times_left IS NULL OR times_left > "
               "0)",
               fault)
        == 1;
}

} // namespace store
