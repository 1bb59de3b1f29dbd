#pragma once
#include <ostream>
#include <string>
#include <vector>

namespace app {

/// The newest 100 mails to members; `state` empty: all.
void list_mails(std::ostream& out, const std::string& state);

/// One mail, as JSON. @throws domain::Refusal not_found
void show_mail(std::ostream& out, const std::string& uuid);

/// Gives mails that did not go out a new start, all or none. @throws domain::Refusal not_found, mail_state
void retry_mails(std::ostream& out, const std::vector<std::string>& uuids);

/// Sets aside the mails that were queued before the day and did not go out.
void drop_mails(std::ostream& out, const std::string& before);

/// Sends a mail to the address with the configured driver, at once. @throws std::invalid_argument if there is none,
/// domain::Unavailable saying why it does not go out now, std::runtime_error if it is refused
void send_test_mail(std::ostream& out, const std::string& address);

} // namespace app
