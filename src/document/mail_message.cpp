#include "document/mail_message.h"

#include "document/mail_encoding.h"

#include <array>
#include <fmt/format.h>

namespace document {
namespace {

constexpr std::array days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

/// "Tue, 24 Nov 2026 15:02:51 +0000" (RFC 5322 §3.3).
std::string mail_date(domain::Instant instant)
{
    const auto midnight = std::chrono::floor<std::chrono::days>(instant);
    const domain::Date date{midnight};
    const std::chrono::hh_mm_ss time{std::chrono::floor<std::chrono::seconds>(instant - midnight)};
    return fmt::format("{}, {} {} {} {:02}:{:02}:{:02} +0000", days.at(std::chrono::weekday{midnight}.c_encoding()),
        static_cast<unsigned>(date.day()), months.at(static_cast<unsigned>(date.month()) - 1), static_cast<int>(date.year()),
        time.hours().count(), time.minutes().count(), time.seconds().count());
}

/// Neither of our transfer encodings can give "=_", so no part holds a boundary.
std::string boundary(const MailMessage& message, const char* level) { return fmt::format("=_{}_{}", level, message.id.text()); }

std::string multipart(const char* kind, const std::string& boundary)
{
    return fmt::format("Content-Type: multipart/{};\r\n boundary=\"{}\"\r\n\r\n", kind, boundary);
}

std::string text_part(const char* subtype, const std::string& text)
{
    return fmt::format(
        "Content-Type: text/{}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n{}", subtype, quoted_printable(text));
}

std::string both_texts(const MailMessage& message)
{
    const auto line = boundary(message, "alternative");
    return fmt::format("{}--{}\r\n{}\r\n--{}\r\n{}\r\n--{}--\r\n", multipart("alternative", line), line, text_part("plain", message.text),
        line, text_part("html", message.html), line);
}

std::string attached(const MailAttachment& attachment)
{
    return fmt::format("Content-Type: {}{}\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment{}\r\n\r\n{}",
        attachment.type, parameter("name", attachment.file_name), parameter("filename", attachment.file_name),
        base64_lines(attachment.bytes));
}

std::string header_of(const MailMessage& message)
{
    auto header = "Date: " + mail_date(message.date) + "\r\n";
    header += mailbox_header("From", message.from);
    if (message.reply_to) header += mailbox_header("Reply-To", *message.reply_to);
    header += mailbox_header("To", message.to);
    header += text_header("Subject", message.subject);
    header += "Message-ID: <" + message_id(message.id, message.from) + ">\r\n";
    header += "Auto-Submitted: auto-generated\r\n"; // RFC 3834: nobody's holiday notice answers it
    header += text_header("Content-Language", message.language);
    return header + "MIME-Version: 1.0\r\n";
}

} // namespace

std::string message_id(const domain::Uuid& mail, const domain::Mailbox& from)
{
    return fmt::format("{}@{}", mail.text(), domain::host_of(from.address));
}

std::string mail_bytes(const MailMessage& message)
{
    auto bytes = header_of(message);
    if (message.attachments.empty()) return bytes + both_texts(message);
    const auto line = boundary(message, "mixed");
    bytes += multipart("mixed", line) + "--" + line + "\r\n" + both_texts(message);
    for (const auto& attachment : message.attachments) bytes += "\r\n--" + line + "\r\n" + attached(attachment);
    return bytes + "--" + line + "--\r\n";
}

} // namespace document
