#pragma once
#include "domain/member.h"
#include "store/database.h"

#include <optional>
#include <string>
#include <vector>

namespace store {

/// Rows of `members`.
class MemberStore {
public:
    explicit MemberStore(Session& session) : session_{session} {}

    /// The member of a directory account, made with `uuid` if it is new; name and e-mail follow the directory.
    domain::MemberId sign_in(const domain::DirectoryEntry& entry, const domain::Uuid& uuid, domain::Instant now);

    std::optional<domain::MemberId> id_of(const std::string& uid);
    std::optional<domain::Member> read(domain::MemberId id);

    /// Writes the account page's fields. Returns false if `member.version` is no longer the row's.
    bool update_account(const domain::Member& member);

    /// The days this member has to pay; nullopt: as many as all.
    void set_payment_days(domain::MemberId member, std::optional<int> days);

    /// Members by ascending id, after the one given.
    std::vector<domain::Member> page(std::optional<std::int64_t> after, int limit);

private:
    Session& session_;
};

} // namespace store
