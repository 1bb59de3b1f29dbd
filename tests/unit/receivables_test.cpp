#include "domain/receivables.h"

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <random>
#include <string>

namespace {

using domain::Receivables;

/// "1: 500 open, 300 applied, 200 paid" for each document, then the credit.
std::string text_of(const Receivables& account)
{
    std::string text;
    for (const auto& each : account.documents)
        text += std::to_string(each.document) + ": " + std::to_string(each.open) + " open, " + std::to_string(each.applied) + " applied, "
            + std::to_string(each.paid) + " paid; ";
    return text + "credit " + std::to_string(account.credit);
}

/// An account that was invoiced these totals, numbered from 1.
Receivables invoiced(std::initializer_list<std::int64_t> totals)
{
    Receivables account;
    std::int64_t number = 0;
    for (const auto total : totals) account.issue(++number, total);
    return account;
}

std::uint64_t seed()
{
    const char* given = std::getenv("TEST_SEED");
    return given ? std::strtoull(given, nullptr, 10) : std::random_device{}();
}

/// What came in and went out, counted beside the account.
struct Books {
    std::int64_t invoiced{0}, credited{0}, received{0}, refunded{0};
};

void take_a_random_step(std::mt19937_64& random, Receivables& account, Books& books)
{
    const auto amount = std::uniform_int_distribution<std::int64_t>{1, 3000}(random);
    const auto documents = static_cast<std::int64_t>(account.documents.size());
    switch (std::uniform_int_distribution<int>{0, 5}(random)) {
    case 0:
    case 1:
        account.issue(documents + 1, amount);
        books.invoiced += amount;
        break;
    case 2:
        account.issue(documents + 1, -amount);
        books.credited += amount;
        break;
    case 3:
        account.add_credit(amount);
        books.credited += amount;
        break;
    case 4:
        account.pay(
            amount, documents == 0 ? std::nullopt : std::optional{std::uniform_int_distribution<std::int64_t>{1, documents}(random)});
        books.received += amount;
        break;
    default: books.refunded += account.refund(amount) ? amount : 0;
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(receivables)

BOOST_AUTO_TEST_CASE(an_invoice_is_open_until_something_settles_it)
{
    BOOST_TEST(text_of(invoiced({500, 300})) == "1: 500 open, 0 applied, 0 paid; 2: 300 open, 0 applied, 0 paid; credit 0");
    BOOST_TEST(invoiced({500, 300}).open() == 800);
}

BOOST_AUTO_TEST_CASE(a_payment_settles_the_lowest_number_first)
{
    auto account = invoiced({500, 300});
    account.pay(600, std::nullopt);
    BOOST_TEST(text_of(account) == "1: 0 open, 0 applied, 500 paid; 2: 200 open, 0 applied, 100 paid; credit 0");
}

BOOST_AUTO_TEST_CASE(a_payment_settles_the_invoice_it_names_before_others)
{
    auto account = invoiced({500, 300, 200});
    account.pay(600, 2);
    BOOST_TEST(
        text_of(account) == "1: 200 open, 0 applied, 300 paid; 2: 0 open, 0 applied, 300 paid; 3: 200 open, 0 applied, 0 paid; credit 0");
}

BOOST_AUTO_TEST_CASE(what_is_paid_too_much_becomes_credit)
{
    auto account = invoiced({500});
    account.pay(700, 1);
    BOOST_TEST(text_of(account) == "1: 0 open, 0 applied, 500 paid; credit 200");
}

BOOST_AUTO_TEST_CASE(a_payment_without_any_invoice_becomes_credit)
{
    Receivables account;
    account.pay(700, std::nullopt);
    BOOST_TEST(text_of(account) == "credit 700");
}

BOOST_AUTO_TEST_CASE(a_payment_of_an_unknown_document_settles_the_others)
{
    auto account = invoiced({500});
    account.pay(300, 77);
    BOOST_TEST(text_of(account) == "1: 200 open, 0 applied, 300 paid; credit 0");
}

BOOST_AUTO_TEST_CASE(a_new_invoice_takes_from_the_credit_at_once)
{
    Receivables account;
    account.add_credit(400);
    account.issue(1, 300);
    account.issue(2, 300);
    BOOST_TEST(text_of(account) == "1: 0 open, 300 applied, 0 paid; 2: 200 open, 100 applied, 0 paid; credit 0");
}

BOOST_AUTO_TEST_CASE(a_credit_note_settles_what_is_open_and_the_rest_is_credit)
{
    auto account = invoiced({500, 300});
    account.issue(3, -900);
    BOOST_TEST(
        text_of(account) == "1: 0 open, 500 applied, 0 paid; 2: 0 open, 300 applied, 0 paid; 3: 0 open, 0 applied, 0 paid; credit 100");
}

BOOST_AUTO_TEST_CASE(a_document_of_0_changes_nothing)
{
    Receivables account;
    account.add_credit(400);
    account.issue(1, 0);
    BOOST_TEST(text_of(account) == "1: 0 open, 0 applied, 0 paid; credit 400");
}

BOOST_AUTO_TEST_CASE(goodwill_settles_the_lowest_number_first)
{
    auto account = invoiced({500, 300});
    account.add_credit(501);
    BOOST_TEST(text_of(account) == "1: 0 open, 500 applied, 0 paid; 2: 299 open, 1 applied, 0 paid; credit 0");
}

BOOST_AUTO_TEST_CASE(credit_is_paid_out_to_the_last_rappen_and_no_further)
{
    Receivables account;
    account.add_credit(400);
    BOOST_TEST(!account.refund(401));
    BOOST_TEST(account.credit == 400);
    BOOST_TEST(account.refund(400));
    BOOST_TEST(account.credit == 0);
    BOOST_TEST(!account.refund(1));
}

BOOST_AUTO_TEST_CASE(what_is_open_cannot_be_refunded)
{
    auto account = invoiced({500});
    BOOST_TEST(!account.refund(1));
    BOOST_TEST(account.open() == 500);
}

BOOST_AUTO_TEST_CASE(documents_are_found_where_numbers_are_missing)
{
    Receivables account;
    for (const std::int64_t number : {3, 7, 20}) account.issue(number, 100);
    BOOST_TEST_REQUIRE(account.find(7));
    BOOST_TEST(account.find(7)->document == 7);
    for (const std::int64_t number : {0, 4, 21}) BOOST_TEST(!account.find(number));
}

BOOST_AUTO_TEST_CASE(no_rappen_appears_or_is_lost_in_any_history)
{
    const auto seeded = seed();
    std::mt19937_64 random{seeded};
    BOOST_TEST_CONTEXT("TEST_SEED=" << seeded)
    for (int history = 0; history < 200; ++history) {
        Receivables account;
        Books books;
        for (int step = 0; step < 100; ++step) {
            take_a_random_step(random, account, books);
            BOOST_TEST_REQUIRE((account.open() == 0 || account.credit == 0));
            BOOST_TEST_REQUIRE(account.credit >= 0);
            BOOST_TEST_REQUIRE(account.credit - account.open() == books.credited + books.received - books.refunded - books.invoiced);
            std::int64_t invoiced = 0;
            for (const auto& each : account.documents) {
                BOOST_TEST_REQUIRE((each.open >= 0 && each.applied >= 0 && each.paid >= 0));
                invoiced += each.open + each.applied + each.paid;
            }
            BOOST_TEST_REQUIRE(invoiced == books.invoiced);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
