#include "service/supplier_bills.h"

#include "fake/fake_supplier.h"
#include "fake/shop.h"
#include "service/verification.h"

#include <boost/test/unit_test.hpp>

namespace {

using namespace std::chrono_literals;

struct Desk {
    fake::FixedClock clock{fake::monday};
    fake::FakeSupplier supplier{};
    const std::string name = fake::new_name().substr(0, 30);
    service::SupplierBills bills{fake::database(), clock, supplier, {.supplier = name, .every = 60s}};

    void add(const std::string& id, std::int64_t net, std::int64_t gross, domain::Currency currency = domain::Currency::chf)
    {
        supplier.bills[id] = {.id = id,
            .billed_at = clock.now(),
            .net = {net, currency},
            .gross = {gross, currency},
            .lines = {{"*", "a server", {net, currency}}}};
    }
    void work()
    {
        const std::atomic<bool> go_on{false};
        bills.work(go_on);
    }
    void later(std::chrono::seconds duration) { clock.set(clock.now() + duration); }

    /// Net and gross of this supplier's in the books.
    std::string booked() const
    {
        return fake::text(
            "SELECT CONCAT(COUNT(*), ' ', COALESCE(SUM(IF(e.debit = 'server_costs', e.amount_minor, IF(e.credit = 'server_costs',"
            " -e.amount_minor, 0))), 0), ' ', COALESCE(SUM(IF(e.credit = 'supplier_payable', e.amount_minor,"
            " -e.amount_minor)), 0)) FROM supplier_bills b JOIN ledger_transactions t ON t.reference = b.uuid"
            " JOIN ledger_entries e ON e.transaction_id = t.id WHERE b.supplier = ?",
            name);
    }
    std::vector<std::string> findings()
    {
        auto all = service::Verification{fake::database()}.verify().findings;
        std::erase_if(all, [](const std::string& finding) { return finding.find("supplier") == std::string::npos; });
        return all;
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(supplier_bills, Desk)

BOOST_AUTO_TEST_CASE(each_document_is_a_cost_once)
{
    add("B1", 10'000, 10'810);
    add("B2", 500, 500); // without tax
    work();
    BOOST_TEST(booked() == "3 10500 11310");
    later(2min);
    work();
    BOOST_TEST(booked() == "3 10500 11310");
    fake::at_once(4, [&](int) { work(); });
    BOOST_TEST(booked() == "3 10500 11310");
    BOOST_TEST(findings().empty());
}

BOOST_AUTO_TEST_CASE(what_is_given_back_lowers_the_cost)
{
    add("B1", 10'000, 10'810);
    add("C1", -10'000, -10'810);
    work();
    BOOST_TEST(booked() == "4 0 0");
    BOOST_TEST(findings().empty());
}

BOOST_AUTO_TEST_CASE(a_document_that_could_not_be_read_is_read_next_time)
{
    add("B1", 10'000, 10'810);
    add("B2", 20'000, 21'620);
    int failures = 1;
    supplier.trouble = [&](const std::string& call) {
        return call == "bill" && failures-- > 0 ? fake::FakeSupplier::Trouble::unheard : fake::FakeSupplier::Trouble::none;
    };
    work();
    BOOST_TEST(booked() == "2 20000 21620");
    later(24h * 30);
    work();
    BOOST_TEST(booked() == "4 30000 32430");
}

BOOST_AUTO_TEST_CASE(a_cost_that_is_not_in_the_books_is_found)
{
    add("B1", 10'000, 10'810);
    work();
    fake::change("UPDATE supplier_bills SET net_minor = net_minor + 1 WHERE supplier = ?", name);
    BOOST_TEST(findings().size() == 1u);
    fake::change("UPDATE supplier_bills SET net_minor = net_minor - 1 WHERE supplier = ?", name);
    BOOST_TEST(findings().empty());
}

BOOST_AUTO_TEST_SUITE_END()
