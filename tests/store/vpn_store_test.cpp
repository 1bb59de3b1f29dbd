#include "store/vpn_store.h"

#include "fake/vpn_desk.h"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <map>
#include <mutex>
#include <set>
#include <thread>

namespace {

using namespace std::chrono_literals;
using store::Session;
using store::VpnStore;

struct Pool {
    domain::MemberId member = fake::new_member().member;
    fake::OwnPool pool{"2001:db8:100::/41"}; // 127 to give away

    template <class Work> static auto with_store(const Work& work)
    {
        return fake::in_transaction([&](Session& session) {
            VpnStore vpns{session};
            return work(vpns);
        });
    }
    domain::Order order() const { return fake::added(fake::vpn_order(member)); }
    static bool give(const domain::Order& order, domain::Instant now = fake::monday)
    {
        return with_store([&](VpnStore& vpns) { return vpns.give_prefix(order.id, now); });
    }
    static std::string prefix_of(const domain::Order& order) { return fake::VpnDesk::prefix_of(order); }
    domain::Order given() const
    {
        const auto placed = order();
        BOOST_TEST_REQUIRE(give(placed));
        return placed;
    }
    static void release(const domain::Order& order, domain::Instant until)
    {
        with_store([&](VpnStore& vpns) { vpns.release_prefix(order.id, until); });
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(vpn_store, Pool)

BOOST_AUTO_TEST_CASE(the_lowest_free_number_is_given_and_never_the_first_prefix)
{
    BOOST_TEST(prefix_of(given()) == "2001:db8:101::/48");
    BOOST_TEST(prefix_of(given()) == "2001:db8:102::/48");
    BOOST_TEST(prefix_of(given()) == "2001:db8:103::/48");
}

BOOST_AUTO_TEST_CASE(orders_at_once_get_different_prefixes)
{
    constexpr int orders = 64;
    std::vector<domain::Order> placed;
    for (int i = 0; i < orders; ++i) placed.push_back(order());
    std::atomic<int> without{0};
    fake::at_once(orders, [&](int i) { without += !give(placed[static_cast<std::size_t>(i)]); });
    BOOST_TEST(without == 0);
    std::set<std::string> prefixes;
    for (const auto& each : placed) prefixes.insert(prefix_of(each));
    BOOST_TEST(prefixes.size() == 64u);
    BOOST_TEST(!prefixes.contains("none"));
    BOOST_TEST(pool.given() == 64);
    BOOST_TEST(*prefixes.rbegin() == "2001:db8:140::/48"); // the lowest 64, in whatever order
}

// More than there are: each prefix once, the rest none.
BOOST_AUTO_TEST_CASE(more_orders_at_once_than_prefixes_share_none)
{
    std::vector<domain::Order> placed;
    for (int i = 0; i < 100; ++i) given();
    for (int i = 0; i < 64; ++i) placed.push_back(order());
    std::atomic<int> got{0};
    fake::at_once(64, [&](int i) { got += give(placed[static_cast<std::size_t>(i)]); });
    BOOST_TEST(got == 27);
    BOOST_TEST(pool.given() == 127);
    BOOST_TEST(
        fake::count("SELECT COUNT(DISTINCT order_id) FROM vpn_prefixes v JOIN vpn_pools p ON p.id = v.pool_id WHERE p.name = ?", pool.name)
        == 127);
}

BOOST_AUTO_TEST_CASE(an_order_gets_one_prefix_however_many_give_it_one)
{
    const auto placed = order();
    fake::at_once(8, [&](int) {
        try {
            give(placed);
        } catch (const std::exception&) { // it has one
        }
    });
    BOOST_TEST(pool.given() == 1);
}

BOOST_AUTO_TEST_CASE(a_released_prefix_is_given_again_after_its_quarantine_and_not_before)
{
    std::vector<domain::Order> all;
    for (int i = 0; i < 127; ++i) all.push_back(given());
    const auto until = fake::monday + std::chrono::days{30};
    release(all[4], until);
    BOOST_TEST(prefix_of(all[4]) == "none");
    const auto next = order();
    BOOST_TEST(!give(next, until - 1us));
    BOOST_TEST(give(next, until));
    BOOST_TEST(prefix_of(next) == "2001:db8:105::/48");
}

// What somebody had comes last, so that what still is sent to it reaches nobody else for as long as possible.
BOOST_AUTO_TEST_CASE(what_never_was_anybodys_is_given_first_and_then_what_was_free_longest)
{
    std::vector<domain::Order> all;
    for (int i = 0; i < 126; ++i) all.push_back(given());
    release(all[3], fake::monday + 2h);
    release(all[7], fake::monday + 1h);
    const auto one = order(), two = order(), three = order();
    for (const auto& each : {one, two, three}) BOOST_TEST(give(each, fake::monday + 3h));
    BOOST_TEST(prefix_of(one) == "2001:db8:17f::/48");
    BOOST_TEST(prefix_of(two) == "2001:db8:108::/48");
    BOOST_TEST(prefix_of(three) == "2001:db8:104::/48");
}

// 64 who take and give back, over and over, fewer prefixes than they would like: nobody has one that is another's or in quarantine.
BOOST_AUTO_TEST_CASE(prefixes_that_are_released_quarantined_and_given_again_are_one_orders_at_a_time)
{
    struct Use {
        bool is_taken{false};
        domain::Instant quarantined_until{};
    };
    std::map<std::string, Use> uses; // as those who have them know
    std::mutex mutex;
    std::atomic<int> wrong{0}, had{0}, refused{0}, hour{0};
    std::vector<domain::Order> placed;
    for (int i = 0; i < 64; ++i) placed.push_back(order());
    for (int i = 0; i < 87; ++i) given(); // 40 are left
    fake::at_once(64, [&](int i) {
        const auto& mine = placed[static_cast<std::size_t>(i)];
        for (int round = 0; round < 8; ++round) {
            const auto now = fake::monday + std::chrono::hours{++hour};
            if (!give(mine, now)) {
                ++refused;
                continue;
            }
            ++had;
            const auto prefix = prefix_of(mine);
            {
                const std::lock_guard lock{mutex};
                auto& use = uses[prefix];
                wrong += use.is_taken || now < use.quarantined_until || prefix == "none";
                use.is_taken = true;
            }
            std::this_thread::sleep_for(std::chrono::milliseconds{i % 5});
            wrong += prefix_of(mine) != prefix;
            const auto until = now + std::chrono::hours{i % 3 == 0 ? 60 : 2};
            {
                const std::lock_guard lock{mutex};
                uses[prefix] = {false, until};
            }
            release(mine, until);
        }
    });
    BOOST_TEST(wrong == 0);
    BOOST_TEST(had > 80); // of 40: most of them again and again
    BOOST_TEST_MESSAGE(had << " times given, " << refused << " times none was free");
    BOOST_TEST(uses.size() <= 40u);
    BOOST_TEST(pool.given() == 87);
}

BOOST_AUTO_TEST_CASE(a_key_has_one_prefix_until_that_is_released)
{
    const auto one = given(), other = given();
    const auto key = fake::new_key();
    const auto set = [&](const domain::Order& order) { return with_store([&](VpnStore& vpns) { return vpns.set_key(order.id, key); }); };
    BOOST_TEST(set(one));
    BOOST_TEST(set(one));
    BOOST_TEST(!set(other));
    release(one, fake::monday);
    BOOST_TEST(set(other));
}

BOOST_AUTO_TEST_CASE(a_key_given_at_once_by_many_is_one_ones)
{
    std::vector<domain::Order> placed;
    for (int i = 0; i < 16; ++i) placed.push_back(given());
    const auto key = fake::new_key();
    std::atomic<int> taken{0};
    fake::at_once(
        16, [&](int i) { taken += with_store([&](VpnStore& vpns) { return vpns.set_key(placed[static_cast<std::size_t>(i)].id, key); }); });
    BOOST_TEST(taken == 1);
}

BOOST_AUTO_TEST_CASE(pools_that_overlap_are_refused_as_a_whole)
{
    const auto add = [&](const std::string& name, const std::string& prefix) {
        return with_store([&](VpnStore& vpns) {
            return vpns.add_pool(
                {name, domain::Ipv6Prefix::parse(prefix).value(), {fake::new_key(), "vpn.example.ch:1", ""}}, fake::monday);
        });
    };
    const auto rows = fake::count("SELECT COUNT(*) FROM vpn_prefixes");
    for (const char* prefix : {"2001:db8:100::/41", "2001:db8:100::/40", "2001:db8:100::/47", "2001:db8:17e::/47", "2001:db8::/32"}) {
        bool added = true;
        try {
            added = fake::database().transact([&](Session& session) {
                const bool done = VpnStore{session}.add_pool(
                    {fake::new_name(), domain::Ipv6Prefix::parse(prefix).value(), {fake::new_key(), "vpn.example.ch:1", ""}}, fake::monday);
                if (!done) throw std::runtime_error{"refused"}; // as the command does, so that nothing of it stays
                return done;
            });
        } catch (const std::runtime_error&) {
            added = false;
        }
        BOOST_TEST(!added, prefix);
    }
    BOOST_TEST(fake::count("SELECT COUNT(*) FROM vpn_prefixes") == rows);
    BOOST_TEST(!add(pool.name, "2001:db8:200::/47")); // its name
}

BOOST_AUTO_TEST_CASE(another_server_is_another_version_of_whoever_has_a_prefix)
{
    const auto mine = given();
    const auto read = [&] { return with_store([&](VpnStore& vpns) { return vpns.by_order(mine.uuid).value(); }); };
    const auto before = read();
    const domain::VpnServer server{fake::new_key(), "other.example.ch:51820", ""};
    BOOST_TEST(with_store([&](VpnStore& vpns) { return vpns.change_server(pool.name, server); }));
    BOOST_TEST(read().version() != before.version());
    BOOST_TEST(read().server->endpoint == "other.example.ch:51820");
    BOOST_TEST(!with_store([&](VpnStore& vpns) { return vpns.change_server("nowhere", server); }));
}

BOOST_AUTO_TEST_CASE(a_list_of_pools_says_what_is_where)
{
    given();
    release(given(), fake::monday + 1h);
    const auto pools = with_store([](VpnStore& vpns) { return vpns.pools(fake::monday); });
    const auto found = std::ranges::find_if(pools, [&](const auto& use) { return use.pool.name == pool.name; });
    BOOST_TEST_REQUIRE((found != pools.end()));
    BOOST_TEST(found->given == 1);
    BOOST_TEST(found->quarantined == 1);
    BOOST_TEST(found->free == 125);
}

BOOST_AUTO_TEST_CASE(a_member_sees_its_own_vpns_alone_and_those_that_are_over_no_more)
{
    const auto mine = given();
    const auto waiting = order();
    const auto other = fake::new_member().member;
    const auto page = [&](domain::MemberId who) { return with_store([&](VpnStore& vpns) { return vpns.page(who, std::nullopt, 10); }); };
    BOOST_TEST(page(member).size() == 2u);
    BOOST_TEST((page(member).front().order == waiting.id));
    BOOST_TEST(page(other).empty());
    BOOST_TEST(!with_store([&](VpnStore& vpns) { return vpns.by_order(other, mine.uuid); }).has_value());
    BOOST_TEST(!with_store([&](VpnStore& vpns) { return vpns.lock(other, mine.uuid); }).has_value());

    fake::change("UPDATE orders SET status = 'ended' WHERE member_id = ?", fake::number(member));
    BOOST_TEST(page(member).size() == 1u); // its prefix has yet to be taken back
    release(mine, fake::monday);
    BOOST_TEST(page(member).empty());
}

BOOST_AUTO_TEST_SUITE_END()
