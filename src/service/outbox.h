#pragma once
#include "gateway/clock.h"
#include "store/database.h"
#include "store/outbox_store.h"

#include <optional>
#include <string>
#include <vector>

namespace service {

/// The mails to members, as operators see to them.
class Outbox {
public:
    Outbox(store::Database& database, gateway::Clock& clock) : database_{database}, clock_{clock} {}

    /// Newest first; `state` nullopt: all.
    std::vector<store::MailRecord> page(std::optional<domain::MailState> state, std::optional<std::int64_t> before, int limit);

    /// @throws domain::Refusal not_found
    store::MailRecord read(const domain::Uuid& mail);

    /// Gives a mail that did not go out a new start. @throws domain::Refusal not_found, or mail_state if it went out, is on its way or is
    /// not true any more
    void retry(store::Session& session, const domain::Uuid& mail, const std::string& actor);

    /// Sets aside what was queued before the day (UTC) and did not go out: what had gathered before mail was switched on. Returns how many.
    std::uint64_t drop_before(store::Session& session, domain::Date day, const std::string& actor);

private:
    store::Database& database_;
    gateway::Clock& clock_;
};

} // namespace service
