#pragma once
#include "domain/collection.h"
#include "domain/member.h"
#include "domain/order.h"
#include "domain/uuid.h"
#include "store/database.h"

#include <map>
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
    bool is_fee{false};             ///< of a reminder
};

/// A reminder that went out.
struct Notice {
    std::int64_t invoice{0};
    std::size_t stage{0};
    std::string name{};
    std::int64_t fee{0}; ///< minor units of the document's currency
    std::int64_t fee_invoice{0};
};

/// Where the line of a fee belongs.
struct FeePlace {
    domain::OrderId order{};
    int next_turn{0};
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

    /// For the fees of the documents' reminders on a day: of which order their lines are.
    std::map<std::int64_t, FeePlace> fee_places(const std::vector<std::int64_t>& invoices, domain::Date day);

    void note_fees(const std::vector<Notice>& notices);

    /// Suspends or reinstates all orders of the members, with an event each.
    void suspend(const std::vector<domain::MemberId>& members, const std::string& why, domain::Instant now);
    void reinstate(const std::vector<domain::MemberId>& members, const std::string& why, domain::Instant now);

    /// Members who have suspended orders and owe nothing any more of what they were suspended for, at most `limit`.
    std::vector<domain::MemberId> to_reinstate(const std::string& suspending_stage, int limit);

    /// The latest document of each member that it was suspended for.
    std::vector<std::int64_t> suspended_for(const std::vector<domain::MemberId>& members, const std::string& suspending_stage);

    /// The documents of a member whose default way to pay has changed are looked at today.
    void attend_member(domain::MemberId member, domain::Date today);

private:
    void change_orders(const std::vector<domain::MemberId>& members, const std::string& from, const std::string& to, const std::string& why,
        domain::Instant now);

    Session& session_;
};

} // namespace store
