#include "service/writes.h"

#include "fake/shop.h"

#include <boost/test/unit_test.hpp>
#include <soci/soci.h>

#include <atomic>
#include <set>

namespace {

using domain::Reason;
using fake::refusal_of;
using service::Answer;
using service::WriteRequest;
using store::Session;

/// A member whose row counts the effects: each adds one to its version.
struct Writing {
    service::Writes writes{fake::database()};
    const domain::MemberId member = fake::new_member().member;
    WriteRequest request{
        .key = store::RequestKey{.member = member, .route = "POST /orders", .key = "key-1", .fingerprint = std::string(64, 'a')}};

    Answer effect(Session& session) const
    {
        store::execute(session, "UPDATE members SET version = version + 1 WHERE id = ?", fake::number(member));
        return {.status = 201, .body = "{\"version\":" + std::to_string(version_in(session)) + "}", .location = "/orders/1"};
    }
    Answer run(const WriteRequest& as)
    {
        return writes.run(as, [&](Session& session) { return effect(session); });
    }
    std::int64_t version_in(Session& session) const
    {
        return std::get<0>(*store::select_first<std::int64_t>(session, "SELECT version FROM members WHERE id = ?", fake::number(member)));
    }
    std::int64_t effects() const { return fake::count("SELECT version - 1 FROM members WHERE id = ?", fake::number(member)); }
    std::int64_t keys() const { return fake::count("SELECT COUNT(*) FROM idempotency_keys WHERE member_id = ?", fake::number(member)); }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(writes, Writing)

BOOST_AUTO_TEST_CASE(the_same_key_gets_the_same_answer_and_no_second_effect)
{
    const auto first = run(request);
    const auto again = run(request);
    BOOST_TEST(!first.replayed);
    BOOST_TEST(again.replayed);
    BOOST_TEST(again.status == 201);
    BOOST_TEST(again.body == first.body);
    BOOST_TEST(again.location == first.location);
    BOOST_TEST(effects() == 1);
}

BOOST_AUTO_TEST_CASE(without_a_key_each_request_is_one_of_its_own)
{
    request.key.reset();
    run(request);
    run(request);
    BOOST_TEST(effects() == 2);
}

BOOST_AUTO_TEST_CASE(the_same_key_for_another_request_is_refused)
{
    run(request);
    request.key->fingerprint = std::string(64, 'b');
    BOOST_TEST((refusal_of([&] { run(request); }) == Reason::idempotency_key_reused));
    BOOST_TEST(effects() == 1);
}

BOOST_AUTO_TEST_CASE(another_members_key_is_another_key)
{
    run(request);
    request.key->member = fake::new_member().member;
    BOOST_TEST(!run(request).replayed);
}

BOOST_AUTO_TEST_CASE(sixteen_at_once_under_one_key_have_one_effect_and_one_answer)
{
    std::mutex mutex;
    std::set<std::string> bodies;
    std::atomic<int> first_hand{0};
    fake::at_once(16, [&](int) {
        const auto answer = run(request);
        first_hand += answer.replayed ? 0 : 1;
        const std::lock_guard lock{mutex};
        bodies.insert(answer.body);
    });
    BOOST_TEST(effects() == 1);
    BOOST_TEST(first_hand == 1);
    BOOST_TEST(bodies.size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_use_case_that_fails_keeps_no_key)
{
    const auto refused = [&] {
        writes.run(request, [&](Session& session) -> Answer {
            effect(session);
            throw domain::Refusal{Reason::payment_method_required, "no"};
        });
    };
    BOOST_TEST((refusal_of(refused) == Reason::payment_method_required));
    BOOST_TEST(effects() == 0);
    BOOST_TEST(keys() == 0);
    BOOST_TEST(!run(request).replayed); // the member registered a card and asks again
    BOOST_TEST(effects() == 1);
}

BOOST_AUTO_TEST_CASE(when_the_first_of_many_fails_another_takes_its_place)
{
    std::atomic<int> tries{0};
    std::atomic<int> refused{0};
    fake::at_once(8, [&](int) {
        const auto reason = refusal_of([&] {
            writes.run(request, [&](Session& session) {
                if (tries++ == 0) throw domain::Refusal{Reason::order_state, "the first one fails"};
                return effect(session);
            });
        });
        if (reason) ++refused;
    });
    BOOST_TEST(effects() == 1);
    BOOST_TEST(refused == 1);
}

BOOST_AUTO_TEST_CASE(a_dry_run_shows_the_answer_and_writes_nothing)
{
    request.dry_run = true;
    BOOST_TEST(run(request).body == R"({"version":2})");
    BOOST_TEST(effects() == 0);
    BOOST_TEST(keys() == 0);
    request.dry_run = false;
    BOOST_TEST(!run(request).replayed);
}

BOOST_AUTO_TEST_CASE(a_dry_run_under_a_used_key_does_not_replay)
{
    run(request);
    request.dry_run = true;
    BOOST_TEST(!run(request).replayed);
    BOOST_TEST(!writes.earlier(request).has_value());
    BOOST_TEST(effects() == 1);
}

BOOST_AUTO_TEST_CASE(an_earlier_answer_is_found_before_anything_is_done)
{
    BOOST_TEST(!writes.earlier(request).has_value());
    const auto first = run(request);
    const auto earlier = writes.earlier(request);
    BOOST_REQUIRE(earlier.has_value());
    BOOST_TEST(earlier->replayed);
    BOOST_TEST(earlier->body == first.body);
    request.key->fingerprint = std::string(64, 'b');
    BOOST_TEST((refusal_of([&] { writes.earlier(request); }) == Reason::idempotency_key_reused));
    request.key.reset();
    BOOST_TEST(!writes.earlier(request).has_value());
}

// The key and the effect are one transaction: a connection lost on the way takes both, and the repetition is not a replay.
BOOST_AUTO_TEST_CASE(a_connection_lost_on_the_way_leaves_one_effect)
{
    int tries = 0;
    const auto answer = writes.run(request, [&](Session& session) {
        auto done = effect(session);
        if (++tries == 1) {
            const auto mine = std::get<0>(*store::select_first<std::int64_t>(session, "SELECT CONNECTION_ID()"));
            fake::database().read([&](Session& other) { other.sql() << "KILL CONNECTION " + std::to_string(mine); });
            while (fake::count("SELECT COUNT(*) FROM information_schema.processlist WHERE id = ?", mine) != 0)
                std::this_thread::sleep_for(std::chrono::milliseconds{5});
            version_in(session); // fails: there is nobody at the other end
        }
        return done;
    });
    BOOST_TEST(tries == 2);
    BOOST_TEST(!answer.replayed);
    BOOST_TEST(effects() == 1);
    BOOST_TEST(run(request).replayed);
}

BOOST_AUTO_TEST_SUITE_END()
