#include "domain/job.h"

#include <array>
#include <stdexcept>

namespace domain {

std::string_view to_text(JobKind kind)
{
    switch (kind) {
    case JobKind::order_start: return "order_start";
    case JobKind::machine_create: return "machine_create";
    case JobKind::machine_resize: return "machine_resize";
    case JobKind::machine_suspend: return "machine_suspend";
    case JobKind::machine_resume: return "machine_resume";
    case JobKind::machine_delete: return "machine_delete";
    case JobKind::snapshot_create: return "snapshot_create";
    case JobKind::snapshot_restore: return "snapshot_restore";
    case JobKind::snapshot_delete: return "snapshot_delete";
    case JobKind::order_end: return "order_end";
    case JobKind::order_refund: return "order_refund";
    case JobKind::card_detach: return "card_detach";
    case JobKind::charge: return "charge";
    case JobKind::charge_cancel: return "charge_cancel";
    case JobKind::charge_fee: return "charge_fee";
    case JobKind::refund: return "refund";
    case JobKind::vpn_create: return "vpn_create";
    case JobKind::vpn_key: return "vpn_key";
    case JobKind::vpn_delete: return "vpn_delete";
    case JobKind::server_supply: return "server_supply";
    }
    throw std::domain_error{"no such job kind"};
}

std::optional<JobKind> job_kind_from(std::string_view text)
{
    using enum JobKind;
    for (const auto kind : {order_start, machine_create, machine_resize, machine_suspend, machine_resume, machine_delete, snapshot_create,
             snapshot_restore, snapshot_delete, order_end, order_refund, card_detach, charge, charge_cancel, charge_fee, refund,
             server_supply, vpn_create, vpn_key, vpn_delete})
        if (to_text(kind) == text) return kind;
    return std::nullopt;
}

std::optional<std::chrono::seconds> pause_after(int attempts)
{
    constexpr std::array<std::chrono::seconds, 5> pauses{
        std::chrono::seconds{1}, std::chrono::seconds{5}, std::chrono::seconds{30}, std::chrono::seconds{120}, std::chrono::seconds{600}};
    const auto index = static_cast<std::size_t>(attempts - 1);
    if (attempts < 1 || index >= pauses.size()) return std::nullopt;
    return pauses[index];
}

} // namespace domain
