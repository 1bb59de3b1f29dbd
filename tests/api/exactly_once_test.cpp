#include "site.h"

#include <boost/test/unit_test.hpp>

#include <set>

using namespace site;

namespace {

constexpr int at_the_same_time = 16;

std::string orders_of(const Member& member) { return member.get("/orders?limit=100").body; }

std::size_t occurrences(const std::string& text, const std::string& part)
{
    std::size_t count = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
    return count;
}

} // namespace

BOOST_AUTO_TEST_SUITE(exactly_once)

// A double click, a refresh, a script that retries: fxa 13755, cocalc 1627.
// T11
BOOST_AUTO_TEST_CASE(sixteen_equal_posts_with_one_key_place_one_order)
{
    const auto member = joined_member();
    std::vector<Answer> answers(at_the_same_time);
    at_once(at_the_same_time, [&](int i) {
        answers[static_cast<std::size_t>(i)] = member.send("POST", "/orders", small_vm, {"Idempotency-Key: double-click-1"});
    });
    std::set<std::string> bodies;
    int first = 0;
    for (const auto& answer : answers) {
        BOOST_TEST(answer.status == 201);
        bodies.insert(answer.body);
        first += answer.count("idempotent-replayed") == 0;
    }
    BOOST_TEST(bodies.size() == 1u);
    BOOST_TEST(first == 1);
    BOOST_TEST(occurrences(orders_of(member), "\"product\":\"ipv6-only-vm\"") == 1u);
}

BOOST_AUTO_TEST_CASE(sixteen_equal_puts_of_one_uuid_place_one_order)
{
    const auto member = joined_member();
    const auto path = "/orders/" + fresh_uuid();
    std::vector<Answer> answers(at_the_same_time);
    at_once(at_the_same_time, [&](int i) { answers[static_cast<std::size_t>(i)] = member.send("PUT", path, small_vm); });
    std::set<std::string> bodies;
    int created = 0;
    for (const auto& answer : answers) {
        BOOST_TEST((answer.status == 200 || answer.status == 201));
        created += answer.status == 201;
        bodies.insert(answer.body);
    }
    BOOST_TEST(created == 1);
    BOOST_TEST(bodies.size() == 1u);
    BOOST_TEST(occurrences(orders_of(member), "\"product\":\"ipv6-only-vm\"") == 1u);
}

BOOST_AUTO_TEST_CASE(sixteen_joins_make_one_membership)
{
    const auto member = fresh_member();
    member.send("POST", "/payment-methods", R"({"type":"card","token":"pm_card_visa"})");
    std::vector<Answer> answers(at_the_same_time);
    at_once(at_the_same_time, [&](int i) { answers[static_cast<std::size_t>(i)] = member.send("POST", "/membership"); });
    std::set<std::string> orders;
    for (const auto& answer : answers) {
        BOOST_TEST((answer.status == 200 || answer.status == 201));
        orders.insert(answer.at("order"));
    }
    BOOST_TEST(orders.size() == 1u);
}

// T11: the same key with another body.
BOOST_AUTO_TEST_CASE(a_key_stands_for_one_request)
{
    const auto member = joined_member();
    const std::vector<std::string> key{"Idempotency-Key: \"quoted-key\""};
    const auto first = member.send("POST", "/orders", small_vm, key);
    BOOST_TEST(first.status == 201);
    const auto again = member.send("POST", "/orders", small_vm, {"Idempotency-Key: quoted-key"});
    BOOST_TEST(again.body == first.body);
    BOOST_TEST(again.header("idempotent-replayed") == "true");
    BOOST_TEST(again.header("location") == first.header("location"));
    BOOST_TEST(member.send("POST", "/orders", R"({"product":"ipv6-vpn"})", key).at("code") == "idempotency_key_reused");
}

BOOST_AUTO_TEST_CASE(a_refused_request_uses_up_no_key)
{
    const auto member = fresh_member();
    const std::vector<std::string> key{"Idempotency-Key: again"};
    BOOST_TEST(member.send("POST", "/membership", "", key).status == 402);
    member.send("POST", "/payment-methods", R"({"type":"card","token":"pm_card_visa"})");
    BOOST_TEST(member.send("POST", "/membership", "", key).status == 201);
}

BOOST_AUTO_TEST_CASE(a_uuid_stands_for_one_order)
{
    const auto member = joined_member();
    const auto path = "/orders/" + fresh_uuid();
    BOOST_TEST(member.send("PUT", path, small_vm).status == 201);
    BOOST_TEST(member.send("PUT", path, small_vm).status == 200);
    BOOST_TEST(member.send("PUT", path, R"({"product":"ipv6-vpn"})").at("code") == "order_differs");
}

BOOST_AUTO_TEST_CASE(a_dry_run_leaves_nothing_behind)
{
    const auto member = joined_member();
    const auto before = orders_of(member);
    const auto answer = member.send("POST", "/orders?dry_run=true", small_vm, {"Idempotency-Key: rehearsal"});
    BOOST_TEST(answer.status == 200);
    BOOST_TEST(answer.at("dry_run") == "true");
    BOOST_TEST(answer.at("price.recurring.amount") == "660");
    BOOST_TEST(orders_of(member) == before);
    BOOST_TEST(member.send("POST", "/orders", small_vm, {"Idempotency-Key: rehearsal"}).status == 201);
}

BOOST_AUTO_TEST_CASE(a_card_is_registered_once)
{
    const auto member = fresh_member();
    std::vector<Answer> answers(8);
    at_once(8, [&](int i) {
        answers[static_cast<std::size_t>(i)] = member.send("POST", "/payment-methods", R"({"type":"card","token":"pm_card_visa"})");
    });
    std::set<std::string> ids;
    for (const auto& answer : answers) {
        BOOST_TEST((answer.status == 200 || answer.status == 201), answer.body);
        ids.insert(answer.at("id"));
    }
    BOOST_TEST(ids.size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_removed_card_can_be_registered_again)
{
    const auto member = fresh_member();
    const std::string card{R"({"type":"card","token":"pm_card_visa"})"};
    const auto first = member.send("POST", "/payment-methods", card).at("id");
    BOOST_TEST(member.send("DELETE", "/payment-methods/" + first).status == 204);
    BOOST_TEST(member.send("DELETE", "/payment-methods/" + first).status == 404);
    const auto second = member.send("POST", "/payment-methods", card);
    BOOST_TEST(second.status == 201);
    BOOST_TEST(second.at("id") != first);
    BOOST_TEST(second.at("default") == "true");
}

BOOST_AUTO_TEST_SUITE_END()
