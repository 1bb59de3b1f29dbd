#include "store/order_store.h"

#include "fake/test_database.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <atomic>

namespace {

using domain::Order;
using domain::OrderStatus;
using domain::Uuid;
using store::OrderStore;
using store::Session;

/// A member, another one, and the store in a transaction for each call.
struct Orders {
    domain::MemberId member = fake::new_member().member;
    domain::MemberId other = fake::new_member().member;

    template <class Work> static auto with_store(const Work& work)
    {
        return fake::in_transaction([&](Session& session) {
            OrderStore orders{session};
            return work(orders);
        });
    }

    static std::optional<domain::OrderId> add(const Order& order, const std::optional<std::string>& running_key = std::nullopt)
    {
        return with_store([&](OrderStore& orders) { return orders.add(order, running_key, "nico"); });
    }
    static bool change_status(const Order& order, OrderStatus to)
    {
        return with_store([&](OrderStore& orders) { return orders.change_status(order, to, "nico", "because", fake::monday); });
    }
    static Order read(const Order& order)
    {
        return with_store([&](OrderStore& orders) { return orders.by_uuid(order.member, order.uuid).value(); });
    }
    static std::size_t events(const Order& order)
    {
        return with_store([&](OrderStore& orders) { return orders.events_of(order.id).size(); });
    }
    std::vector<Order> page(std::optional<std::int64_t> before, int limit) const
    {
        return with_store([&](OrderStore& orders) { return orders.page(member, before, limit); });
    }
    Order active() const
    {
        auto order = fake::added(fake::machine_order(member));
        change_status(order, OrderStatus::active);
        return read(order);
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(order_store, Orders)

BOOST_AUTO_TEST_CASE(an_order_comes_back_as_it_was_placed)
{
    const auto placed = fake::added(fake::machine_order(member));
    const auto kept = read(placed);
    BOOST_TEST((kept.id == placed.id));
    BOOST_TEST((kept.uuid == placed.uuid));
    BOOST_TEST((kept.member == member));
    BOOST_TEST(kept.sku == "ipv6-only-vm");
    BOOST_TEST((kept.parameters == placed.parameters));
    BOOST_TEST((kept.charge == placed.charge));
    BOOST_TEST((kept.interval == domain::Interval{}));
    BOOST_TEST((kept.status == OrderStatus::provisioning));
    BOOST_TEST((kept.placed_at == fake::monday));
    BOOST_TEST((kept.started_on == placed.started_on));
    BOOST_TEST(!kept.ends_on.has_value());
    BOOST_TEST(kept.version == 1);
}

BOOST_AUTO_TEST_CASE(what_has_no_parameters_and_no_interval_keeps_none)
{
    auto order = fake::machine_order(member);
    order.parameters = {};
    order.interval.reset();
    order.charge = {{3800, domain::Currency::eur}, {0, domain::Currency::eur}};
    order.price_includes_vat = false;
    const auto kept = read(fake::added(order));
    BOOST_TEST((kept.parameters == domain::Parameters{}));
    BOOST_TEST(!kept.interval.has_value());
    BOOST_TEST((kept.charge == order.charge));
    BOOST_TEST(!kept.price_includes_vat);
}

BOOST_AUTO_TEST_CASE(the_placing_of_an_order_is_its_first_event)
{
    const auto order = fake::added(fake::machine_order(member));
    const auto events = with_store([&](OrderStore& orders) { return orders.events_of(order.id); });
    BOOST_REQUIRE(events.size() == 1u);
    BOOST_TEST(events[0].actor == "nico");
    BOOST_TEST(!events[0].from_status.has_value());
    BOOST_TEST(events[0].to_status == "provisioning");
    BOOST_TEST((events[0].at == fake::monday));
}

BOOST_AUTO_TEST_CASE(another_member_sees_nothing_of_it)
{
    const auto order = fake::added(fake::machine_order(member));
    with_store([&](OrderStore& orders) {
        BOOST_TEST(!orders.by_uuid(other, order.uuid).has_value());
        BOOST_TEST(!orders.lock(other, order.uuid).has_value());
        BOOST_TEST(orders.page(other, std::nullopt, 100).empty());
        BOOST_TEST(!orders.has_running(other));
        BOOST_TEST(!orders.needs_membership(other, fake::day("2026-01-01")));
    });
}

BOOST_AUTO_TEST_CASE(a_uuid_is_used_once_by_whomever)
{
    const auto order = fake::added(fake::machine_order(member));
    BOOST_TEST(!add(order).has_value());
    auto theirs = fake::machine_order(other);
    theirs.uuid = order.uuid;
    BOOST_TEST(!add(theirs).has_value());
    BOOST_TEST(events(order) == 1u); // the refused ones left no event
}

// A double click that lost its key must not order twice: fxa 13755, cocalc 1627.
BOOST_AUTO_TEST_CASE(sixteen_equal_orders_at_once_are_one_order)
{
    const auto order = fake::machine_order(member);
    std::atomic<int> placed{0};
    fake::at_once(16, [&](int) { placed += add(order).has_value() ? 1 : 0; });
    BOOST_TEST(placed == 1);
    BOOST_TEST(page(std::nullopt, 100).size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_running_key_stands_for_one_order_until_that_ends)
{
    const auto key = std::to_string(fake::number(member)) + ":membership";
    auto first = fake::machine_order(member);
    first.id = add(first, key).value();
    BOOST_TEST(!add(fake::machine_order(member), key).has_value());
    with_store([&](OrderStore& orders) { BOOST_TEST((orders.running(key).value().uuid == first.uuid)); });

    change_status(first, OrderStatus::active);
    change_status(read(first), OrderStatus::suspended);
    BOOST_TEST(!add(fake::machine_order(member), key).has_value());

    change_status(read(first), OrderStatus::ended);
    with_store([&](OrderStore& orders) { BOOST_TEST(!orders.running(key).has_value()); });
    BOOST_TEST(add(fake::machine_order(member), key).has_value());
}

BOOST_AUTO_TEST_CASE(sixteen_different_orders_under_one_running_key_are_one_order)
{
    const auto key = std::to_string(fake::number(member)) + ":membership";
    std::atomic<int> placed{0};
    fake::at_once(16, [&](int) { placed += add(fake::machine_order(member), key).has_value() ? 1 : 0; });
    BOOST_TEST(placed == 1);
    BOOST_TEST(page(std::nullopt, 100).size() == 1u);
}

BOOST_AUTO_TEST_CASE(pages_are_newest_first_without_gap_or_repetition)
{
    std::vector<Uuid> placed;
    for (int i = 0; i < 7; ++i) placed.insert(placed.begin(), fake::added(fake::machine_order(member)).uuid);
    fake::added(fake::machine_order(other));

    std::vector<Uuid> listed;
    for (std::optional<std::int64_t> before;;) {
        const auto orders = page(before, 3);
        if (orders.empty()) break;
        BOOST_TEST(orders.size() <= 3u);
        for (const auto& order : orders) listed.push_back(order.uuid);
        before = fake::number(orders.back().id);
    }
    BOOST_TEST((listed == placed));
}

BOOST_AUTO_TEST_CASE(an_order_placed_between_two_pages_moves_nothing)
{
    for (int i = 0; i < 4; ++i) fake::added(fake::machine_order(member));
    const auto first = page(std::nullopt, 2);
    fake::added(fake::machine_order(member));
    const auto second = page(fake::number(first.back().id), 2);
    BOOST_REQUIRE(second.size() == 2u);
    BOOST_TEST((second.front().id < first.back().id));
}

BOOST_AUTO_TEST_CASE(a_status_is_only_changed_from_the_one_that_was_read)
{
    const auto order = fake::added(fake::machine_order(member));
    BOOST_TEST(change_status(order, OrderStatus::active));
    BOOST_TEST(!change_status(order, OrderStatus::cancelled)); // read as provisioning
    BOOST_TEST((read(order).status == OrderStatus::active));
    BOOST_TEST(read(order).version == 2);
    BOOST_TEST(events(order) == 2u);
}

BOOST_AUTO_TEST_CASE(of_sixteen_who_change_a_status_one_wins_and_leaves_one_event)
{
    const auto order = fake::added(fake::machine_order(member));
    std::atomic<int> winners{0};
    fake::at_once(16, [&](int i) { winners += change_status(order, i % 2 == 0 ? OrderStatus::active : OrderStatus::cancelled) ? 1 : 0; });
    BOOST_TEST(winners == 1);
    BOOST_TEST(events(order) == 2u);
}

BOOST_AUTO_TEST_CASE(an_end_that_is_set_leaves_the_status)
{
    const auto order = active();
    with_store([&](OrderStore& orders) {
        orders.set_end(order, fake::day("2026-04-02"), fake::day("2026-03-20"), "nico", "cancelled", fake::monday);
    });
    BOOST_TEST((read(order).ends_on == fake::day("2026-04-02")));
    BOOST_TEST((read(order).status == OrderStatus::active));
    BOOST_TEST(events(order) == 3u);
}

BOOST_AUTO_TEST_CASE(an_order_is_due_to_end_on_its_day_and_not_before)
{
    const auto order = active();
    with_store([&](OrderStore& orders) {
        orders.set_end(order, fake::day("1990-04-02"), fake::day("2026-03-20"), "nico", "cancelled", fake::monday);
    });
    const auto is_due = [&](const char* day) {
        const auto due = with_store([&](OrderStore& orders) { return orders.ending_by(fake::day(day), 1000); });
        return std::ranges::find(due, order.uuid) != due.end();
    };
    BOOST_TEST(!is_due("1990-04-01"));
    BOOST_TEST(is_due("1990-04-02"));
    BOOST_TEST(is_due("1990-04-03"));
    change_status(read(order), OrderStatus::ended);
    BOOST_TEST(!is_due("1990-04-03"));
}

BOOST_AUTO_TEST_CASE(orders_that_wait_for_money_are_gone_through_one_after_another)
{
    std::vector<Uuid> placed;
    for (int i = 0; i < 5; ++i) {
        auto order = fake::machine_order(member);
        order.status = OrderStatus::awaiting_payment;
        placed.push_back(fake::added(order).uuid); // all of them at one instant
    }
    std::vector<Uuid> found;
    const auto then = fake::monday + std::chrono::seconds{1};
    const auto after = [&](const store::UnpaidOrder& last) {
        return with_store([&](OrderStore& orders) { return orders.unpaid_since(then, last, 2); });
    };
    for (auto some = after({}); !some.empty(); some = after(some.back())) {
        BOOST_TEST(some.size() <= 2u);
        for (const auto& order : some)
            if (std::ranges::find(placed, order.uuid) != placed.end()) found.push_back(order.uuid);
    }
    BOOST_TEST((found == placed));
    BOOST_TEST(with_store([&](OrderStore& orders) { return orders.unpaid_since(fake::monday, {}, 1000).size(); }) == 0u);
}

BOOST_AUTO_TEST_CASE(a_change_keeps_what_was_before_it)
{
    const auto before = active();
    auto after = before;
    after.parameters.cores = 4;
    after.parameters.os_disk_gb = 40;
    after.charge.recurring = {5200};
    with_store([&](OrderStore& orders) { orders.change(before, after, fake::day("2026-03-20"), "nico", fake::monday); });

    BOOST_TEST((read(before).parameters == after.parameters));
    BOOST_TEST(read(before).charge.recurring.minor == 5200);
    BOOST_TEST(fake::text("SELECT CONCAT_WS(' ', version, valid_until, cores, ram_mb, os_disk_gb, recurring_minor) FROM order_versions "
                          "WHERE order_id = ?",
                   fake::number(before.id))
        == "2 2026-03-20 2 4096 20 3000");
}

BOOST_AUTO_TEST_CASE(a_tag_counts_while_its_order_is_active)
{
    const auto has_vm = [&] { return with_store([&](OrderStore& orders) { return orders.has_active_tag(member, "vm"); }); };
    const auto order = fake::added(fake::machine_order(member));
    BOOST_TEST(!has_vm());
    change_status(order, OrderStatus::active);
    BOOST_TEST(has_vm());
    change_status(read(order), OrderStatus::suspended);
    BOOST_TEST(!has_vm());
}

BOOST_AUTO_TEST_CASE(the_membership_is_needed_until_the_last_order_ends)
{
    const auto needs_until = [&](const char* day) {
        return with_store([&](OrderStore& orders) { return orders.needs_membership(member, fake::day(day)); });
    };
    BOOST_TEST(!needs_until("2026-03-02"));
    const auto order = active();
    BOOST_TEST(needs_until("2026-04-02"));
    with_store([&](OrderStore& orders) {
        orders.set_end(order, fake::day("2026-04-02"), fake::day("2026-03-20"), "nico", "cancelled", fake::monday);
    });
    BOOST_TEST(needs_until("2026-04-01"));
    BOOST_TEST(!needs_until("2026-04-02"));
}

BOOST_AUTO_TEST_SUITE_END()
