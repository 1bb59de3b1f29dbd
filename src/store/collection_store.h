#pragma once
#include "domain/collection.h"
#include "domain/member.h"
#include "domain/uuid.h"
#include "store/database.h"

#include <optional>
#include <string>
#include <vector>

namespace store {

/// An open document whose day has come, with what was tried so far.
struct DueDocument {
    std::int64_t invoice{0};
    domain::MemberId member{};
    domain::OpenDocument state{};
    domain::Decline last_decline{}; ///< of the last charge
    std::string last_reaction{};    ///< as it was written down
};

/// A reminder that went out.
struct Notice {
    std::int64_t invoice{0};
    std::size_t stage{0};
    std::string name{};
};

/// What members owe, as collecting looks at it; in bulk.
class CollectionStore {
public:
    explicit CollectionStore(Session& session) : session_{session} {}

    /// Documents that are to be looked at, at most `limit`, kept from others until the transaction ends; those that others are just
    /// looking at are passed over.
    std::vector<DueDocument> take_due(domain::Date today, int limit);

    /// When documents are looked at again.
    void attend(const std::vector<std::pair<std::int64_t, std::optional<domain::Date>>>& days);

    /// Writes reminders down and queues their mails. @throws DatabaseError if one was sent already
    void add(const std::vector<Notice>& notices, domain::Date sent_on, domain::Instant now);

    /// Suspends or reinstates all orders of the members, with an event each.
    void suspend(const std::vector<domain::MemberId>& members, const std::string& why, domain::Instant now);
    void reinstate(const std::vector<domain::MemberId>& members, const std::string& why, domain::Instant now);

    /// Members who have suspended orders and owe nothing any more of what they were suspended for, at most `limit`.
    std::vector<domain::MemberId> to_reinstate(const std::string& suspending_stage, int limit);

    /// Queues a mail to each of the members about the latest document that they were suspended for.
    void queue_mail_of_suspended(
        const std::vector<domain::MemberId>& members, const std::string& suspending_stage, const std::string& kind, domain::Instant now);

    /// The documents of a member whose default way to pay has changed are looked at today.
    void attend_member(domain::MemberId member, domain::Date today);

private:
    void change_orders(const std::vector<domain::MemberId>& members, const std::string& from, const std::string& to, const std::string& why,
        domain::Instant now);

    Session& session_;
};

} // namespace store
