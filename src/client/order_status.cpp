#include "client/order_status.h"

namespace client {
namespace {

constexpr OrderStatus statuses[] = {
    {"unknown", Exit::pending, "the server does not know yet what becomes of the order", ""},
    {"checking", Exit::pending, "payment and order are being checked", ""},
    {"delivering", Exit::pending, "it is being delivered, which takes minutes to days", ""},
    {"cancelling", Exit::pending, "it is being cancelled", ""},
    {"notPaid", Exit::needs_human, "it waits to be paid", "`ovh-order order pay ORDER`"},
    {"documentsRequested", Exit::needs_human, "documents are asked for before it goes on",
        "send what the mail or the customer's pages ask for; then `ovh-order order follow ORDER`"},
    {"delivered", Exit::done, "it is delivered", ""},
    {"cancelled", Exit::refused, "it was cancelled and will not be delivered", ""},
};

} // namespace

std::span<const OrderStatus> order_statuses() { return statuses; }

const OrderStatus& order_status_from(std::string_view name)
{
    for (const auto& status : statuses)
        if (status.name == name) return status;
    return statuses[0];
}

std::string next_step_of(const OrderStatus& status, std::int64_t order)
{
    constexpr std::string_view placeholder{"ORDER"};
    std::string step{status.next_step};
    const auto at = step.find(placeholder);
    if (at != std::string::npos) step.replace(at, placeholder.size(), std::to_string(order));
    return step;
}

} // namespace client
