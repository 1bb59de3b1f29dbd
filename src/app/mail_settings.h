#pragma once
#include "domain/mailbox.h"
#include "gateway/mail.h"

#include <string>

namespace app {

class Section;

/// `none`: mails stay in the outbox; `folder`: each becomes a file; `smtp`: they go to a mail server.
enum class MailDriver { none, folder, smtp };

struct MailSettings {
    MailDriver driver{MailDriver::none};
    std::string folder{};
    domain::Mailbox from{};
    std::string reply_to{};
    gateway::SmtpSettings smtp{};
    int per_minute{120}; ///< of all workers together; 0: as many as the server takes
};

/// The table [mail]. @throws std::runtime_error naming what cannot be used
void read_mail(Section section, MailSettings& mail);

} // namespace app
