#pragma once
#include "domain/calendar.h"
#include "domain/mailbox.h"
#include "domain/uuid.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace document {

struct MailAttachment {
    std::string file_name{};
    std::string type{"application/pdf"};
    std::string bytes{};
};

/// A mail before it is put into bytes. Texts are UTF-8 with LF.
struct MailMessage {
    domain::Uuid id{}; ///< names it for ever: a mail that is sent again is known by it
    domain::Instant date{};
    domain::Mailbox from{}, to{};
    std::optional<domain::Mailbox> reply_to{};
    std::string language{"en"};
    std::string subject{};
    std::string text{}, html{}; ///< the same content twice
    std::vector<MailAttachment> attachments{};
};

/// "uuid@host": what stands between the angle brackets of Message-ID.
std::string message_id(const domain::Uuid& mail, const domain::Mailbox& from);

/// The whole mail (RFC 5322, MIME), lines of at most 76 characters ending with CRLF; only addresses may be longer. The same message
/// always gives the same bytes. @throws std::invalid_argument if an address is none
std::string mail_bytes(const MailMessage& message);

} // namespace document
