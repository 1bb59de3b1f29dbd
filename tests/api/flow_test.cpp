#include "site.h"

#include <boost/test/unit_test.hpp>

using namespace site;

BOOST_AUTO_TEST_SUITE(flow)

BOOST_AUTO_TEST_CASE(a_member_joins_orders_a_vm_and_snapshots_it)
{
    const auto member = fresh_member();
    BOOST_TEST(member.get("/products").at("items.1.sku") == "ipv6-only-vm");
    BOOST_TEST(member.send("POST", "/membership").status == 402);
    BOOST_TEST(member.send("POST", "/membership").at("code") == "payment_method_required");

    const auto card = member.send("POST", "/payment-methods", R"({"type":"card","token":"pm_card_visa"})");
    BOOST_TEST(card.status == 201);
    BOOST_TEST(card.at("last4") == "4242");
    BOOST_TEST(member.send("PUT", "/orders/" + fresh_uuid(), small_vm).at("code") == "membership_required");
    BOOST_TEST(member.send("POST", "/membership").status == 201);
    BOOST_TEST(member.send("POST", "/membership").status == 200);

    const auto vm = active_vm(member);
    const auto requested = member.send("POST", "/vm/create_snapshot", R"({"uuid":")" + vm + "\"}");
    BOOST_TEST(requested.status == 202);
    const auto snapshot = "/snapshots/" + requested.at("uuid");
    const auto state_is = [](const char* wanted) { return [wanted](const Answer& answer) { return answer.at("status") == wanted; }; };
    BOOST_TEST(eventually([&] { return member.get(snapshot); }, state_is("ready")).at("status") == "ready");
    BOOST_TEST(member.get("/snapshots").at("items.0.uuid") == requested.at("uuid"));
    BOOST_TEST(member.get("/vm/" + vm + "/snapshots").at("items.0.uuid") == requested.at("uuid"));
    BOOST_TEST(shell("qemu-img snapshot -l " + environment("TEST_VAR") + "/images/" + vm + ".qcow2").find(requested.at("uuid"))
        != std::string::npos);

    BOOST_TEST(member.send("POST", snapshot + "/restore").status == 202);
    BOOST_TEST(eventually([&] { return member.get(snapshot); }, state_is("ready")).at("status") == "ready");
    BOOST_TEST(member.send("DELETE", snapshot).status == 202);
    BOOST_TEST(eventually([&] { return member.get(snapshot); }, [](const Answer& answer) { return answer.status == 404; }).status == 404);
}

BOOST_AUTO_TEST_CASE(joining_takes_the_credentials_in_the_body)
{
    const auto member = fresh_member();
    member.send("POST", "/payment-methods", R"({"type":"card","token":"pm_card_mastercard"})");
    const auto body = [](const std::string& name, const std::string& password) {
        return R"({"username":")" + name + R"(","password":")" + password + "\"}";
    };
    BOOST_TEST(ask({.method = "POST", .path = "/membership", .body = body(member.name, member.password)}).status == 201);
    BOOST_TEST(ask({.method = "POST", .path = "/membership", .body = body(member.name, "wrong")}).status == 401);
    BOOST_TEST(ask({.method = "POST", .path = "/membership", .body = "{}"}).status == 401);
    BOOST_TEST(ask({.path = "/membership"}).status == 401);
}

