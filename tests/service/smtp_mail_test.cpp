#include "gateway/mail.h"

#include "fake/smtp_server.h"

#include <boost/test/unit_test.hpp>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace {

using fake::SmtpReaction;
using fake::SmtpServer;
using gateway::MailOutcome;
using Then = SmtpReaction::Then;
using namespace std::chrono_literals;

gateway::SmtpSettings settings(const SmtpServer& server)
{
    return {.host = "127.0.0.1",
        .port = server.port(),
        .security = gateway::MailSecurity::none,
        .client_name = "billing.example",
        .connect_timeout = 10s,
        .timeout = 20s};
}

gateway::Mail mail(const std::string& id = "one")
{
    return {.id = id + "@muster.example",
        .from = "billing@muster.example",
        .to = "nico@members.example",
        .bytes = "Message-ID: <" + id + "@muster.example>\r\n\r\n.a line with a dot\r\n..\r\n.\r\nthe end\r\n"};
}

/// Answers one command in its own way, the others as usual.
SmtpServer::React on(const std::string& command, const SmtpReaction& reaction)
{
    return [=](const std::string& asked, const std::string&) { return asked == command ? reaction : SmtpReaction{}; };
}

gateway::MailResult sent_to(const SmtpServer& server) { return gateway::make_smtp_mail(settings(server))->send(mail()); }

/// A server with TLS in a process of its own, with the stack's certificate.
class TlsServer {
public:
    explicit TlsServer(gateway::MailSecurity security) : security_{security}
    {
        const std::string folder = std::string{std::getenv("TEST_VAR")} + "/tls/";
        const auto script = std::filesystem::absolute(std::filesystem::path{__FILE__}.parent_path() / "../fake/smtp_tls.py").string();
        const auto command = "python3 '" + script + "' '" + folder + "cert.pem' '" + folder + "key.pem' "
            + (security == gateway::MailSecurity::tls ? "tls" : "starttls");
        output_.reset(::popen(command.c_str(), "r"));
        if (!output_ || std::fscanf(output_.get(), "%d", &port_) != 1) throw std::runtime_error{"cannot run " + command};
    }

    gateway::SmtpSettings settings(bool trusts) const
    {
        return {.host = "127.0.0.1",
            .port = port_,
            .security = security_,
            .user = "billing",
            .password = "very-secret",
            .ca_file = trusts ? std::string{std::getenv("TEST_VAR")} + "/tls/cert.pem" : "",
            .timeout = 10s};
    }

    /// What it printed until its client was gone.
    std::string seen()
    {
        std::string text;
        for (int c = 0; (c = std::fgetc(output_.get())) != EOF;) text += static_cast<char>(c);
        return text;
    }

private:
    struct Close {
        void operator()(FILE* pipe) const { ::pclose(pipe); }
    };
    gateway::MailSecurity security_;
    std::unique_ptr<FILE, Close> output_{};
    int port_{0};
};

} // namespace

BOOST_AUTO_TEST_SUITE(smtp_mail)

BOOST_AUTO_TEST_CASE(a_mail_arrives_byte_for_byte)
{
    const SmtpServer server;
    const auto result = sent_to(server);
    BOOST_TEST((result.outcome == MailOutcome::sent));
    BOOST_TEST(result.reason == "");
    const auto mails = server.mails();
    BOOST_REQUIRE(mails.size() == 1);
    BOOST_TEST(mails.front().from == "billing@muster.example");
    BOOST_TEST(mails.front().to == "nico@members.example");
    BOOST_TEST(mails.front().bytes == mail().bytes);
    BOOST_TEST(server.lines().front() == "EHLO billing.example");
}

BOOST_AUTO_TEST_CASE(a_connection_serves_many_mails)
{
    const SmtpServer server;
    const auto gateway = gateway::make_smtp_mail(settings(server));
    for (const auto* id : {"one", "two", "three"}) BOOST_TEST((gateway->send(mail(id)).outcome == MailOutcome::sent));
    const auto mails = server.mails();
    BOOST_REQUIRE(mails.size() == 3);
    for (const auto& each : mails) BOOST_TEST(each.connection == 1);
    BOOST_TEST(mails.back().bytes == mail("three").bytes);
}

