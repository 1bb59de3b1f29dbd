#include "gateway/guest.h"
#include "gateway/guest_agent.h"
#include "gateway/qemu_monitor.h"
#include "logging/log.h"

#include <filesystem>

namespace gateway {
namespace {

constexpr auto question_limit = std::chrono::seconds{3};
constexpr auto freeze_limit = std::chrono::seconds{5};
constexpr auto thaw_limit = std::chrono::seconds{5};

std::string agent_socket(const std::string& folder, const domain::Uuid& machine)
{
    return std::filesystem::path{folder} / (machine.text() + ".agent");
}

void log_agent(std::string_view command, const domain::Uuid& machine, const AgentReply& reply)
{
    logging::event("warning", "guest_agent_failed",
        {{"command", command}, {"vm", machine.text()}, {"answered", reply.answer == AgentAnswer::refused ? "yes" : "no"},
            {"text", reply.refusal}});
}

class QmpGuest final : public Guest {
public:
    explicit QmpGuest(std::string folder) : folder_{std::move(folder)} {}

    GuestPower power(const domain::Uuid& machine) override;
    Freeze freeze(const domain::Uuid& machine) override;
    Thaw thaw(const domain::Uuid& machine) override;
    FreezeStatus status(const domain::Uuid& machine) override;

private:
    std::string folder_;
};

GuestPower QmpGuest::power(const domain::Uuid& machine)
{
    QemuMonitor monitor{monitor_socket(folder_, machine)};
    if (monitor.is_absent()) return GuestPower::off;
    if (!monitor.is_ready()) return GuestPower::unknown;
    const auto reply = monitor.execute("query-status", "{}", question_limit);
    if (reply.answer != MonitorAnswer::done) return GuestPower::unknown;
    return reply.document.root().flag({"return", "running"}) ? GuestPower::on : GuestPower::paused;
}

/// A paused guest's agent never answers (KubeVirt 10759), hence the question before.
Freeze QmpGuest::freeze(const domain::Uuid& machine)
{
    const auto found = power(machine);
    if (found == GuestPower::unknown) return {};
    if (found != GuestPower::on) return {FreezeAnswer::not_possible, 0};
    GuestAgent agent{agent_socket(folder_, machine), question_limit};
    if (!agent.is_ready()) return {FreezeAnswer::not_possible, 0}; // it was not asked to freeze
    const auto reply = agent.execute("guest-fsfreeze-freeze", freeze_limit);
    if (reply.answer != AgentAnswer::done) log_agent("freeze", machine, reply);
    if (reply.answer == AgentAnswer::unanswered) return {};
    const auto file_systems = static_cast<int>(reply.number.value_or(0));
    return {file_systems > 0 ? FreezeAnswer::frozen : FreezeAnswer::not_possible, file_systems};
}

Thaw QmpGuest::thaw(const domain::Uuid& machine)
{
    GuestAgent agent{agent_socket(folder_, machine), question_limit};
    if (agent.is_absent()) return {true, 0}; // no guest, thus nothing frozen
    if (!agent.is_ready()) return {};
    const auto reply = agent.execute("guest-fsfreeze-thaw", thaw_limit);
    if (reply.answer != AgentAnswer::done) log_agent("thaw", machine, reply);
    return {reply.answer == AgentAnswer::done, static_cast<int>(reply.number.value_or(0))};
}

FreezeStatus QmpGuest::status(const domain::Uuid& machine)
{
    GuestAgent agent{agent_socket(folder_, machine), question_limit};
    if (agent.is_absent()) return FreezeStatus::thawed;
    if (!agent.is_ready()) return FreezeStatus::unknown;
    const auto reply = agent.execute("guest-fsfreeze-status", question_limit);
    if (reply.text == "frozen") return FreezeStatus::frozen;
    return reply.text == "thawed" ? FreezeStatus::thawed : FreezeStatus::unknown;
}

} // namespace

std::unique_ptr<Guest> make_qmp_guest(const std::string& folder) { return std::make_unique<QmpGuest>(folder); }

std::string monitor_socket(const std::string& folder, const domain::Uuid& machine)
{
    return std::filesystem::path{folder} / (machine.text() + ".qmp");
}

} // namespace gateway
