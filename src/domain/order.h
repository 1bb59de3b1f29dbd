#pragma once
#include "domain/calendar.h"
#include "domain/member.h"
#include "domain/product.h"
#include "domain/uuid.h"

#include <optional>
#include <string>
#include <string_view>

namespace domain {

enum class OrderId : std::int64_t {};

enum class OrderStatus { placed, awaiting_payment, provisioning, active, suspended, cancelled, ended };

std::string_view to_text(OrderStatus status);

/// @throws std::domain_error if there is no such status.
OrderStatus order_status_from(std::string_view text);

/// True if an order may go from one status to the other.
bool may_become(OrderStatus from, OrderStatus to);

/// True while the order is or will be supplied: it is neither cancelled nor ended.
bool is_running(OrderStatus status);

/// What a member ordered, with the price and parameters of that moment.
struct Order {
    OrderId id{};
    Uuid uuid{};
    MemberId member{};
    std::string sku{};
    Parameters parameters{};
    std::string detail{}; ///< what it is, on documents; empty: its parameters tell
    Charge charge{};
    bool price_includes_vat{true};
    std::optional<Interval> interval{};
    OrderStatus status{OrderStatus::placed};
    Instant placed_at{};
    Date started_on{};             ///< the anchor of its periods
    std::optional<Date> ends_on{}; ///< first day no longer supplied
    std::int64_t version{1};
};

/// The end of the period that holds `day`, for an order anchored at `started_on`; `started_on` itself before it begins.
Date term_end(const Order& order, Date day);

/// Why a change of parameters is refused: one value per cause.
enum class ChangeFault { none, nothing_to_change, disk_would_shrink };

ChangeFault check_change(const Parameters& before, const Parameters& after);

} // namespace domain