BOOST_AUTO_TEST_CASE(payment_on_bill_waits_for_an_operator)
{
    const auto member = fresh_member();
    const auto application = member.send("POST", "/payment-methods", R"({"type":"invoice"})");
    BOOST_TEST(application.at("status") == "requested");
    BOOST_TEST(member.send("POST", "/payment-methods", R"({"type":"invoice"})").at("id") == application.at("id"));
    BOOST_TEST(member.send("POST", "/membership").status == 402);

    const auto path = "/admin/approvals/" + application.at("id") + "/approve";
    BOOST_TEST(member.send("POST", path).status == 403);
    BOOST_TEST(the_operator.send("POST", path).status == 200);
    BOOST_TEST(the_operator.send("POST", path).status == 404);
    BOOST_TEST(member.send("POST", "/membership").status == 201);
    BOOST_TEST(the_operator.get("/admin/audit-log?limit=5").body.find(application.at("id")) != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_first_invoice_follows_the_order)
{
    const auto member = joined_member();
    active_vm(member);
    const auto newest = [&] { // of the VM, with the membership on it or not: as the worker came to them
        return member.get("/invoices/" + member.get("/invoices").at("items.0.number"));
    };
    const auto invoice = eventually(newest, [](const Answer& answer) { return answer.body.find("IPv6 only VM") != std::string::npos; });
    const std::string vms = invoice.at("lines.0.product") == "ipv6-only-vm" ? "lines.0" : "lines.1";
    BOOST_TEST(invoice.at(vms + ".text") == "IPv6 only VM, 1 core, 0.5 GB RAM, 1 GB SSD");
    BOOST_TEST(invoice.at(vms + ".gross.amount") == "660"); // 5.00 + 0.5 GB at 2.00 + 1 GB at 0.60
    BOOST_TEST(invoice.at(vms + ".vat_rate") == "8.1");
    BOOST_TEST(invoice.at(vms + ".vat.amount") == "49");
}

BOOST_AUTO_TEST_CASE(a_vpn_is_free_while_a_vm_is_active)
{
    const auto member = joined_member();
    const std::string vpn{R"({"product":"ipv6-vpn"})"};
    BOOST_TEST(member.send("POST", "/quotes", vpn).at("first.total.amount") == "500");
    active_vm(member);
    const auto quote = member.send("POST", "/quotes", vpn);
    BOOST_TEST(quote.at("first.total.amount") == "0");
    BOOST_TEST(quote.at("recurring.total.amount") == "500");
}

BOOST_AUTO_TEST_CASE(a_cancelled_order_takes_its_machine_along)
{
    const auto member = joined_member();
    const auto vm = active_vm(member);
    const auto order = member.get("/vm/" + vm).at("order");
    BOOST_TEST(member.send("POST", "/orders/" + order + "/cancel", R"({"when":"now"})").at("status") == "cancelled");
    BOOST_TEST(member.send("POST", "/orders/" + order + "/cancel", R"({"when":"now"})").status == 200);
    BOOST_TEST(
        eventually([&] { return member.get("/vm/" + vm); }, [](const Answer& answer) { return answer.status == 404; }).status == 404);
    BOOST_TEST(shell("ls " + environment("TEST_VAR") + "/images").find(vm) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_changed_order_costs_what_it_has_now)
{
    const auto member = joined_member();
    const auto vm = active_vm(member);
    const auto path = "/orders/" + member.get("/vm/" + vm).at("order") + "/change";
    BOOST_TEST(member.send("POST", path, R"({"parameters":{"cores":3}})").at("price.recurring.amount") == "1660");
    BOOST_TEST(member.send("POST", path, R"({"parameters":{"os_disk_size":2}})").at("price.recurring.amount") == "1720");
    BOOST_TEST(member.send("POST", path, R"({"parameters":{"os_disk_size":1}})").status == 409);
    BOOST_TEST(member.send("POST", path, R"({"parameters":{}})").status == 422);

    const auto membership = "/orders/" + member.get("/membership").at("order");
    BOOST_TEST(member.send("POST", membership + "/change", R"({"parameters":{"cores":3}})").at("code") == "order_state");
    BOOST_TEST(member.get(membership).at("price.recurring.amount") == "500");
}

BOOST_AUTO_TEST_CASE(an_order_ends_with_its_term_when_the_clock_gets_there)
{
    const auto member = joined_member();
    const auto membership = member.get("/membership").at("order");
    eventually([&] { return member.get("/orders/" + membership); }, [](const Answer& answer) { return answer.at("status") == "active"; });
    const auto cancelled = member.send("POST", "/orders/" + membership + "/cancel");
    BOOST_TEST(cancelled.at("status") == "active");
    BOOST_TEST(!cancelled.at("ends_on").empty());

    BOOST_TEST(member.send("POST", "/admin/test-clock", R"({"now":"2030-01-01T00:00:00Z"})").status == 403);
    BOOST_TEST(
        the_operator.send("POST", "/admin/test-clock", R"({"now":")" + cancelled.at("ends_on") + R"(T12:00:00+01:00"})").status == 200);
    const auto ended = eventually(
        [&] { return member.get("/orders/" + membership); }, [](const Answer& answer) { return answer.at("status") == "ended"; });
    const auto now = shell("date -u +%Y-%m-%dT%H:%M:%SZ").substr(0, 20);
    BOOST_TEST(the_operator.send("POST", "/admin/test-clock", R"({"now":")" + now + "\"}").status == 200);
    BOOST_TEST(ended.at("status") == "ended");
    BOOST_TEST(member.get("/membership").status == 404);
}

BOOST_AUTO_TEST_SUITE_END()