BOOST_AUTO_TEST_CASE(a_server_that_hung_up_in_between_gets_a_new_connection)
{
    std::atomic<int> taken{0};
    const SmtpServer server{[&](const std::string& command, const std::string&) {
        return command == "." && ++taken == 1 ? SmtpReaction{"250 taken, and good bye", Then::close} : SmtpReaction{};
    }};
    const auto gateway = gateway::make_smtp_mail(settings(server));
    BOOST_TEST((gateway->send(mail("one")).outcome == MailOutcome::sent));
    std::this_thread::sleep_for(100ms);
    BOOST_TEST((gateway->send(mail("two")).outcome == MailOutcome::sent));
    BOOST_TEST(server.mails().size() == 2u);
    BOOST_TEST(server.mails().back().connection == 2);
}

BOOST_AUTO_TEST_CASE(a_receiver_that_is_refused_is_refused_for_ever_and_concerns_nobody_else)
{
    for (const auto* command : {"RCPT", "."}) {
        const SmtpServer server{on(command, {"550 5.1.1 no such user"})};
        const auto result = sent_to(server);
        BOOST_TEST((result.outcome == MailOutcome::refused_for_ever), command);
        BOOST_TEST(result.reason == "550 5.1.1 no such user");
        BOOST_TEST(!result.ends_the_pass);
    }
}

BOOST_AUTO_TEST_CASE(a_temporary_refusal_is_tried_again)
{
    for (const auto* command : {"RCPT", "."}) {
        const SmtpServer server{on(command, {"451 4.7.1 greylisted"})};
        const auto result = sent_to(server);
        BOOST_TEST((result.outcome == MailOutcome::try_again), command);
        BOOST_TEST(result.reason == "451 4.7.1 greylisted");
        BOOST_TEST(!result.ends_the_pass);
    }
}

// A wrong sender or a wrong password must never brand a member's address.
BOOST_AUTO_TEST_CASE(what_the_server_has_against_us_is_not_held_against_the_receiver)
{
    for (const auto* command : {"greeting", "EHLO", "MAIL", "DATA"}) {
        const SmtpServer server{[=](const std::string& asked, const std::string& line) {
            const bool is_hello = line.starts_with("HELO");
            return asked == command || is_hello ? SmtpReaction{"554 5.7.1 not you"} : SmtpReaction{};
        }};
        const auto result = sent_to(server);
        BOOST_TEST((result.outcome == MailOutcome::try_again), command);
        BOOST_TEST(result.ends_the_pass, command);
        BOOST_TEST(server.mails().empty());
    }
}

BOOST_AUTO_TEST_CASE(a_server_that_closes_down_is_tried_again)
{
    for (const auto* command : {"greeting", "RCPT", "."}) {
        const SmtpServer server{on(command, {"421 4.3.2 shutting down", Then::close})};
        const auto result = sent_to(server);
        BOOST_TEST((result.outcome == MailOutcome::try_again), command);
        BOOST_TEST(result.ends_the_pass, command);
    }
}

BOOST_AUTO_TEST_CASE(a_connection_lost_after_the_last_dot_is_unknown_before_it_is_not)
{
    const SmtpServer lost{on(".", {"", Then::close})};
    BOOST_TEST((sent_to(lost).outcome == MailOutcome::unknown));
    BOOST_TEST(lost.mails().size() == 1u); // it has it, indeed
    for (const auto* command : {"greeting", "EHLO", "MAIL", "RCPT", "DATA"}) {
        const SmtpServer server{on(command, {"", Then::close})};
        BOOST_TEST((sent_to(server).outcome == MailOutcome::try_again), command);
        BOOST_TEST(server.mails().empty());
    }
}

BOOST_AUTO_TEST_CASE(a_server_that_hangs_holds_nobody_up)
{
    for (const auto* command : {"greeting", "EHLO", "RCPT", "DATA", "."}) {
        const SmtpServer server{on(command, {"", Then::hang})};
        const auto began = std::chrono::steady_clock::now();
        auto hasty = settings(server);
        hasty.timeout = 2s;
        const auto result = gateway::make_smtp_mail(hasty)->send(mail());
        const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began);
        BOOST_TEST(took.count() < 30'000, command << " after " << took.count() << " ms");
        BOOST_TEST((result.outcome == (std::string{command} == "." ? MailOutcome::unknown : MailOutcome::try_again)), command);
        BOOST_TEST(result.ends_the_pass, command);
    }
}

