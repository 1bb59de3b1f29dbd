#include "service/call_faults.h"

#include "store/call_fault_store.h"

namespace service {
namespace {

using domain::CallFault;
using domain::CallFaultKind;

constexpr std::chrono::milliseconds moment{200};

bool is_of_deliveries(CallFaultKind kind) { return kind == CallFaultKind::slow_delivery || kind == CallFaultKind::cancel_order; }

} // namespace

std::vector<CallFault> CallFaults::all()
{
    return database_.read([](store::Session& session) { return store::CallFaultStore{session}.all(); });
}

void CallFaults::add(const CallFault& fault)
{
    database_.transact([&](store::Session& session) { store::CallFaultStore{session}.add(fault); });
}

void CallFaults::clear()
{
    database_.transact([](store::Session& session) { store::CallFaultStore{session}.clear(); });
}

std::optional<CallFault> CallFaults::of_call(const std::string& method, const std::string& path)
{
    for (const auto& fault : known()) {
        if (is_of_deliveries(fault.kind) || !domain::concerns(fault, method, path)) continue;
        if (!domain::strikes(fault, std::to_string(count_call(fault.id)))) continue;
        if (database_.transact([&](store::Session& session) { return store::CallFaultStore{session}.strike(fault.id); })) return fault;
    }
    return std::nullopt;
}

/// By the order alone, so that each look comes to the same.
DeliveryWhims CallFaults::of_delivery(const domain::Uuid& order)
{
    DeliveryWhims whims;
    for (const auto& fault : known()) {
        if (!is_of_deliveries(fault.kind) || !domain::strikes(fault, order.text())) continue;
        if (fault.kind == CallFaultKind::cancel_order) whims.cancels = true;
        else whims.delay = std::max(whims.delay, fault.delay);
    }
    return whims;
}

std::uint64_t CallFaults::count_call(std::int64_t fault)
{
    const std::lock_guard lock{mutex_};
    return ++met_[fault];
}

std::vector<CallFault> CallFaults::known()
{
    const std::lock_guard lock{mutex_};
    const auto now = std::chrono::steady_clock::now();
    if (now >= known_until_) {
        known_ = all();
        known_until_ = now + moment;
    }
    return known_;
}

} // namespace service
