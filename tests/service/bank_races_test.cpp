#include "fake/bank_counter.h"

#include <boost/test/unit_test.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>

using fake::BankEntry;

namespace {

/// The operator's tool in a process of its own, which reads UNCLOUD_CONFIG as we do.
pid_t start_import(const std::string& path)
{
    const char* build = std::getenv("BUILD");
    const auto program = std::string{build ? build : "build"} + "/bin/uncloud";
    const auto child = ::fork();
    if (child != 0) return child;
    const int nowhere = ::open("/dev/null", O_RDWR); // only what is safe after fork() until exec()
    for (const int descriptor : {0, 1, 2}) ::dup2(nowhere, descriptor);
    ::execl(program.c_str(), "uncloud", "bank", "import", path.c_str(), nullptr);
    ::_exit(127);
}

/// Its exit status; nullopt if it was killed.
std::optional<int> ended(pid_t child)
{
    int status = 0;
    if (::waitpid(child, &status, 0) != child) throw std::runtime_error{"waitpid"};
    return WIFEXITED(status) ? std::optional{WEXITSTATUS(status)} : std::nullopt;
}

struct Races : fake::BankCounter {
    ~Races() { BOOST_TEST(bank_findings().empty()); }

    /// So many payments of one rappen each on the invoice, in batches of ten.
    std::vector<BankEntry> pennies(std::int64_t invoice, int from, int to) const
    {
        std::vector<BankEntry> entries;
        for (int batch = from; batch < to; batch += 10) {
            BankEntry entry{.key = "B" + std::to_string(batch) + nico.uid.substr(1, 12), .amount = "0.10"};
            for (int i = batch; i < batch + 10; ++i)
                entry.details.push_back(
                    {.key = "T" + std::to_string(i) + nico.uid.substr(1, 12), .amount = "0.01", .reference = reference_of(invoice)});
            entries.push_back(std::move(entry));
        }
        return entries;
    }
    std::int64_t bookings_in(const std::string& account) const
    {
        return fake::count(
            "SELECT COUNT(*) FROM bank_bookings WHERE account = ? AND booking_key LIKE ?", account, "D:T%" + nico.uid.substr(1, 12));
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(bank_races, Races)

BOOST_AUTO_TEST_CASE(overlapping_files_at_once_book_each_payment_once)
{
    const auto invoice = invoice_over(50'000);
    std::vector<std::string> documents;
    for (int i = 0; i < 4; ++i) documents.push_back(notification(pennies(invoice, i * 100, i * 100 + 300)));
    std::atomic<std::int64_t> booked{0};
    fake::at_once(4, [&](int who) { booked += take(documents[static_cast<std::size_t>(who)]).file.new_bookings; });
    BOOST_TEST(booked == 600);
    BOOST_TEST(bookings_in(iban) == 600);
    BOOST_TEST(standing(invoice) == "49400/0/600");
    BOOST_TEST(balance() == 600);
}

BOOST_AUTO_TEST_CASE(the_statement_and_its_details_at_once_book_the_money_once)
{
    for (int round = 0; round < 5; ++round) {
        const auto key = std::to_string(round) + nico.uid.substr(1, 12);
        const auto invoice = invoice_over(3000, "2026-03-0" + std::to_string(2 + round));
        const BankEntry bare{.key = "S" + key, .amount = "30.00"};
        auto detailed = bare;
        detailed.details = {{.key = "D" + key, .amount = "30.00", .reference = reference_of(invoice)}};
        fake::at_once(2, [&](int who) { take(std::vector{who == 0 ? bare : detailed}); });
        BOOST_TEST(standing(invoice) == "0/0/3000");
        BOOST_TEST(suspense() == 0);
        BOOST_TEST(balance() == 3000 * (round + 1));
    }
}

BOOST_AUTO_TEST_CASE(T10_a_card_and_the_bank_at_once_pay_an_invoice_and_the_rest_is_credit)
{
    for (int round = 0; round < 5; ++round) {
        const auto invoice = invoice_over(3000, "2026-03-0" + std::to_string(2 + round));
        fake::at_once(2, [&](int who) {
            if (who == 0) work_today();
            else take({entry("C" + std::to_string(round) + nico.uid.substr(1, 12), "30.00", reference_of(invoice))});
        });
        BOOST_TEST(fake::count("SELECT open_minor FROM receivables WHERE invoice_id = ?", invoice) == 0);
        BOOST_TEST(fake::count("SELECT CAST(SUM(amount_minor) AS INT) FROM payments WHERE member_id = ?", fake::number(nico.member))
            == fake::count("SELECT CAST(SUM(paid_minor) AS INT) FROM receivables WHERE member_id = ?", fake::number(nico.member)) + credit()
                + fake::count("SELECT CAST(SUM(applied_minor) AS INT) FROM receivables WHERE member_id = ?", fake::number(nico.member)));
    }
}

// T10: the member is at its bank with a card payment while the bank's file says that the bill is paid.
BOOST_AUTO_TEST_CASE(T10_money_comes_while_a_card_payment_waits_for_the_member)
{
    declining({.code = "authentication_required"});
    const auto invoice = invoice_over(3000);
    work_today();
    BOOST_TEST(charges_of(invoice) == "2026-03-02 waiting");
    member_payments.pay(nico.member, number_of(invoice), {}, "https://here.example/");
    take({entry("TX1", "30.00", reference_of(invoice))});
    BOOST_TEST(standing(invoice) == "0/0/3000");
    BOOST_TEST(outcomes() == "PAID done 0");
    const auto intent = gateway.intents_of(number_of(invoice)).front().id;
    gateway.play_cardholder(intent, true);
    BOOST_TEST(charging.look_at(intent));
    BOOST_TEST(credit() == 3000);
}

BOOST_AUTO_TEST_CASE(an_import_that_is_killed_anywhere_leaves_nothing_and_can_be_done_again)
{
    const auto account = fake::app().config.bank.accounts.at(0).iban;
    const auto invoice = invoice_over(1'000'000);
    const auto path = std::filesystem::temp_directory_path() / ("camt-" + nico.uid + ".xml");
    std::ofstream{path} << fake::BankFile{.entries = pennies(invoice, 0, 6000), .iban = account}.notification();
    std::mt19937 random{std::random_device{}()};
    int kills = 0;
    for (int longest_ms = 400; kills < 12; ++longest_ms) {
        const auto child = start_import(path);
        std::this_thread::sleep_for(std::chrono::milliseconds{std::uniform_int_distribution{1, longest_ms}(random)});
        ::kill(child, SIGKILL);
        if (ended(child)) break; // it was quicker
        ++kills;
        const auto left = bookings_in(account);
        BOOST_TEST((left == 0 || left == 6000), left << " bookings are left");
        if (left > 0) break;
        BOOST_TEST(standing(invoice) == "1000000/0/0");
    }
    BOOST_TEST(kills > 0);
    BOOST_TEST(ended(start_import(path)).value_or(-1) == 0);
    BOOST_TEST(bookings_in(account) == 6000);
    BOOST_TEST(standing(invoice) == "994000/0/6000");
    std::filesystem::remove(path);
}

BOOST_AUTO_TEST_SUITE_END()
