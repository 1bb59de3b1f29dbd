#include "faults.h"

#include "store/statement.h"

#include <fnmatch.h>

#include <algorithm>
#include <array>
#include <utility>

namespace stripe_fake {
namespace {

constexpr auto names = std::to_array<std::pair<FaultKind, std::string_view>>({{FaultKind::drop_before, "drop_before"},
    {FaultKind::drop_after, "drop_after"}, {FaultKind::error_after_commit, "error_after_commit"}, {FaultKind::delay, "delay"},
    {FaultKind::rate_limit, "rate_limit"}, {FaultKind::lock_timeout, "lock_timeout"}, {FaultKind::duplicate_webhook, "duplicate_webhook"},
    {FaultKind::reorder_webhooks, "reorder_webhooks"}, {FaultKind::processing, "processing"}});

bool concerns(const Fault& fault, const std::string& method, const std::string& path)
{
    if (fault.method != "*" && fault.method != method) return false;
    return fault.path == "*" || ::fnmatch(fault.path.c_str(), path.c_str(), FNM_PATHNAME) == 0;
}

/// True if the request suffers nothing of this sort yet.
bool has_room_for(const RequestFaults& faults, FaultKind kind)
{
    if (faults.refusal) return false; // what is not carried out suffers nothing else
    switch (kind) {
    case FaultKind::drop_before:
    case FaultKind::rate_limit:
    case FaultKind::lock_timeout: return true;
    case FaultKind::drop_after:
    case FaultKind::error_after_commit: return !faults.ending;
    case FaultKind::delay: return faults.delay.count() == 0;
    case FaultKind::duplicate_webhook: return !faults.duplicate_webhooks;
    case FaultKind::reorder_webhooks: return !faults.hold_webhooks;
    case FaultKind::processing: return !faults.processing;
    }
    return false;
}

void inflict(RequestFaults& faults, const Fault& fault)
{
    const std::chrono::milliseconds delay{fault.delay_ms};
    switch (fault.kind) {
    case FaultKind::drop_before:
    case FaultKind::rate_limit:
    case FaultKind::lock_timeout: faults.refusal = fault.kind; break;
    case FaultKind::drop_after:
    case FaultKind::error_after_commit: faults.ending = fault.kind; break;
    case FaultKind::delay: faults.delay = delay; break;
    case FaultKind::duplicate_webhook: faults.duplicate_webhooks = true; break;
    case FaultKind::reorder_webhooks: faults.hold_webhooks = delay; break;
    case FaultKind::processing: faults.processing = true; break;
    }
}

bool is_refusal(FaultKind kind)
{
    return kind == FaultKind::drop_before || kind == FaultKind::rate_limit || kind == FaultKind::lock_timeout;
}

} // namespace

std::string_view to_text(FaultKind kind) { return std::ranges::find(names, kind, &std::pair<FaultKind, std::string_view>::first)->second; }

std::optional<FaultKind> fault_kind_from(std::string_view text)
{
    const auto* found = std::ranges::find(names, text, &std::pair<FaultKind, std::string_view>::second);
    return found == names.end() ? std::nullopt : std::optional{found->first};
}

void FaultStore::create_table(store::Session& session)
{
    store::execute(session,
        "CREATE TABLE IF NOT EXISTS stripe_fake_faults ("
        " number BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,"
        " id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL UNIQUE,"
        " method VARCHAR(16) NOT NULL,"
        " path VARCHAR(255) NOT NULL,"
        " kind VARCHAR(32) NOT NULL,"
        " times BIGINT NOT NULL COMMENT 'how many more requests will suffer it',"
        " delay_ms BIGINT NOT NULL"
        ") ENGINE = InnoDB");
}

void FaultStore::add(const Fault& fault)
{
    store::execute(session_, "INSERT INTO stripe_fake_faults (id, method, path, kind, times, delay_ms) VALUES (?, ?, ?, ?, ?, ?)", fault.id,
        fault.method, fault.path, to_text(fault.kind), fault.times, fault.delay_ms);
}

std::vector<Fault> FaultStore::all()
{
    const auto rows = store::select<std::string, std::string, std::string, std::string, std::int64_t, std::int64_t>(
        session_, "SELECT id, method, path, kind, times, delay_ms FROM stripe_fake_faults WHERE times > 0 ORDER BY number");
    std::vector<Fault> faults;
    for (const auto& [id, method, path, kind, times, delay_ms] : rows)
        if (const auto known = fault_kind_from(kind)) faults.push_back({id, method, path, *known, times, delay_ms});
    return faults;
}

bool FaultStore::remove(const std::string& id)
{
    return store::execute(session_, "DELETE FROM stripe_fake_faults WHERE id = ? AND times > 0", id) > 0;
}

void FaultStore::remove_all() { store::execute(session_, "DELETE FROM stripe_fake_faults"); }

RequestFaults FaultStore::take(const std::string& method, const std::string& path)
{
    auto faults = all();
    std::erase_if(faults, [&](const Fault& fault) { return !concerns(fault, method, path); });
    // A refusal leaves the other faults to the request that is carried out.
    std::ranges::stable_partition(faults, is_refusal, &Fault::kind);
    RequestFaults suffered;
    for (const auto& fault : faults)
        if (has_room_for(suffered, fault.kind) && use_up(fault)) inflict(suffered, fault);
    return suffered;
}

bool FaultStore::use_up(const Fault& fault)
{
    return store::execute(session_, "UPDATE stripe_fake_faults SET times = times - 1 WHERE id = ? AND times > 0", fault.id) > 0;
}

} // namespace stripe_fake
