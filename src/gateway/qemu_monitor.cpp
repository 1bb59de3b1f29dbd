#include "gateway/qemu_monitor.h"

namespace gateway {
namespace {

using Clock = std::chrono::steady_clock;

constexpr auto hello_limit = std::chrono::seconds{3};

} // namespace

QemuMonitor::QemuMonitor(const std::string& socket) : socket_{socket, Clock::now() + hello_limit}
{
    if (socket_.failure() != 0) return;
    const auto greeting = socket_.receive(Clock::now() + hello_limit);
    if (!greeting || !greeting->root().at({"QMP"}).is_object()) return;
    ready_ = execute("qmp_capabilities", "{}", hello_limit).answer == MonitorAnswer::done;
}

MonitorReply QemuMonitor::execute(std::string_view command, std::string_view arguments, std::chrono::milliseconds limit)
{
    const auto deadline = Clock::now() + limit;
    const std::string request = R"({"execute":")" + std::string{command} + R"(","arguments":)" + std::string{arguments} + "}";
    if (!socket_.send(request, deadline)) return {};
    while (auto line = socket_.receive(deadline)) {
        const auto root = line->root();
        if (!root.at({"error"}).is_null()) return {MonitorAnswer::refused, {}, root.text({"error", "desc"})};
        if (root.at({"return"}).is_object() || root.at({"return"}).is_array()) return {MonitorAnswer::done, std::move(*line), {}};
        // else an event, which comes whenever it likes
    }
    return {};
}

} // namespace gateway
