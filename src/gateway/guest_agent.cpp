#include "gateway/guest_agent.h"

#include <random>

namespace gateway {
namespace {

using Clock = std::chrono::steady_clock;

} // namespace

GuestAgent::GuestAgent(const std::string& socket, std::chrono::milliseconds limit) : socket_{socket, Clock::now() + limit}
{
    ready_ = socket_.failure() == 0 && synchronise(Clock::now() + limit);
}

/// Answers to others, who gave up waiting for them, come first; ours repeats our number. The byte 0xFF, which JSON cannot have,
/// makes the agent forget half a command of somebody who was killed.
bool GuestAgent::synchronise(JsonSocket::Deadline deadline)
{
    const std::int64_t number = std::random_device{}() & 0x7FFF'FFFF;
    if (!socket_.send("\xFF{\"execute\":\"guest-sync\",\"arguments\":{\"id\":" + std::to_string(number) + "}}", deadline)) return false;
    while (const auto line = socket_.receive(deadline))
        if (line->root().number({"return"}) == number) return true;
    return false;
}

AgentReply GuestAgent::execute(std::string_view command, std::chrono::milliseconds limit)
{
    const auto deadline = Clock::now() + limit;
    if (!socket_.send(R"({"execute":")" + std::string{command} + "\"}", deadline)) return {};
    const auto line = socket_.receive(deadline);
    if (!line) return {};
    const auto root = line->root();
    if (!root.at({"error"}).is_null()) return {.answer = AgentAnswer::refused, .refusal = root.text({"error", "desc"})};
    return {.answer = AgentAnswer::done, .number = root.number({"return"}), .text = root.text({"return"})};
}

} // namespace gateway
