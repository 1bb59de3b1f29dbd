#include "client/follow.h"

#include "client/order_status.h"
#include "client/table.h"

#include <algorithm>
#include <set>
#include <thread>

namespace client {
namespace {

using std::chrono::milliseconds;

bool is_placeholder(const std::string& domain) { return domain.empty() || domain.starts_with('*'); }

/// What the history tells that was not told yet.
void tell_news(OrderApi& api, const Console& console, std::int64_t order, std::set<std::string>& told)
{
    for (const auto& step : api.follow_up(order))
        for (const auto& event : step.history) {
            const auto line =
                event.date + "  " + step.step + "  " + event.label + (event.description.empty() ? "" : ": " + event.description);
            if (told.insert(line).second) console.notes << printable(line) << '\n';
        }
}

void tell_status(const Console& console, std::int64_t order, const OrderStatus& status)
{
    console.notes << "order " << order << ": " << status.name << ", " << status.meaning << '\n';
    if (!status.next_step.empty()) console.notes << "  next: " << next_step_of(status, order) << '\n';
    console.notes.flush();
}

Table lines_of(const std::vector<OrderDetail>& details)
{
    Table table{{{"orderDetailId", "DETAIL", true}, {"planCode", "PLAN"}, {"domain", "SERVICE"}, {"quantity", "QUANTITY", true},
        {"totalPrice", "TOTAL", true}, {"description", "DESCRIPTION"}}};
    for (const auto& each : details) table.add({each.id, each.plan_code, each.domain, each.quantity, each.total, each.description});
    return table;
}

Table history_of(const std::vector<FollowUpStep>& steps)
{
    Table table{{{"date", "DATE"}, {"step", "STEP"}, {"status", "STATUS"}, {"label", "EVENT"}, {"description", "DESCRIPTION"}}};
    for (const auto& step : steps)
        for (const auto& event : step.history) table.add({event.date, step.step, step.status, event.label, event.description});
    return table;
}

} // namespace

std::vector<std::string> delivered_servers(const std::vector<OrderDetail>& details, const std::string& plan_code)
{
    std::vector<std::string> names;
    const auto take = [&](const std::string& name) {
        if (!is_placeholder(name) && std::ranges::find(names, name) == names.end()) names.push_back(name);
    };
    for (const auto& detail : details) {
        for (const auto& resource : detail.resources) take(resource);
        if (!detail.plan_code.empty() && (plan_code.empty() || detail.plan_code == plan_code)) take(detail.domain);
    }
    return names;
}

Exit follow_order(OrderApi& api, const Console& console, std::int64_t order, const FollowTerms& terms)
{
    std::set<std::string> told;
    std::string last;
    auto wait = terms.first_wait;
    milliseconds waited{0};
    while (true) {
        try {
            const auto& status = order_status_from(api.order_status(order));
            tell_news(api, console, order, told);
            if (last != status.name) tell_status(console, order, status);
            last = status.name;
            if (status.exit != Exit::pending) return status.exit;
        } catch (const Failure& failure) {
            if (failure.exit() != Exit::temporary) throw;
            console.notes << failure.what() << "; the order is not concerned, trying again\n";
        }
        if (terms.patience && waited + wait > *terms.patience) {
            console.notes << "order " << order << " goes on by itself: `ovh-order order follow " << order << "`\n";
            return Exit::pending;
        }
        if (terms.sleep) terms.sleep(wait);
        else std::this_thread::sleep_for(wait);
        waited += wait;
        wait = std::min(terms.longest_wait, wait + wait / 2);
    }
}

Exit show_order(OrderApi& api, const Console& console, std::int64_t id)
{
    const auto order = api.order(id);
    const auto name = api.order_status(id);
    const auto& status = order_status_from(name);
    const auto details = api.order_details(id);
    const auto lines = lines_of(details);
    const auto history = history_of(api.follow_up(id));
    const Cell servers{delivered_servers(details, "")};
    if (console.json) {
        console.out << http::JsonText::object()
                           .set("orderId", id)
                           .set("date", order.date)
                           .set("status", name)
                           .set("meaning", std::string{status.meaning})
                           .set("nextStep", next_step_of(status, id))
                           .set("priceWithTax", json_of(order.with_tax))
                           .set("servers", servers.json)
                           .set("details", lines.json())
                           .set("history", history.json())
                           .dump()
                    << '\n';
        return status.exit;
    }
    console.out << "order    " << id << " of " << printable(order.date) << '\n'
                << "status   " << printable(name) << ": " << status.meaning << '\n'
                << "total    " << to_text(order.with_tax) << " with tax\n";
    if (!servers.text.empty()) console.out << "servers  " << printable(servers.text) << '\n';
    if (!status.next_step.empty()) console.out << "next     " << next_step_of(status, id) << '\n';
    console.out << '\n' << lines.text();
    if (!history.empty()) console.out << '\n' << history.text();
    return status.exit;
}

void list_orders(OrderApi& api, const Console& console, const std::string& since, int limit)
{
    Table table{{{"orderId", "ORDER", true}, {"date", "DATE"}, {"status", "STATUS"}, {"priceWithTax", "WITH TAX", true}}};
    auto ids = api.orders(since);
    const auto all = ids.size();
    if (ids.size() > static_cast<std::size_t>(limit)) ids.resize(static_cast<std::size_t>(limit));
    for (const auto id : ids) {
        const auto order = api.order(id);
        table.add({id, order.date, api.order_status(id), order.with_tax});
    }
    table.print(console);
    if (ids.size() < all) console.notes << all - ids.size() << " older orders are not shown: --limit\n";
}

} // namespace client
