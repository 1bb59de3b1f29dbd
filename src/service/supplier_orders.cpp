#include "service/supplier_orders.h"

#include "logging/log.h"
#include "service/order_withdrawal.h"
#include "store/order_store.h"

#include <algorithm>

namespace service {
namespace {

using domain::CheckoutCourse;
using domain::SearchCourse;
using domain::StatusCourse;
using domain::SupplyStep;
using gateway::SupplierOutcome;

constexpr const char* actor = "worker";
constexpr std::chrono::hours clocks_may_differ_by{1};
constexpr std::chrono::milliseconds after_a_conflict{1000};
const std::string searching{"searching"}; ///< the status of a supply that looks for its order

} // namespace

JobReport SupplierOrders::carry_out(const domain::Uuid& order)
{
    const auto until = std::chrono::steady_clock::now() + rules_.longest_run;
    while (std::chrono::steady_clock::now() < until) {
        auto work = read(order); // anew for each step: an operator, or another worker, may have been here
        if (!work || domain::is_over(work->supply.step)) return {};
        if (is_held(*work)) return {};
        if (const auto report = step(*work)) return *report;
    }
    return {JobOutcome::postponed, "goes_on", {}};
}

std::optional<SupplierOrders::Work> SupplierOrders::read(const domain::Uuid& uuid)
{
    return database_.read([&](store::Session& session) -> std::optional<Work> {
        store::SupplyStore supplies{session};
        auto supply = supplies.of(uuid);
        if (!supply) return std::nullopt;
        const auto order = store::OrderStore{session}.by_uuid(uuid);
        return Work{*supply, order.value().status, supplies.wish(supply->order)};
    });
}

/// One whose order is over and that is not bought needs no decision any more; one that needs a person at the supplier is looked at.
bool SupplierOrders::is_held(const Work& work)
{
    const auto& supply = work.supply;
    if (supply.held_reason.empty() || domain::course_of(supply.status) == StatusCourse::person) return false;
    return !domain::is_unbought(supply.step) || domain::is_running(work.order_status);
}

SupplierOrders::Next SupplierOrders::step(Work& work)
{
    const auto at = work.supply.step;
    if (domain::is_unbought(at) && !domain::is_running(work.order_status)) return give_up_unbought(work);
    switch (at) {
    case SupplyStep::fresh: return open_cart(work);
    case SupplyStep::cart: return fill_cart(work);
    case SupplyStep::filled: return send_checkout(work);
    case SupplyStep::checkout_sent: return resolve_checkout(work);
    case SupplyStep::ordered: return follow(work);
    case SupplyStep::delivered:
    case SupplyStep::cancelled: break;
    }
    return JobReport{};
}

/// An earlier try, or a database that was put back from a copy, may have left a cart under this order's name.
SupplierOrders::Next SupplierOrders::open_cart(Work& work)
{
    const auto name = work.supply.uuid.text();
    const auto found = supplier_.find_cart(name);
    if (found.outcome == SupplierOutcome::refused) return hold(work, found.message);
    if (!found.done()) return wait(work, "supplier_silent", found.message);
    if (found.value) {
        work.supply.cart = *found.value;
        return go_on(work, SupplyStep::cart);
    }
    const auto opened = supplier_.open_cart(name);
    if (opened.outcome == SupplierOutcome::refused) return hold(work, opened.message);
    if (!opened.done()) return wait(work, "supplier_silent", opened.message); // one we do not know of expires by itself
    work.supply.cart = opened.value;
    return go_on(work, SupplyStep::cart);
}

SupplierOrders::Next SupplierOrders::fill_cart(Work& work)
{
    const auto filled = supplier_.fill(work.supply.cart, work.wish);
    switch (filled.outcome) {
    case SupplierOutcome::refused: return hold(work, filled.message);
    case SupplierOutcome::unknown: return wait(work, "supplier_silent", filled.message);
    case SupplierOutcome::absent: // expired, and never bought
        work.supply.cart.clear();
        return go_on(work, SupplyStep::fresh);
    case SupplierOutcome::done: break;
    }
    if (!filled.value.is_frozen) return check_price(work);
    work.supply.sent_at = clock_.now();
    return go_on(work, SupplyStep::checkout_sent);
}

/// The dry run checks everything; whatever it refuses would be refused at checkout.
SupplierOrders::Next SupplierOrders::check_price(Work& work)
{
    const auto price = supplier_.dry_run(work.supply.cart);
    if (price.outcome == SupplierOutcome::unknown) return wait(work, "supplier_silent", price.message);
    if (!price.done()) return hold(work, price.message);
    work.supply.net = price.value.net;
    work.supply.gross = price.value.gross;
    const auto cost = database_.read([&](store::Session& session) { return store::SupplyStore{session}.cost(work.supply.order); });
    if (work.supply.price_accepted) return go_on(work, SupplyStep::filled);
    if (!cost) return hold(work, "what it costs is not known: import the supplier's catalogue, or retry with --accept-price");
    if (domain::is_too_dear(price.value.net, *cost, rules_.tolerance_permille))
        return hold(work,
            "the supplier takes " + domain::to_text(price.value.net) + ", reckoned was " + domain::to_text(*cost)
                + ": retry with --accept-price, or give up");
    return go_on(work, SupplyStep::filled);
}

/// From here on there is no second cart.
SupplierOrders::Next SupplierOrders::send_checkout(Work& work)
{
    if (work.supply.step != SupplyStep::checkout_sent) {
        work.supply.step = SupplyStep::checkout_sent;
        work.supply.sent_at = clock_.now();
        if (!keep(work)) return JobReport{JobOutcome::postponed, "changed_meanwhile", after_a_conflict};
    }
    const auto bought = supplier_.check_out(work.supply.cart);
    if (bought.done()) return take_order(work, bought.value);
    if (bought.outcome != SupplierOutcome::refused) return wait(work, "supplier_silent", bought.message);
    // OVH may refuse the second checkout of a cart that was bought by the first.
    const auto cart = supplier_.look_at_cart(work.supply.cart);
    if (!cart.done() || cart.value.is_frozen) return wait(work, "supplier_silent", bought.message);
    return hold(work, bought.message);
}

SupplierOrders::Next SupplierOrders::resolve_checkout(Work& work)
{
    const auto cart = supplier_.look_at_cart(work.supply.cart);
    auto found = cart.value;
    if (cart.outcome == SupplierOutcome::absent) found = {.is_there = false};
    else if (!cart.done()) return wait(work, "supplier_silent", cart.message);
    switch (domain::course_after_checkout(found)) {
    case CheckoutCourse::send_again: return send_checkout(work);
    case CheckoutCourse::take_order: return take_order(work, *found.order);
    case CheckoutCourse::search: return search_order(work);
    case CheckoutCourse::hold: break;
    }
    return hold(work, "the cart does not tell what became of it");
}

SupplierOrders::Next SupplierOrders::search_order(Work& work)
{
    auto& supply = work.supply;
    if (supply.status != searching) {
        supply.status = searching;
        supply.attempts = 0;
    }
    if (!supply.sent_at || !supply.gross) return hold(work, "the cart was bought before this supply knew of it: settle it with its order");
    const auto orders = supplier_.orders_since(*supply.sent_at - clocks_may_differ_by);
    if (!orders.done()) return wait(work, "supplier_silent", orders.message);
    const auto [claimed, unresolved] = database_.read([&](store::Session& session) {
        store::SupplyStore supplies{session};
        return std::pair{supplies.claimed(supply.supplier, orders.value), supplies.unresolved_alike(supply)};
    });
    std::vector<std::int64_t> matching;
    for (const auto order : orders.value) {
        if (std::ranges::find(claimed, order) != claimed.end()) continue;
        const auto is_it = supplier_.is_order_of(order, work.wish, *supply.gross);
        if (!is_it.done()) return wait(work, "supplier_silent", is_it.message);
        if (is_it.value) matching.push_back(order);
    }
    switch (domain::course_after_search(matching.size(), unresolved, supply.attempts)) {
    case SearchCourse::take_it: return take_order(work, matching.front());
    case SearchCourse::look_again: return wait(work, "order_not_found", std::to_string(matching.size()) + " orders could be it");
    case SearchCourse::hold: break;
    }
    return hold(work,
        "the cart was bought, and " + std::to_string(matching.size())
            + " orders of the supplier could be it: settle it with the number of the "
              "one that is, or give up if there is none");
}

SupplierOrders::Next SupplierOrders::take_order(Work& work, std::int64_t order)
{
    work.supply.supplier_order = order;
    work.supply.status.clear();
    if (!domain::may_become(work.supply.step, SupplyStep::ordered)) throw std::logic_error{"an order before its checkout"};
    work.supply.step = SupplyStep::ordered;
    work.supply.attempts = 0;
    work.supply.last_error.clear();
    work.supply.held_reason.clear();
    if (keep(work)) return std::nullopt;
    auto now = read(work.supply.uuid);
    if (!now || now->supply.version != work.supply.version) return JobReport{JobOutcome::postponed, "changed_meanwhile", after_a_conflict};
    return hold(*now, "order " + std::to_string(order) + " of the supplier is another supply's");
}

SupplierOrders::Next SupplierOrders::follow(Work& work)
{
    auto& supply = work.supply;
    const auto status = supplier_.status(*supply.supplier_order);
    if (status.outcome == SupplierOutcome::unknown) return wait(work, "supplier_silent", status.message);
    if (!status.done()) return hold(work, "order " + std::to_string(*supply.supplier_order) + ": " + status.message);
    if (status.value != supply.status) supply.attempts = 0;
    supply.status = status.value;
    supply.held_reason = domain::remedy_for(status.value, *supply.supplier_order);
    switch (domain::course_of(status.value)) {
    case StatusCourse::wait: return wait(work, "supplier_delivers", "");
    case StatusCourse::delivered: return look_for_name(work);
    case StatusCourse::cancelled: return cancelled_by_supplier(work);
    case StatusCourse::person: break;
    }
    if (supply.attempts == 0)
        logging::event("error", "supply_needs_a_person", {{"order", supply.uuid.text()}, {"why", supply.held_reason}});
    return wait(work, "needs_a_person", status.value);
}

/// Delivered is not ready: for some minutes a refusal, or no name, may mean "not yet".
SupplierOrders::Next SupplierOrders::look_for_name(Work& work)
{
    auto& supply = work.supply;
    if (!supply.delivered_at) supply.delivered_at = clock_.now();
    const bool is_settling = clock_.now() - *supply.delivered_at < domain::settling_time;
    const auto name = supplier_.server_name(*supply.supplier_order, work.wish.plan);
    if (name.done() && !name.value.empty()) return finish(work, name.value);
    if (name.outcome == SupplierOutcome::unknown) return wait(work, "supplier_silent", name.message);
    if (is_settling && (name.done() || domain::is_not_ready_yet(name.message))) return wait(work, "not_ready_yet", name.message);
    return hold(work, name.done() ? "the supplier has delivered, and names no server" : name.message);
}

SupplierOrders::Next SupplierOrders::finish(Work& work, const std::string& server)
{
    auto supply = work.supply;
    supply.step = SupplyStep::delivered;
    supply.server_name = server;
    supply.attempts = 0;
    supply.last_error.clear();
    return database_.transact([&](store::Session& session) {
        store::OrderStore orders{session};
        const auto order = orders.lock(supply.uuid); // order before supply, as everywhere
        auto written = supply;
        if (!domain::is_running(order->status))
            written.held_reason = "the order was cancelled meanwhile: cancel " + server + " at the supplier";
        store::SupplyStore supplies{session};
        if (!supplies.save(written, clock_.now())) return JobReport{JobOutcome::postponed, "changed_meanwhile", after_a_conflict};
        supplies.name_server(supply.order, server);
        if (order->status == domain::OrderStatus::provisioning)
            orders.change_status(*order, domain::OrderStatus::active, actor, "the server is ready", clock_.now());
        return JobReport{};
    });
}

SupplierOrders::Next SupplierOrders::cancelled_by_supplier(Work& work)
{
    return database_.transact([&](store::Session& session) {
        store::OrderStore orders{session};
        const auto order = orders.lock(work.supply.uuid);
        auto supply = work.supply;
        supply.step = SupplyStep::cancelled;
        if (!store::SupplyStore{session}.save(supply, clock_.now()))
            return JobReport{JobOutcome::postponed, "changed_meanwhile", after_a_conflict};
        if (order->status == domain::OrderStatus::provisioning)
            withdraw_order(session, corrections_, clock_, *order, {"the supplier has cancelled it", "could not be delivered", true});
        return JobReport{};
    });
}

SupplierOrders::Next SupplierOrders::give_up_unbought(Work& work)
{
    if (!work.supply.cart.empty()) {
        const auto dropped = supplier_.drop_cart(work.supply.cart);
        if (dropped.outcome == SupplierOutcome::unknown) return wait(work, "supplier_silent", dropped.message);
    }
    return go_on(work, SupplyStep::cancelled);
}

SupplierOrders::Next SupplierOrders::go_on(Work& work, SupplyStep next)
{
    if (!domain::may_become(work.supply.step, next)) throw std::logic_error{"a supply cannot take that step"};
    work.supply.step = next;
    work.supply.attempts = 0;
    work.supply.last_error.clear();
    work.supply.held_reason.clear();
    if (!keep(work)) return JobReport{JobOutcome::postponed, "changed_meanwhile", after_a_conflict};
    return std::nullopt;
}

SupplierOrders::Next SupplierOrders::wait(Work& work, const std::string& slug, const std::string& why)
{
    ++work.supply.attempts;
    work.supply.last_error = why;
    const auto pause = domain::supply_pause(work.supply.attempts, rules_.first_pause, rules_.longest_pause);
    work.supply.look_at = clock_.now() + pause;
    keep(work); // if not, whoever changed it has the say; this job looks again anyway
    return JobReport{JobOutcome::postponed, slug, pause};
}

SupplierOrders::Next SupplierOrders::hold(Work& work, const std::string& reason)
{
    work.supply.held_reason = reason.empty() ? "the supplier refuses, and does not say why" : reason;
    work.supply.last_error = work.supply.held_reason;
    logging::event("error", "supply_held", {{"order", work.supply.uuid.text()}, {"why", work.supply.held_reason}});
    if (!keep(work)) return JobReport{JobOutcome::postponed, "changed_meanwhile", after_a_conflict};
    return JobReport{};
}

bool SupplierOrders::keep(Work& work)
{
    return database_.transact([&](store::Session& session) { return store::SupplyStore{session}.save(work.supply, clock_.now()); });
}

} // namespace service
