#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What a sandbox does to those who call its cart API, on purpose: to see what they make of it.
namespace domain {

enum class CallFaultKind {
    refuse_before,      ///< 500, and nothing is done
    error_after_commit, ///< it is done, and 500
    lost_answer,        ///< it is done, and the connection is cut
    hang,               ///< it is done, and the answer comes late
    slow_delivery,      ///< servers come later
    cancel_order,       ///< servers do not come: the order is cancelled
};

std::string_view to_text(CallFaultKind kind);
std::optional<CallFaultKind> call_fault_kind_from(std::string_view text);

struct CallFault {
    std::int64_t id{0};
    CallFaultKind kind{};
    std::string method{};                     ///< empty: any
    std::string path{"*"};                    ///< a pattern, see fits_pattern(); below /1.0
    int percent{100};                         ///< of the calls, or of the orders
    std::optional<std::int64_t> times_left{}; ///< nullopt: no end
    std::chrono::seconds delay{0};
    std::int64_t seed{0};
    std::int64_t hits{0};
};

/// True if the fault is about such a call.
bool concerns(const CallFault& fault, std::string_view method, std::string_view path);

/// True if the fault strikes in the case of that name or number: a dice that falls the same way for the same seed.
bool strikes(const CallFault& fault, std::string_view which);

} // namespace domain
