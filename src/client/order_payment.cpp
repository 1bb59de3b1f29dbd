#include "client/order_payment.h"

#include "client/follow.h"
#include "client/order_status.h"
#include "client/table.h"

#include <algorithm>
#include <charconv>

namespace client {
namespace {

std::string ways_to_pay(OrderApi& api, std::int64_t order)
{
    const auto pay = "ovh-order order pay " + std::to_string(order);
    std::string ways;
    for (const auto id : api.registered_methods(order)) ways += (ways.empty() ? "" : "\n") + pay + " --method " + std::to_string(id);
    if (!ways.empty()) return ways;
    for (const auto& mean : api.registered_means(order)) ways += (ways.empty() ? "" : "\n") + pay + " --mean " + printable(mean);
    return ways.empty() ? "register a payment method first" : ways;
}

std::int64_t preferred_method(OrderApi& api)
{
    const auto methods = api.payment_methods(true);
    if (methods.empty()) throw Failure{Exit::refused, "you have no preferred payment method", "choose one with --method"};
    return methods.front();
}

void ask_for_method(OrderApi& api, const Console& console, std::int64_t order, PaymentChoice& choice)
{
    const auto ways = ways_to_pay(api, order);
    if (!console.can_ask()) throw Failure{Exit::usage, "say how order " + std::to_string(order) + " is paid", ways};
    console.notes << ways << '\n';
    const auto answer = console.ask("Which method's number? ");
    std::int64_t id = 0;
    const auto [end, error] = std::from_chars(answer.data(), answer.data() + answer.size(), id);
    if (error != std::errc{} || end != answer.data() + answer.size()) throw Failure{Exit::refused, "nothing was paid"};
    choice.method = id;
}

} // namespace

Exit pay_order(OrderApi& api, const Console& console, std::int64_t order, PaymentChoice choice)
{
    const auto before = api.order_status(order);
    if (before != "notPaid")
        throw Failure{order_status_from(before).exit == Exit::refused ? Exit::refused : Exit::conflict,
            "order " + std::to_string(order) + " does not wait to be paid: it is " + before,
            "ovh-order order show " + std::to_string(order)};
    if (!choice.method && !choice.preferred && choice.mean.empty()) ask_for_method(api, console, order, choice);
    if (choice.preferred) choice.method = preferred_method(api);

    const auto reply = choice.method ? api.pay(order, *choice.method) : api.pay_with_mean(order, choice.mean, choice.mean_id);
    if (reply.outcome() == gateway::OvhOutcome::refused) {
        auto refused = failure_of(reply, "pay order " + std::to_string(order));
        throw Failure{refused.exit(), refused.what(), "it stays payable, for instance by\n" + ways_to_pay(api, order)};
    }
    if (reply.outcome() == gateway::OvhOutcome::unreachable) throw failure_of(reply, "pay order " + std::to_string(order));
    if (!reply.ok())
        console.notes << "no clear answer (" << printable(reply.message())
                      << "): the order's status tells, do not pay again before it is notPaid\n";
    return show_order(api, console, order);
}

} // namespace client
