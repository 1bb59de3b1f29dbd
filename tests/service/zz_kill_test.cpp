#include "fake/crowd.h"

#include <boost/test/unit_test.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <random>

namespace {

using domain::Day;
using fake::Crowd;
using std::chrono::days;
using std::chrono::milliseconds;

std::string uncloud()
{
    const char* build = std::getenv("BUILD");
    return std::string{build ? build : "build"} + "/bin/uncloud";
}

/// The operator's tool in a process of its own, which reads UNCLOUD_CONFIG as we do.
pid_t start_run(const std::string& day)
{
    const auto program = uncloud();
    const auto child = ::fork();
    if (child != 0) return child;
    const int nowhere = ::open("/dev/null", O_RDWR); // only what is safe after fork() until exec()
    for (const int descriptor : {0, 1, 2}) ::dup2(nowhere, descriptor);
    ::execl(program.c_str(), "uncloud", "run", "--date", day.c_str(), "--workers", "2", nullptr);
    ::_exit(127);
}

/// Its exit status; nullopt if it was killed.
std::optional<int> ended(pid_t child)
{
    int status = 0;
    if (::waitpid(child, &status, 0) != child) throw std::runtime_error{"waitpid"};
    return WIFEXITED(status) ? std::optional{WEXITSTATUS(status)} : std::nullopt;
}

/// What the killed ones had leased falls to the next at once, not after two minutes.
void expire_leases() { fake::change("UPDATE billing_slices SET lease_until = '2020-01-01' WHERE state = 'leased'"); }

/// Runs of a day that are killed until one comes through. Returns how many were killed.
int run_with_kills(const std::string& day, std::mt19937& random, int longest_ms, int most)
{
    int kills = 0;
    while (true) {
        const auto child = start_run(day);
        if (kills < most) {
            std::this_thread::sleep_for(milliseconds{std::uniform_int_distribution{1, longest_ms}(random)});
            ::kill(child, SIGKILL);
        }
        if (const auto status = ended(child)) {
            BOOST_TEST(*status == 0);
            return kills;
        }
        ++kills;
        expire_leases();
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(killed_runs)

// Each slice is one transaction: a run that is killed anywhere and taken up again leaves what an undisturbed one leaves.
BOOST_AUTO_TEST_CASE(T7_T16_a_run_killed_twenty_times_leaves_what_an_undisturbed_one_leaves)
{
    const auto seed = std::random_device{}();
    std::mt19937 random{seed};
    const fake::OwnProduct product;
    const Day first = fake::quiet_day();
    constexpr int members = 1200;

    const Crowd undisturbed{members, first, product.sku};
    std::vector<std::string> dates;
    milliseconds shortest{10'000};
    for (int month = 0; month < 6; ++month) {
        dates.push_back(domain::to_text(domain::Date{first + days{20 + 31 * month}}));
        const auto began = std::chrono::steady_clock::now();
        BOOST_TEST_REQUIRE(ended(start_run(dates.back())).value_or(-1) == 0);
        shortest = std::min(shortest, std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - began));
    }
    BOOST_TEST(undisturbed.documents() > members * 6);

    const Crowd crowd{members, first, product.sku};
    int kills = 0;
    for (const auto& date : dates) kills += run_with_kills(date, random, static_cast<int>(shortest.count()), 8);
    BOOST_TEST_MESSAGE("seed " << seed << ", killed " << kills << " times within " << shortest.count() << " ms");
    BOOST_TEST(kills >= 20, "only " << kills << " kills, seed " << seed);
    const auto found = fake::difference(undisturbed, crowd);
    BOOST_TEST(found == "", "seed " << seed << ": " << found);
    BOOST_TEST(crowd.documents() == undisturbed.documents());
    BOOST_TEST(fake::count("SELECT COUNT(*) FROM billing_runs WHERE open_on IS NOT NULL AND open_on <= ?", dates.back()) == 0);
    BOOST_TEST(fake::count("SELECT COUNT(*) FROM (SELECT series_year FROM invoices WHERE status = 'issued' GROUP BY series, series_year"
                           " HAVING MAX(series_number) <> COUNT(*)) gaps")
        == 0);
}

BOOST_AUTO_TEST_SUITE_END()
