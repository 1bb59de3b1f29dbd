#pragma once
#include "domain/uuid.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace domain {

/// What the worker does.
enum class JobKind {
    order_start,
    machine_create,
    machine_resize,
    machine_suspend,
    machine_resume,
    machine_delete,
    snapshot_create,
    snapshot_restore,
    snapshot_delete,
    order_end,
    order_refund,
    card_detach,
    charge,
    charge_cancel,
    charge_fee,
    refund,
    server_supply,
    vpn_create,
    vpn_key,
    vpn_delete
};

std::string_view to_text(JobKind kind);
std::optional<JobKind> job_kind_from(std::string_view text);

struct Job {
    std::int64_t id{0};
    JobKind kind{};
    Uuid target{};
    int attempts{0}; ///< including the one under way
};

/// How long to wait after the `attempts`-th failure; nullopt: give up, an operator decides.
std::optional<std::chrono::seconds> pause_after(int attempts);

} // namespace domain
