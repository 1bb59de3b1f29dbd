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

} // namespace app