BOOST_AUTO_TEST_CASE(nobody_there_is_tried_again)
{
    auto nowhere = settings(SmtpServer{});
    const auto result = gateway::make_smtp_mail(nowhere)->send(mail());
    BOOST_TEST((result.outcome == MailOutcome::try_again));
    BOOST_TEST(result.ends_the_pass);
}

BOOST_AUTO_TEST_CASE(what_must_be_encrypted_is_never_sent_in_the_clear)
{
    for (const auto security : {gateway::MailSecurity::starttls, gateway::MailSecurity::tls}) {
        const SmtpServer server; // speaks no TLS
        auto strict = settings(server);
        strict.security = security;
        strict.user = "billing";
        strict.password = "very-secret";
        const auto result = gateway::make_smtp_mail(strict)->send(mail());
        BOOST_TEST((result.outcome == MailOutcome::try_again));
        BOOST_TEST(result.ends_the_pass);
        for (const auto& line : server.lines()) BOOST_TEST(!line.starts_with("AUTH"));
        BOOST_TEST(server.mails().empty());
    }
}

BOOST_AUTO_TEST_CASE(the_password_and_the_mail_go_to_a_server_that_shows_a_good_certificate)
{
    for (const auto security : {gateway::MailSecurity::starttls, gateway::MailSecurity::tls}) {
        TlsServer server{security};
        BOOST_TEST((gateway::make_smtp_mail(server.settings(true))->send(mail()).outcome == MailOutcome::sent));
        const auto seen = server.seen();
        BOOST_TEST(seen.find("encrypted /billing/very-secret\n") != std::string::npos, seen);
        BOOST_TEST(seen.find("the end\n") != std::string::npos, seen);
    }
}

BOOST_AUTO_TEST_CASE(a_server_whose_certificate_nobody_vouches_for_learns_nothing)
{
    for (const auto security : {gateway::MailSecurity::starttls, gateway::MailSecurity::tls}) {
        TlsServer server{security};
        const auto result = gateway::make_smtp_mail(server.settings(false))->send(mail());
        BOOST_TEST((result.outcome == MailOutcome::try_again));
        BOOST_TEST(result.ends_the_pass);
        BOOST_TEST(server.seen().find("billing") == std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(a_wrong_password_shows_in_no_reason)
{
    for (const auto* methods : {"\r\n250 AUTH PLAIN", "\r\n250 AUTH LOGIN"}) {
        const SmtpServer server{on("AUTH", {"535 5.7.8 wrong"}), methods};
        auto signing_in = settings(server);
        signing_in.user = "billing";
        signing_in.password = "very-secret";
        const auto result = gateway::make_smtp_mail(signing_in)->send(mail());
        BOOST_TEST((result.outcome == MailOutcome::try_again));
        BOOST_TEST(result.reason == "AUTH: 535 5.7.8 wrong");
        BOOST_TEST(result.ends_the_pass);
    }
}

BOOST_AUTO_TEST_CASE(a_folder_takes_a_mail_as_a_file_once)
{
    const auto folder = std::filesystem::temp_directory_path() / ("mail-folder-" + std::to_string(::getpid()));
    std::filesystem::create_directory(folder);
    const auto gateway = gateway::make_folder_mail(folder);
    for (int i = 0; i < 2; ++i) BOOST_TEST((gateway->send(mail()).outcome == MailOutcome::sent));
    std::ostringstream text;
    text << std::ifstream{folder / "one@muster.example.eml", std::ios::binary}.rdbuf();
    BOOST_TEST(text.str() == mail().bytes);
    BOOST_TEST(std::distance(std::filesystem::directory_iterator{folder}, {}) == 1);
    std::filesystem::remove_all(folder);
    BOOST_TEST((gateway->send(mail()).outcome == MailOutcome::try_again));
    BOOST_CHECK_THROW(gateway::make_folder_mail(folder), std::runtime_error);
}

BOOST_AUTO_TEST_SUITE_END()
