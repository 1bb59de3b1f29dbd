#include "document/mail_message.h"

#include "document/mail_encoding.h"
#include "domain/hex.h"
#include "fake/read_mail.h"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <random>
#include <sstream>

namespace {

using document::MailMessage;
using domain::is_mail_address;

const auto uuid = domain::Uuid::parse("01a20e23-dca6-43f8-8499-51f7eea8026a").value();
const auto sunday = domain::instant_from("2026-11-29T03:04:05.678901Z").value();

MailMessage message()
{
    return {.id = uuid,
        .date = sunday,
        .from = {"Muster Hosting AG", "billing@muster-hosting.example"},
        .to = {"Nico Brunner", "nico.brunner@example.ch"},
        .language = "de",
        .subject = "Rechnung 2026-000001",
        .text = "Guten Tag\n\nIhre Rechnung.\n",
        .html = "<html lang=\"de\"><head><title>x</title></head><body><p>Guten Tag</p><p>Ihre Rechnung.</p></body></html>\n"};
}

std::map<std::string, std::string> read(const MailMessage& mail) { return fake::read_mail(document::mail_bytes(mail)); }

std::string random_bytes(std::size_t size)
{
    std::mt19937 random{4711};
    std::string bytes;
    for (std::size_t i = 0; i < size; ++i) bytes += static_cast<char>(random() & 255);
    return bytes;
}

std::string hex_of(const std::string& bytes) { return domain::to_hex({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}); }

/// What no line of a mail may hold: more than 76 characters, a lone CR or LF, anything beyond ASCII.
void check_lines(const std::map<std::string, std::string>& found, int longest = 76)
{
    BOOST_TEST(std::stoi(found.at("longest line")) <= longest);
    BOOST_TEST(found.at("bare line ends") == "0");
    BOOST_TEST(found.at("beyond ASCII") == "0");
    BOOST_TEST(found.at("defects") == "");
}

} // namespace

BOOST_AUTO_TEST_SUITE(mail_message)

BOOST_AUTO_TEST_CASE(a_mail_is_read_as_it_was_meant)
{
    const auto found = read(message());
    BOOST_TEST(found.at("Subject") == "Rechnung 2026-000001");
    BOOST_TEST(found.at("From") == "Muster Hosting AG <billing@muster-hosting.example>");
    BOOST_TEST(found.at("To") == "Nico Brunner <nico.brunner@example.ch>");
    BOOST_TEST(found.at("Reply-To") == "");
    BOOST_TEST(found.at("Message-ID") == "<01a20e23-dca6-43f8-8499-51f7eea8026a@muster-hosting.example>");
    BOOST_TEST(found.at("Date") == "Sun, 29 Nov 2026 03:04:05 +0000");
    BOOST_TEST(found.at("Auto-Submitted") == "auto-generated");
    BOOST_TEST(found.at("Content-Language") == "de");
    BOOST_TEST(found.at("structure") == "multipart/alternative text/plain text/html");
    BOOST_TEST(found.at("text") == "Guten Tag\n\nIhre Rechnung.\n");
    BOOST_TEST(found.at("same content") == "yes");
    check_lines(found);
}

