#include "fake/read_mail.h"
#include "site.h"

#include <boost/test/unit_test.hpp>

#include <csignal>
#include <fstream>
#include <set>
#include <sstream>
#include <thread>

using namespace site;

namespace {

/// The subjects of the mails that went to the member, each file's once.
std::multiset<std::string> subjects_to(const Member& member)
{
    std::multiset<std::string> subjects;
    std::istringstream files{
        shell("grep -lF '<" + member.name + "@example.ch>' " + environment("TEST_VAR") + "/mail/*.eml 2>/dev/null || true")};
    for (std::string file; std::getline(files, file);) {
        std::ostringstream bytes;
        bytes << std::ifstream{file, std::ios::binary}.rdbuf();
        subjects.insert(fake::read_mail(bytes.str()).at("Subject"));
    }
    return subjects;
}

/// What the member should have got: a mail for each document.
std::multiset<std::string> expected_for(const Member& member)
{
    std::multiset<std::string> subjects;
    const auto list = member.get("/invoices?limit=100");
    for (int i = 0;; ++i) {
        const auto number = list.at("items." + std::to_string(i) + ".number");
        if (number.empty()) return subjects;
        subjects.insert("Invoice " + number + " from Muster Hosting AG");
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(zz_mail_recovery)

BOOST_AUTO_TEST_CASE(a_worker_killed_again_and_again_loses_no_mail_and_doubles_none)
{
    const auto member = member_on_bill();
    for (int i = 0; i < 6; ++i) {
        BOOST_TEST(member.send("PUT", "/orders/" + fresh_uuid(), small_vm).status == 201);
        const auto running = services();
        if (const auto worker = running.find("worker"); worker != running.end()) ::kill(worker->second, SIGKILL);
        std::this_thread::sleep_for(std::chrono::milliseconds{300});
    }
    const auto is_complete = [&] {
        const auto machines = member.get("/vm?limit=100");
        for (int i = 0; i < 6; ++i)
            if (machines.at("items." + std::to_string(i) + ".status") != "active") return false;
        return subjects_to(member) == expected_for(member);
    };
    for (int round = 0; round < 3 && !is_complete(); ++round)
        eventually([&] { return Answer{.status = is_complete() ? 200 : 0}; }, [](const Answer& answer) { return answer.status == 200; });
    const auto expected = expected_for(member);
    BOOST_TEST(!expected.empty());
    BOOST_TEST(subjects_to(member) == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
