#pragma once
#include <chrono>
#include <memory>
#include <string>

namespace gateway {

/// A mail as it goes over the wire. The addresses are those of its envelope.
struct Mail {
    std::string id{}; ///< of its Message-ID, without the angle brackets
    std::string from{}, to{};
    std::string bytes{}; ///< RFC 5322, lines ending with CRLF
};

/// What became of a mail. `unknown` is not a failure: the server has all of it and may have taken it.
enum class MailOutcome { sent, refused_for_ever, try_again, unknown };

struct MailResult {
    MailOutcome outcome{};
    std::string reason{};      ///< "550 5.1.1 no such user", or what went wrong on our side of the wire; empty when sent
    bool ends_the_pass{false}; ///< others would fare no better now: the server is away, busy, or does not know us
};

/// Sends mail. One thread at a time.
class MailGateway {
public:
    virtual ~MailGateway() = default;

    /// Never throws for what the server or the network does, and ends within its deadline.
    virtual MailResult send(const Mail& mail) = 0;
};

/// How the connection to the mail server is protected: TLS after STARTTLS, which must succeed, TLS from the beginning, or not at all.
enum class MailSecurity { starttls, tls, none };

struct SmtpSettings {
    std::string host{};
    int port{587};
    MailSecurity security{MailSecurity::starttls};
    std::string user{}, password{};
    std::string ca_file{};                ///< certificates to be believed; empty: the system's
    std::string client_name{"localhost"}; ///< what we say that we are (EHLO)
    std::chrono::milliseconds connect_timeout{10'000};
    std::chrono::milliseconds timeout{60'000}; ///< for one mail, whatever the server does
};

/// A server that takes our mail (RFC 6409). The connection is kept for the mails that follow shortly after.
std::unique_ptr<MailGateway> make_smtp_mail(const SmtpSettings& settings);

/// A folder in which each mail becomes a file ID.eml, whole or not at all; a mail that is sent again replaces itself.
/// @throws std::runtime_error if there is no such folder
std::unique_ptr<MailGateway> make_folder_mail(const std::string& folder);

} // namespace gateway