BOOST_AUTO_TEST_CASE(a_file_arrives_byte_for_byte)
{
    for (const std::size_t size : {0u, 1u, 2u, 3u, 56u, 57u, 58u, 20'000u}) {
        auto mail = message();
        const auto bytes = random_bytes(size);
        mail.attachments.push_back({.file_name = "Rechnung-2026-000001.pdf", .bytes = bytes});
        const auto found = read(mail);
        BOOST_TEST(found.at("structure") == "multipart/mixed multipart/alternative text/plain text/html application/pdf");
        BOOST_TEST(found.at("attachment 0") == "application/pdf Rechnung-2026-000001.pdf");
        BOOST_TEST((found.at("attachment 0 bytes") == hex_of(bytes)));
        check_lines(found);
    }
}

BOOST_AUTO_TEST_CASE(the_same_mail_has_the_same_bytes)
{
    auto mail = message();
    mail.attachments.push_back({.file_name = "a.pdf", .bytes = random_bytes(1000)});
    BOOST_TEST(document::mail_bytes(mail) == document::mail_bytes(mail));
}

BOOST_AUTO_TEST_CASE(texts_of_all_kinds_come_through)
{
    std::string text = "Grüsse = 100 %\n";
    text += std::string(200, 'x') + '\n';
    text += "a blank at the end \na tab at the end\t\n.\n..\nFrom here\n";
    for (int i = 0; i < 60; ++i) text += "äöü€😀 ";
    text += "\nno line end";
    auto mail = message();
    mail.text = text;
    const auto found = read(mail);
    BOOST_TEST(found.at("text") == text);
    check_lines(found);
}

BOOST_AUTO_TEST_CASE(quoted_printable_never_tears_an_escape)
{
    for (std::size_t before = 70; before < 80; ++before) {
        const auto encoded = document::quoted_printable(std::string(before, 'a') + "é=\nx");
        std::istringstream lines{encoded};
        for (std::string line; std::getline(lines, line);) {
            if (!line.empty() && line.back() == '\r') line.pop_back();
            BOOST_TEST(line.size() <= 76u);
            const auto escape = line.find_last_of('=');
            BOOST_TEST((escape == std::string::npos || escape == line.size() - 1 || escape + 3 <= line.size()), line);
        }
    }
}

BOOST_AUTO_TEST_CASE(names_of_all_kinds_come_through)
{
    for (const std::string name : {"Anna Zürcher", "O'Neill, Pat \"Pit\" (Ltd.)", "back\\slash", "=?UTF-8?Q?fake?=", "名前 太郎",
             "Jean-François Élie de la Très-Longue-Famille-Dont-Le-Nom-Ne-Finit-Jamais-Du-Tout, Société Anonyme à Responsabilité"}) {
        auto mail = message();
        mail.to.name = name;
        mail.from.name = name;
        mail.reply_to = domain::Mailbox{name, "reply@example.ch"};
        const auto found = read(mail);
        BOOST_TEST(found.at("To") == name + " <nico.brunner@example.ch>");
        BOOST_TEST(found.at("From") == name + " <billing@muster-hosting.example>");
        BOOST_TEST(found.at("Reply-To") == name + " <reply@example.ch>");
        check_lines(found);
    }
}

BOOST_AUTO_TEST_CASE(subjects_of_all_kinds_come_through)
{
    for (const std::string subject : {"Rückerstattung von CHF 12.00",
             "one two three four five six seven eight nine ten eleven twelve thirteen fourteen", "=?UTF-8?B?ZmFrZQ==?=", "a",
             "Votre carte Visa •••• 4242 arrive à échéance et ce sujet est si long qu'il ne tient pas sur une ligne",
             "averyveryverylongwordwithoutanyblankthatdoesnotfitonasinglelineofaheaderwhateveronedoes"}) {
        auto mail = message();
        mail.subject = subject;
        const auto found = read(mail);
        BOOST_TEST(found.at("Subject") == subject);
        check_lines(found);
    }
}

// A name comes from the directory, and from whoever may write there.
BOOST_AUTO_TEST_CASE(nobody_smuggles_in_a_header)
{
    const std::string attack = "Nico\r\nBcc: everybody@example.com\r\n\r\n<script>\n Subject: x\rX-Y: z";
    auto mail = message();
    mail.to.name = attack;
    mail.from.name = attack;
    mail.subject = attack;
    mail.language = "de\r\nBcc: a@b.example";
    mail.attachments.push_back({.file_name = attack + "\".pdf", .bytes = "x"});
    const auto honest = read([&] {
        auto plain = message();
        plain.attachments.push_back({.file_name = "a.pdf", .bytes = "x"});
        return plain;
    }());
    const auto found = read(mail);
    BOOST_TEST(found.at("headers") == honest.at("headers"));
    BOOST_TEST(found.at("structure") == honest.at("structure"));
    BOOST_TEST(found.at("Bcc") == "");
    BOOST_TEST(found.at("Subject") == "Nico  Bcc: everybody@example.com    <script>  Subject: x X-Y: z");
    BOOST_TEST(found.at("attachment 0") == "application/pdf Nico  Bcc: everybody@example.com    <script>  Subject: x X-Y: z\".pdf");
    check_lines(found);

    mail.to.address = "nico@example.ch>\r\nBcc: <all@example.com";
    BOOST_CHECK_THROW(document::mail_bytes(mail), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(file_names_of_all_kinds_come_through)
{
    for (const std::string name : {"Note-de-crédit-CN-2026-000001.pdf", "a b.pdf", "quo\"te.pdf", "semi;colon.pdf",
             "ein-sehr-langer-Dateiname-mit-Umlauten-äöü-und-noch-mehr-äöü-und-kein-Ende-in-Sicht-äöüäöüäöüäöü.pdf"}) {
        auto mail = message();
        mail.attachments.push_back({.file_name = name, .bytes = "x"});
        const auto found = read(mail);
        BOOST_TEST(found.at("attachment 0") == "application/pdf " + name);
        check_lines(found);
    }
}

BOOST_AUTO_TEST_CASE(text_that_is_not_utf8_does_no_harm)
{
    auto mail = message();
    mail.subject = "a\xff\xfe\x80z";
    BOOST_TEST(read(mail).at("Subject") == "a???z");
}

BOOST_AUTO_TEST_CASE(addresses_that_mail_can_be_sent_to)
{
    for (const auto* address : {"a@b.ch", "nico.brunner+x@mail.example.ch", "o'neill@example.com", "a@localhost"})
        BOOST_TEST(is_mail_address(address), address);
    for (const std::string address : {"", "a", "@b.ch", "a@", "a b@c.ch", "a@b c.ch", "a@b.ch\r\nBcc: x@y.z", "<a@b.ch>", "a@b@c.ch",
             "ä@b.ch", "a@bücher.ch", ".a@b.ch", "a..b@c.ch", "a@b..ch", "\"a b\"@c.ch", "a,b@c.ch"})
        BOOST_TEST(!is_mail_address(address), address);
    BOOST_TEST(!is_mail_address(std::string(65, 'a') + "@b.ch"));
    BOOST_TEST(!is_mail_address("a@" + std::string(260, 'b')));
    BOOST_TEST(domain::host_of("a@b.ch") == "b.ch");
}

BOOST_AUTO_TEST_SUITE_END()
