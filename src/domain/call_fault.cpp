#include "domain/call_fault.h"

#include "domain/margin.h"

namespace domain {

std::string_view to_text(CallFaultKind kind)
{
    switch (kind) {
    case CallFaultKind::refuse_before: return "refuse_before";
    case CallFaultKind::error_after_commit: return "error_after_commit";
    case CallFaultKind::lost_answer: return "lost_answer";
    case CallFaultKind::hang: return "hang";
    case CallFaultKind::slow_delivery: return "slow_delivery";
    case CallFaultKind::cancel_order: return "cancel_order";
    }
    return "";
}

std::optional<CallFaultKind> call_fault_kind_from(std::string_view text)
{
    using enum CallFaultKind;
    for (const auto kind : {refuse_before, error_after_commit, lost_answer, hang, slow_delivery, cancel_order})
        if (to_text(kind) == text) return kind;
    return std::nullopt;
}

bool concerns(const CallFault& fault, std::string_view method, std::string_view path)
{
    return (fault.method.empty() || fault.method == method) && fits_pattern(path, fault.path);
}

bool strikes(const CallFault& fault, std::string_view which)
{
    auto hash = 1469598103934665603ULL ^ static_cast<std::uint64_t>(fault.seed); // FNV-1a, then mixed so that all bits count
    const auto take = [&](std::string_view text) {
        for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
    };
    take(to_text(fault.kind));
    take(which);
    hash ^= hash >> 33;
    hash *= 0xff51afd7ed558ccdULL;
    hash ^= hash >> 33;
    return static_cast<int>(hash % 100) < fault.percent;
}

} // namespace domain
