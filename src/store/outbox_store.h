#pragma once
#include "domain/calendar.h"
#include "domain/mail.h"
#include "domain/uuid.h"
#include "store/database.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace store {

/// A mail that somebody has taken to send it.
struct TakenMail {
    std::int64_t id{0};
    domain::Uuid uuid{};
    std::string kind{};
    int attempts{0}; ///< with this one
    int unknowns{0}; ///< tries after which it may have arrived
    domain::Instant queued_at{};
};

/// A mail as operators see it.
struct MailRecord {
    std::int64_t id{0};
    domain::Uuid uuid{};
    std::string username{};
    std::string kind{};
    std::string about{}; ///< the document's number, the refund's reference, or the card's last digits and expiry
    domain::MailState state{};
    int attempts{0};
    std::string address{}; ///< of the last try; before it the member's
    std::string error{};
    domain::Instant queued_at{};
    domain::Instant next_at{}; ///< of a queued one: when it is tried again
    std::optional<domain::Instant> tried_at{}, finished_at{};
};

/// Rows of `mail_outbox`. Leases and pauses are told by the database's own clock.
class OutboxStore {
public:
    explicit OutboxStore(Session& session) : session_{session} {}

    /// Queues a mail about each of the documents, of the kind beside it. One that there is already is left as it is.
    void queue(const std::vector<std::int64_t>& invoices, const std::vector<std::string>& kinds, domain::Instant now);
    void queue(const std::vector<std::int64_t>& invoices, domain::MailKind kind, domain::Instant now);
    void queue(std::int64_t invoice, domain::MailKind kind, domain::Instant now);

    /// Queues the mail about a refund that went out.
    void queue_refund(std::int64_t refund, domain::Instant now);

    /// Queues mails about default cards that are valid today and not on `after` any more, once for a card and its expiry. Returns how
    /// many are new.
    std::uint64_t queue_expiring_cards(domain::Date today, domain::Date after, domain::Instant now);

    /// Takes the mails that have been due longest, at most `limit`; those that others are just taking are passed over.
    std::vector<TakenMail> take(const std::string& owner, std::chrono::seconds lease, int limit);

    /// How many mails were given to the mail server in the last minute.
    int tried_in_last_minute();

    /// Notes that the mail is about to be given to the mail server. Returns false if it is somebody else's by now.
    bool begin(const TakenMail& mail, const std::string& owner, const std::string& address);

    // The outcome of a taken mail; nothing happens if it is somebody else's by now.
    void finish(const TakenMail& mail, const std::string& owner, domain::MailState state, const std::string& error);
    void again(
        const TakenMail& mail, const std::string& owner, std::chrono::seconds pause, const std::string& error, bool may_have_arrived);

    /// As again(), for mails that were not tried: it does not count.
    void hand_back(const std::vector<TakenMail>& mails, const std::string& owner, std::chrono::seconds pause);

    /// What workers left behind becomes due again: all of `owner`, and what was taken for longer than its lease. A mail that was with
    /// the mail server then may have arrived.
    void release(const std::string& owner);
    void release_expired();

    /// Newest first; `state` nullopt: all.
    std::vector<MailRecord> page(std::optional<domain::MailState> state, std::optional<std::int64_t> before, int limit);

    std::optional<MailRecord> by_uuid(const domain::Uuid& uuid);

    /// Sets aside what was queued before the instant and was not sent yet. Returns how many.
    std::uint64_t drop_before(domain::Instant instant);

    /// Queues it anew, with all its tries before it. Returns false unless it is in that state.
    bool retry(const domain::Uuid& uuid, domain::MailState from);

private:
    Session& session_;
};

} // namespace store
