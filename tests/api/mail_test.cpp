#include "domain/hex.h"
#include "fake/read_mail.h"
#include "site.h"

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <sstream>

using namespace site;

namespace {

std::string address_of(const Member& member) { return member.name + "@example.ch"; }

/// The files of the mails that went to the member, one a line.
std::string files_to(const Member& member)
{
    return shell("grep -lF '<" + address_of(member) + ">' " + environment("TEST_VAR") + "/mail/*.eml 2>/dev/null || true");
}

std::vector<std::map<std::string, std::string>> mails_to(const Member& member)
{
    std::vector<std::map<std::string, std::string>> mails;
    std::istringstream files{files_to(member)};
    for (std::string file; std::getline(files, file);) {
        std::ostringstream bytes;
        bytes << std::ifstream{file, std::ios::binary}.rdbuf();
        mails.push_back(fake::read_mail(bytes.str()));
    }
    return mails;
}

/// Waits, a minute at most, until that many have arrived.
void wait_for_mails(const Member& member, std::size_t wanted)
{
    eventually([&] { return Answer{.status = mails_to(member).size() >= wanted ? 200 : 0}; },
        [](const Answer& answer) { return answer.status == 200; });
}

std::string hex_of(const std::string& bytes) { return domain::to_hex({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}); }

} // namespace

BOOST_AUTO_TEST_SUITE(mail)

BOOST_AUTO_TEST_CASE(an_order_brings_a_mail_with_the_invoice_that_the_member_can_download)
{
    const auto member = joined_member();
    wait_for_mails(member, 1);
    const auto mails = mails_to(member);
    BOOST_REQUIRE(mails.size() == 1);
    const auto& mail = mails.front();
    const auto number = member.get("/invoices").at("items.0.number");
    BOOST_TEST(mail.at("To") == "Test Member <" + address_of(member) + '>');
    BOOST_TEST(mail.at("Subject") == "Invoice " + number + " from Muster Hosting AG");
    BOOST_TEST(mail.at("attachment 0") == "application/pdf Invoice-" + number + ".pdf");
    BOOST_TEST((mail.at("attachment 0 bytes") == hex_of(member.get("/invoices/" + number + ".pdf").body)));
    BOOST_TEST(mail.at("html text").find("The invoice is settled") != std::string::npos, mail.at("html text"));
    BOOST_TEST(mail.at("same content") == "yes");
    BOOST_TEST(mail.at("defects") == "");
}

BOOST_AUTO_TEST_CASE(who_pays_on_bill_gets_the_payment_part)
{
    const auto member = member_on_bill();
    wait_for_mails(member, 1);
    const auto mails = mails_to(member);
    BOOST_REQUIRE(mails.size() == 1);
    const auto number = member.get("/invoices").at("items.0.number");
    BOOST_TEST(mails.front().at("html text").find("Please pay CHF 5.00 by ") != std::string::npos, mails.front().at("html text"));
    BOOST_TEST((mails.front().at("attachment 0 bytes") == hex_of(member.get("/invoices/" + number + ".pdf").body)));
}

BOOST_AUTO_TEST_CASE(operators_see_the_mails_and_nobody_else)
{
    const auto member = joined_member();
    wait_for_mails(member, 1);
    const auto sent = eventually([&] { return the_operator.get("/admin/mail?state=sent&limit=100"); },
        [&](const Answer& answer) { return answer.body.find(address_of(member)) != std::string::npos; });
    BOOST_TEST(sent.body.find(address_of(member)) != std::string::npos);
    BOOST_TEST(sent.at("items.0.state") == "sent");
    BOOST_TEST(the_operator.get("/admin/mail?limit=1").at("next") != "");
    BOOST_TEST(the_operator.get("/admin/mail?state=lost").at("code") == "bad_request");
    BOOST_TEST(member.get("/admin/mail").status == 403);

    const auto path = "/admin/mail/" + sent.at("items.0.uuid") + "/retry";
    BOOST_TEST(the_operator.send("POST", path, "{}").at("code") == "mail_state");
    BOOST_TEST(member.send("POST", path, "{}").status == 403);
    BOOST_TEST(the_operator.send("POST", "/admin/mail/" + fresh_uuid() + "/retry", "{}").status == 404);
    BOOST_TEST(the_operator.send("POST", "/admin/mail/7/retry", "{}").status == 404);
}

BOOST_AUTO_TEST_SUITE_END()
