#include "gateway/guest.h"

#include <map>
#include <mutex>
#include <stdexcept>
#include <utility>

namespace gateway {
namespace {

class NoGuest final : public Guest {
public:
    GuestPower power(const domain::Uuid&) override { return GuestPower::unknown; }
    Freeze freeze(const domain::Uuid&) override { return {FreezeAnswer::not_possible, 0}; }
    Thaw thaw(const domain::Uuid&) override { return {true, 0}; }
    FreezeStatus status(const domain::Uuid&) override { return FreezeStatus::unknown; }
};

std::unique_ptr<Guest> make_guest(domain::HostAgent agent, const std::string& endpoint)
{
    switch (agent) {
    case domain::HostAgent::none: return make_no_guest();
    case domain::HostAgent::qmp: return make_qmp_guest(endpoint);
    case domain::HostAgent::virsh: return make_virsh_guest(endpoint);
    }
    throw std::logic_error{"no such host agent"};
}

class HostGuests final : public GuestSet {
public:
    /// One for each way to reach a host: an operator may change the row while we run.
    Guest& of(const domain::Host& host) override
    {
        const std::lock_guard guard{mutex_};
        auto& guest = guests_[{host.agent, host.endpoint}];
        if (!guest) guest = make_guest(host.agent, host.endpoint);
        return *guest;
    }

private:
    std::mutex mutex_{};
    std::map<std::pair<domain::HostAgent, std::string>, std::unique_ptr<Guest>> guests_{};
};

} // namespace

std::unique_ptr<Guest> make_no_guest() { return std::make_unique<NoGuest>(); }

std::unique_ptr<GuestSet> make_guest_set() { return std::make_unique<HostGuests>(); }

} // namespace gateway
