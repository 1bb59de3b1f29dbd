#include "gateway/child_process.h"
#include "gateway/guest.h"
#include "gateway/json_document.h"
#include "logging/log.h"

#include <charconv>

namespace gateway {
namespace {

constexpr auto question_limit = std::chrono::seconds{5};
constexpr auto freeze_limit = std::chrono::seconds{5};
constexpr auto thaw_limit = std::chrono::seconds{5};

/// The number in "Froze 2 filesystem(s)".
int count_in(std::string_view text)
{
    const auto digit = text.find_first_of("0123456789");
    int count = 0;
    if (digit != std::string_view::npos) std::from_chars(text.data() + digit, text.data() + text.size(), count);
    return count;
}

/// libvirt refuses by words alone; these mean that the agent was never asked.
bool was_not_asked(std::string_view errors)
{
    for (const std::string_view text :
        {"agent is not configured", "agent is not connected", "domain is not running", "failed to get domain"})
        if (errors.find(text) != std::string_view::npos) return true;
    return false;
}

class VirshGuest final : public Guest {
public:
    explicit VirshGuest(std::string uri) : uri_{std::move(uri)} {}

    GuestPower power(const domain::Uuid& machine) override
    {
        const auto result = virsh({"domstate", machine.text()}, question_limit);
        if (!is_done(result)) return GuestPower::unknown;
        const auto state = result.output.substr(0, result.output.find('\n'));
        if (state == "running" || state == "idle") return GuestPower::on;
        if (state == "shut off" || state == "crashed") return GuestPower::off;
        return state == "paused" || state == "pmsuspended" ? GuestPower::paused : GuestPower::unknown;
    }

    Freeze freeze(const domain::Uuid& machine) override
    {
        const auto found = power(machine);
        if (found == GuestPower::unknown) return {};
        if (found != GuestPower::on) return {FreezeAnswer::not_possible, 0};
        const auto result = virsh({"domfsfreeze", machine.text()}, freeze_limit);
        if (!is_done(result)) return {was_not_asked(result.errors) ? FreezeAnswer::not_possible : FreezeAnswer::unknown, 0};
        const int file_systems = count_in(result.output);
        return {file_systems > 0 ? FreezeAnswer::frozen : FreezeAnswer::not_possible, file_systems};
    }

    Thaw thaw(const domain::Uuid& machine) override
    {
        const auto result = virsh({"domfsthaw", machine.text()}, thaw_limit);
        return {is_done(result), is_done(result) ? count_in(result.output) : 0};
    }

    FreezeStatus status(const domain::Uuid& machine) override
    {
        const auto result =
            virsh({"qemu-agent-command", "--timeout", "3", machine.text(), R"({"execute":"guest-fsfreeze-status"})"}, question_limit);
        const auto text = JsonDocument{result.output}.root().text({"return"});
        if (!is_done(result)) return FreezeStatus::unknown;
        if (text == "frozen") return FreezeStatus::frozen;
        return text == "thawed" ? FreezeStatus::thawed : FreezeStatus::unknown;
    }

private:
    static bool is_done(const ChildResult& result) { return result.end == ChildEnd::exited && result.code == 0; }

    /// domfsfreeze has hung for hours (oVirt vdsm 160), so the child is killed at its limit.
    ChildResult virsh(const std::vector<std::string>& command, std::chrono::milliseconds limit) const
    {
        std::vector<std::string> argv{"virsh", "--quiet", "--connect", uri_};
        argv.insert(argv.end(), command.begin(), command.end());
        auto result = run_child(argv, limit);
        if (!is_done(result))
            logging::event("warning", "virsh_failed",
                {{"command", command[0]}, {"in_time", result.end == ChildEnd::exited ? "yes" : "no"},
                    {"text", std::string_view{result.errors}.substr(0, 300)}});
        return result;
    }

    std::string uri_;
};

} // namespace

std::unique_ptr<Guest> make_virsh_guest(const std::string& uri) { return std::make_unique<VirshGuest>(uri); }

} // namespace gateway
