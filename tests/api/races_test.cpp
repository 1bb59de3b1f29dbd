#include "site.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <chrono>
#include <set>
#include <thread>

using namespace site;

// Sixteen at the same time, where exactly one may win and the others are told why not.
namespace {

constexpr int contenders = 16;

std::vector<Answer> all_at_once(const std::function<Answer(int)>& request)
{
    std::vector<Answer> answers(contenders);
    at_once(contenders, [&](int i) { answers[static_cast<std::size_t>(i)] = request(i); });
    return answers;
}

int with_status(const std::vector<Answer>& answers, int status)
{
    return static_cast<int>(std::ranges::count(answers, status, &Answer::status));
}

std::string statuses(const std::vector<Answer>& answers)
{
    std::string text;
    for (const auto& answer : answers) text += std::to_string(answer.status) + ' ';
    return text;
}

int items_of(const Answer& list)
{
    const auto document = list.json();
    return static_cast<int>(json_array_size(json_object_get(document.get(), "items")));
}

/// A VM order that differs from its siblings.
std::string vm_with_cores(int cores)
{
    return R"({"product":"ipv6-only-vm","parameters":{"cores":)" + std::to_string(cores)
        + R"(,"ram":1,"os_disk_size":1,"os":"debian-12"}})";
}

} // namespace

BOOST_AUTO_TEST_SUITE(races)

BOOST_AUTO_TEST_CASE(ten_double_clicks_in_a_row_place_ten_orders)
{
    const auto member = joined_member();
    for (int round = 0; round < 10; ++round) {
        const auto key = "Idempotency-Key: click-" + std::to_string(round);
        const auto answers = all_at_once([&](int) { return member.send("POST", "/orders", R"({"product":"ipv6-vpn"})", {key}); });
        std::set<std::string> bodies;
        for (const auto& answer : answers)
            if (answer.status == 201) bodies.insert(answer.body);
        BOOST_TEST(with_status(answers, 201) + with_status(answers, 409) == contenders, statuses(answers));
        BOOST_TEST(bodies.size() == 1u);
        BOOST_TEST(items_of(member.get("/orders?limit=100")) == round + 2); // and the membership
    }
}

BOOST_AUTO_TEST_CASE(of_different_requests_with_one_key_one_is_carried_out)
{
    const auto member = joined_member();
    const auto answers =
        all_at_once([&](int i) { return member.send("POST", "/orders?dry_run=false", vm_with_cores(i + 1), {"Idempotency-Key: shared"}); });
    BOOST_TEST(with_status(answers, 201) == 1, statuses(answers));
    BOOST_TEST(with_status(answers, 422) + with_status(answers, 409) == contenders - 1, statuses(answers));
    BOOST_TEST(items_of(member.get("/orders?limit=100")) == 2);
}

BOOST_AUTO_TEST_CASE(of_different_orders_under_one_uuid_one_stands)
{
    const auto member = joined_member();
    const auto path = "/orders/" + fresh_uuid();
    const auto answers = all_at_once([&](int i) { return member.send("PUT", path, vm_with_cores(i + 1)); });
    BOOST_TEST(with_status(answers, 201) == 1, statuses(answers));
    BOOST_TEST(with_status(answers, 409) == contenders - 1, statuses(answers));
    BOOST_TEST(items_of(member.get("/orders?limit=100")) == 2);
}

BOOST_AUTO_TEST_CASE(a_uuid_that_two_members_choose_belongs_to_one)
{
    const Member members[] = {joined_member(), joined_member()};
    const auto path = "/orders/" + fresh_uuid();
    const auto answers = all_at_once([&](int i) { return members[i % 2].send("PUT", path, R"({"product":"ipv6-vpn"})"); });
    BOOST_TEST(with_status(answers, 201) == 1, statuses(answers));
    BOOST_TEST(with_status(answers, 200) == contenders / 2 - 1, statuses(answers));
    BOOST_TEST(with_status(answers, 404) == contenders / 2, statuses(answers));
    // The uuid in the body is another's as well as the one in the path.
    const auto& loser = members[0].get(path).status == 404 ? members[0] : members[1];
    const auto body = R"({"product":"ipv6-vpn","uuid":")" + path.substr(8) + "\"}";
    BOOST_TEST(loser.send("PUT", "/orders", body).status == 404);
    BOOST_TEST(loser.send("POST", "/orders", body).status == 404);
}

