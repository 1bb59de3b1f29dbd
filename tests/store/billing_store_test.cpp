#include "fake/shop.h"
#include "store/billing_store.h"

#include <boost/test/unit_test.hpp>

namespace {

using store::BillingStore;
using store::OrderMark;

/// An order that is due, as a run has loaded it.
struct LoadedOrder : fake::Shop {
    const domain::Order order = [this] {
        join(nico);
        return place(machine_of(nico)).order;
    }();
    const OrderMark mark = loaded();

    OrderMark loaded() const
    {
        const auto members = fake::database().read(
            [&](store::Session& session) { return BillingStore{session}.due(nico.member, nico.member, clock.today()); });
        for (const auto& row : members.at(0).orders)
            if (row.id == fake::number(order.id))
                return {.order = row.id,
                    .version = row.version,
                    .billing_turn = row.billing_turn,
                    .next_due_on = fake::day("2026-04-02"),
                    .open_from = fake::day("2026-04-02"),
                    .billed_through = fake::day("2026-04-02"),
                    .setup_billed = true};
        throw std::logic_error{"the order is not due"};
    }
    static void leave(const OrderMark& mark)
    {
        fake::in_transaction([&](store::Session& session) { BillingStore{session}.mark({mark}); });
    }
    std::string next_due() const { return fake::text("SELECT CAST(next_due_on AS CHAR) FROM orders WHERE id = ?", fake::number(order.id)); }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(marks_of_billing, LoadedOrder)

BOOST_AUTO_TEST_CASE(an_order_is_billed_to_where_its_mark_says)
{
    leave(mark);
    BOOST_TEST(next_due() == "2026-04-02");
}

// Lago 4795: a run began before the last one was over.
BOOST_AUTO_TEST_CASE(of_two_runs_that_loaded_the_same_order_one_leaves_its_mark)
{
    leave(mark);
    auto other = mark;
    other.next_due_on = fake::day("2026-05-02");
    BOOST_CHECK_THROW(leave(other), store::Conflict);
    BOOST_TEST(next_due() == "2026-04-02");
}

BOOST_AUTO_TEST_CASE(a_member_who_was_quicker_is_not_overlooked)
{
    cancel(order); // after it was loaded
    BOOST_CHECK_THROW(leave(mark), store::Conflict);
    BOOST_TEST(next_due() == "2026-03-02");
}

BOOST_AUTO_TEST_CASE(one_order_that_was_changed_keeps_all_of_the_transaction_back)
{
    const auto second = place(machine_of(nico)).order;
    auto gone = mark;
    gone.order = fake::number(second.id);
    gone.version += 1;
    BOOST_CHECK_THROW(fake::in_transaction([&](store::Session& session) { BillingStore{session}.mark({mark, gone}); }), store::Conflict);
    BOOST_TEST(next_due() == "2026-03-02");
}

BOOST_AUTO_TEST_SUITE_END()
