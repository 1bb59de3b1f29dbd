#pragma once
#include "domain/member.h"
#include "domain/money.h"
#include "domain/receivables.h"
#include "store/database.h"
#include "store/document_store.h"

#include <cstdint>
#include <vector>

namespace service {

/// A member's account in one currency as the database has it, to be changed by the rules and written back. Others are kept
/// from it until the transaction ends, and a billing of the member that has read it will have to read again.
class MemberAccount {
public:
    MemberAccount(store::Session& session, domain::MemberId member, domain::Currency currency);

    domain::Receivables rules{};

    /// What older documents were settled with.
    std::int64_t applied() const;

    std::int64_t credit_gained() const { return rules.credit - credit_; }

    /// Writes back what the rules did to credit and documents; a document issued meanwhile is its issuer's to write.
    void save() const;

private:
    std::vector<store::AppliedCredit> applications() const;

    store::Session& session_;
    domain::MemberId member_;
    domain::Currency currency_;
    std::vector<domain::Receivable> known_{};
    std::int64_t credit_{0};
};

} // namespace service