BOOST_AUTO_TEST_CASE(sixteen_snapshots_under_one_key_are_one)
{
    const auto member = joined_member();
    const auto vm = active_vm(member);
    const auto answers = all_at_once(
        [&](int) { return member.send("POST", "/vm/create_snapshot", R"({"uuid":")" + vm + "\"}", {"Idempotency-Key: snapshot"}); });
    BOOST_TEST(with_status(answers, 202) + with_status(answers, 409) == contenders, statuses(answers));
    BOOST_TEST(items_of(member.get("/vm/" + vm + "/snapshots")) == 1);
}

BOOST_AUTO_TEST_CASE(the_quota_of_snapshots_holds_against_sixteen)
{
    const auto member = joined_member();
    const auto vm = active_vm(member);
    const auto answers = all_at_once([&](int) { return member.send("POST", "/vm/create_snapshot", R"({"uuid":")" + vm + "\"}"); });
    BOOST_TEST(with_status(answers, 202) == 10, statuses(answers)); // snapshots.per_vm
    BOOST_TEST(with_status(answers, 409) == contenders - 10, statuses(answers));
    const auto all_ready = [](const Answer& list) {
        return list.body.find("\"status\":\"ready\"") != std::string::npos && list.body.find("\"requested\"") == std::string::npos
            && list.body.find("\"creating\"") == std::string::npos && list.body.find("\"freezing\"") == std::string::npos;
    };
    const auto list = eventually([&] { return member.get("/vm/" + vm + "/snapshots?limit=100"); }, all_ready);
    BOOST_TEST(items_of(list) == 10);
    BOOST_TEST(all_ready(list), list.body);
}

BOOST_AUTO_TEST_CASE(an_application_is_decided_once)
{
    const auto member = fresh_member();
    const auto id = member.send("POST", "/payment-methods", R"({"type":"invoice"})").at("id");
    const auto answers =
        all_at_once([&](int i) { return the_operator.send("POST", "/admin/approvals/" + id + (i % 2 ? "/approve" : "/refuse")); });
    BOOST_TEST(with_status(answers, 200) == 1, statuses(answers));
    BOOST_TEST(with_status(answers, 404) == contenders - 1, statuses(answers));
}

BOOST_AUTO_TEST_CASE(of_equal_etags_one_writes)
{
    const auto member = fresh_member();
    const auto etag = member.get("/account").header("etag");
    const auto answers = all_at_once([&](int i) {
        return member.send("PUT", "/account", R"({"billing_address":{"city":"Bern )" + std::to_string(i) + "\"}}", {"If-Match: " + etag});
    });
    BOOST_TEST(with_status(answers, 200) == 1, statuses(answers));
    BOOST_TEST(with_status(answers, 412) == contenders - 1, statuses(answers));
}

BOOST_AUTO_TEST_CASE(sixteen_cancellations_are_one_event)
{
    const auto member = joined_member();
    const auto order = member.send("POST", "/orders", R"({"product":"ipv6-vpn"})").at("uuid");
    eventually([&] { return member.get("/orders/" + order); }, [](const Answer& answer) { return answer.at("status") == "active"; });
    const auto answers = all_at_once([&](int) { return member.send("POST", "/orders/" + order + "/cancel", R"({"when":"now"})"); });
    BOOST_TEST(with_status(answers, 200) == contenders, statuses(answers));
    const auto read = member.get("/orders/" + order);
    const auto document = read.json();
    int cancelled = 0;
    std::size_t i = 0;
    json_t* event = nullptr;
    json_array_foreach(json_object_get(document.get(), "events"), i, event) cancelled +=
        std::string_view{json_string_value(json_object_get(event, "to"))} == "cancelled";
    BOOST_TEST(cancelled == 1, read.body);
}

BOOST_AUTO_TEST_CASE(every_order_of_a_race_is_invoiced_once)
{
    const auto member = joined_member();
    const auto path = "/orders/" + fresh_uuid();
    all_at_once([&](int i) { return i % 2 ? member.send("PUT", path, vm_with_cores(1)) : member.send("POST", "/membership"); });
    const auto total = [&] {
        int minor = 0;
        const auto invoices = member.get("/invoices");
        for (int i = 0; i < items_of(invoices); ++i) minor += std::stoi(invoices.at("items." + std::to_string(i) + ".total.amount"));
        return minor;
    };
    const int expected = 500 + 760; // the membership and the VM, on one document or two
    for (int look = 0; look < 1200 && total() < expected; ++look) std::this_thread::sleep_for(std::chrono::milliseconds{50});
    std::this_thread::sleep_for(std::chrono::milliseconds{500}); // another one would come now
    BOOST_TEST(total() == expected);
}

BOOST_AUTO_TEST_SUITE_END()
