#include "store/idempotency_store.h"

#include "fake/test_database.h"

#include <boost/test/unit_test.hpp>

namespace {

using store::IdempotencyStore;
using store::RequestKey;
using store::Session;

struct Keys {
    RequestKey key{.member = fake::new_member().member, .route = "POST /orders", .key = "Key-1", .fingerprint = std::string(64, 'a')};

    template <class Work> static auto with_store(const Work& work)
    {
        return fake::in_transaction([&](Session& session) {
            IdempotencyStore keys{session};
            return work(keys);
        });
    }
    static bool take(const RequestKey& key)
    {
        return with_store([&](IdempotencyStore& keys) { return keys.take(key); });
    }
    static std::optional<store::StoredAnswer> read(const RequestKey& key)
    {
        return with_store([&](IdempotencyStore& keys) { return keys.read(key); });
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(idempotency_store, Keys)

BOOST_AUTO_TEST_CASE(a_key_is_taken_once)
{
    BOOST_TEST(take(key));
    BOOST_TEST(!take(key));
    auto other_request = key;
    other_request.fingerprint = std::string(64, 'b');
    BOOST_TEST(!take(other_request));
}

BOOST_AUTO_TEST_CASE(the_answer_under_a_key_is_kept_byte_for_byte)
{
    const std::string body = R"({"text":"Zürich \"quoted\" \\ 😀","long":")" + std::string(100'000, 'x') + "\"}";
    with_store([&](IdempotencyStore& keys) {
        BOOST_TEST(keys.take(key));
        keys.store_answer(key, {.fingerprint = key.fingerprint, .status = 201, .location = "/orders/1", .body = body});
    });
    const auto stored = read(key).value();
    BOOST_TEST(stored.fingerprint == key.fingerprint);
    BOOST_TEST(stored.status == 201);
    BOOST_TEST(stored.location == "/orders/1");
    BOOST_TEST((stored.body == body));
}

BOOST_AUTO_TEST_CASE(the_same_text_of_another_member_on_another_route_or_in_another_case_is_another_key)
{
    BOOST_TEST(take(key));
    auto another = key;
    another.member = fake::new_member().member;
    BOOST_TEST(take(another));
    another = key;
    another.route = "POST /membership";
    BOOST_TEST(take(another));
    another = key;
    another.key = "KEY-1";
    BOOST_TEST(take(another));
}

BOOST_AUTO_TEST_CASE(a_key_whose_transaction_failed_is_free_again)
{
    BOOST_CHECK_THROW(with_store([&](IdempotencyStore& keys) {
        BOOST_TEST(keys.take(key));
        throw std::runtime_error{"refused"};
    }),
        std::runtime_error);
    BOOST_TEST(!read(key).has_value());
    BOOST_TEST(take(key));
}

BOOST_AUTO_TEST_CASE(a_competitor_waits_for_the_outcome)
{
    std::jthread competitor;
    std::atomic<bool> first_is_done{false};
    std::atomic<bool> saw_the_end{false};
    with_store([&](IdempotencyStore& keys) {
        BOOST_TEST(keys.take(key));
        competitor = std::jthread{[&] {
            if (!take(key)) saw_the_end = first_is_done.load();
        }};
        std::this_thread::sleep_for(std::chrono::milliseconds{300});
        first_is_done = true;
    });
    competitor.join();
    BOOST_TEST(saw_the_end);
}

BOOST_AUTO_TEST_CASE(old_keys_are_forgotten_and_young_ones_are_not)
{
    auto young = key;
    young.key = "Key-2";
    BOOST_TEST(take(key));
    BOOST_TEST(take(young));
    fake::change("UPDATE idempotency_keys SET created_at = NOW(6) - INTERVAL 169 HOUR WHERE member_id = ? AND idempotency_key = 'Key-1'",
        fake::number(key.member));
    with_store([](IdempotencyStore& keys) { keys.remove_older_than(168); });
    BOOST_TEST(!read(key).has_value());
    BOOST_TEST(read(young).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
