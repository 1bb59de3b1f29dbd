#include "fake/cart_desk.h"
#include "fake/last_step.h"

#include <boost/test/unit_test.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <thread>

// A checkout is bought once or not at all, wherever its process dies.
namespace {

/// A process of its own checks the cart out and dies at the step. Returns false if it came through.
bool dies(fake::CartDesk& desk, const domain::Uuid& cart, int step)
{
    const auto child = ::fork();
    if (child == 0) {
        std::thread{[&] { // a thread shares no connection with the parent
            try {
                store::Database database{fake::app().config.database, 1};
                service::Checkouts checkouts{database, desk.clock, fake::Shop::one_stop_shop, "CH"};
                database.read([](store::Session& session) { store::select<int>(session, "SELECT 1"); });
                fake::die_at(step);
                database.transact(
                    [&](store::Session& session) { return checkouts.place(session, cart, desk.nico, {.pays_at_once = true}); });
                fake::die_at(0);
                ::_exit(0);
            } catch (const std::exception& error) {
                std::fprintf(stderr, "step %d: %s\n", step, error.what());
                ::_exit(3);
            }
        }}
            .join();
    }
    int status = 0;
    if (::waitpid(child, &status, 0) != child) throw std::runtime_error{"waitpid"};
    if (WIFSIGNALED(status)) return WTERMSIG(status) == SIGKILL;
    BOOST_TEST(WEXITSTATUS(status) == 0);
    return false;
}

std::string rows_of(const domain::Uuid& cart)
{
    return fake::text("SELECT CONCAT_WS('/', c.frozen, (SELECT COUNT(*) FROM checkouts k WHERE k.cart_id = c.id),"
                      " (SELECT COUNT(*) FROM checkouts k JOIN checkout_lines l ON l.checkout_id = k.id WHERE k.cart_id = c.id),"
                      " (SELECT COUNT(*) FROM checkouts k JOIN server_orders s ON s.checkout_id = k.id WHERE k.cart_id = c.id),"
                      " (SELECT COUNT(*) FROM orders o WHERE o.member_id = c.member_id),"
                      " (SELECT COUNT(*) FROM orders o JOIN jobs j ON j.target = o.uuid WHERE o.member_id = c.member_id))"
                      " FROM carts c WHERE c.uuid = ?",
        cart);
}

} // namespace

BOOST_AUTO_TEST_SUITE(killed_checkouts)

BOOST_AUTO_TEST_CASE(a_checkout_killed_at_every_statement_is_whole_or_nothing_and_once_when_repeated)
{
    int kills = 0, whole = 0;
    for (int step = 1;; ++step) {
        fake::CartDesk desk;
        const auto cart = desk.complete_cart(3);
        const bool died = dies(desk, cart, step);
        kills += died;
        const auto left = rows_of(cart);
        BOOST_TEST((left == "0/0/0/0/0/0" || left == "1/1/4/3/3/3"), "step " << step << ": " << left);
        whole += left == "1/1/4/3/3/3";
        const auto purchase = desk.check_out(cart); // the client asks again
        BOOST_TEST(rows_of(cart) == "1/1/4/3/3/3", "step " << step);
        if (step % 4 == 0 || !died) {
            desk.start(purchase);
            desk.work_today();
            const auto invoices = fake::CartDesk::invoices_of(purchase);
            BOOST_REQUIRE(invoices.size() == 1u);
            BOOST_TEST(fake::CartDesk::total_of(invoices[0]) == purchase.first().gross.minor);
            BOOST_TEST(desk.charges_of(invoices[0]) == "2026-03-02 succeeded");
        }
        if (!died) break;
    }
    std::printf("checkout: killed at %d steps, %d times after it was bought; bought once in every story\n", kills, whole);
    BOOST_TEST(kills > 20);
    BOOST_TEST(whole > 0);
}

BOOST_AUTO_TEST_SUITE_END()
