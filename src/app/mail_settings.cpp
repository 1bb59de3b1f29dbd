#include "app/mail_settings.h"

#include "app/config_section.h"

#include <chrono>
#include <stdexcept>

namespace app {
namespace {

std::chrono::milliseconds read_seconds(Section& section, const char* key, std::chrono::milliseconds fallback)
{
    auto seconds = std::chrono::floor<std::chrono::seconds>(fallback);
    section.read(key, seconds);
    return seconds;
}

void read_smtp(Section& section, gateway::SmtpSettings& smtp)
{
    section.read("host", smtp.host);
    section.read("port", smtp.port);
    const auto security = section.choice("security", "starttls", {"starttls", "tls", "none"});
    smtp.security = security == "tls" ? gateway::MailSecurity::tls
        : security == "none"          ? gateway::MailSecurity::none
                                      : gateway::MailSecurity::starttls;
    section.read("user", smtp.user);
    smtp.password = section.secret("password_file");
    section.read("ca_file", smtp.ca_file);
    section.read("client_name", smtp.client_name);
    smtp.connect_timeout = read_seconds(section, "connect_timeout_seconds", smtp.connect_timeout);
    smtp.timeout = read_seconds(section, "timeout_seconds", smtp.timeout);
}

/// All that would only be noticed when a mail is due.
void check_mail(const MailSettings& mail)
{
    if (mail.driver == MailDriver::none) return;
    if (!domain::is_mail_address(mail.from.address))
        throw std::runtime_error{"mail.from_address must be a mail address: " + mail.from.address};
    if (!mail.reply_to.empty() && !domain::is_mail_address(mail.reply_to))
        throw std::runtime_error{"mail.reply_to must be a mail address: " + mail.reply_to};
    const auto& smtp = mail.smtp;
    if (mail.driver == MailDriver::folder && mail.folder.empty()) throw std::runtime_error{"mail.folder must name a folder"};
    if (mail.driver != MailDriver::smtp) return;
    const auto is_host = [](const std::string& name) {
        return !name.empty()
            && name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:[]") == std::string::npos;
    };
    if (!is_host(smtp.host) || !is_host(smtp.client_name))
        throw std::runtime_error{"mail.host and mail.client_name must be names of hosts"};
    if (smtp.port < 1 || smtp.port > 65535) throw std::runtime_error{"mail.port must be 1 to 65535"};
    if (smtp.security == gateway::MailSecurity::none && !smtp.password.empty())
        throw std::runtime_error{"mail.security = \"none\" would show the password to everybody on the way; use starttls or tls"};
    if (smtp.connect_timeout.count() == 0 || smtp.timeout.count() == 0 || smtp.timeout > std::chrono::seconds{60})
        throw std::runtime_error{"mail.timeout_seconds must be 1 to 60, and mail.connect_timeout_seconds at least 1"};
}

} // namespace

void read_mail(Section section, MailSettings& mail)
{
    const auto driver = section.choice("driver", "none", {"none", "folder", "smtp"});
    mail.driver = driver == "smtp" ? MailDriver::smtp : driver == "folder" ? MailDriver::folder : MailDriver::none;
    section.read("folder", mail.folder);
    section.read("from_address", mail.from.address);
    section.read("from_name", mail.from.name);
    section.read("reply_to", mail.reply_to);
    section.read("per_minute", mail.per_minute);
    read_smtp(section, mail.smtp);
    section.finish();
    check_mail(mail);
}

} // namespace app
