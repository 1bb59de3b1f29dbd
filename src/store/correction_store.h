#pragma once
#include "domain/member.h"
#include "domain/money.h"
#include "domain/order.h"
#include "domain/receivables.h"
#include "store/database.h"

#include <map>
#include <string>
#include <vector>

namespace store {

struct GivenCredit {
    domain::Uuid uuid{};
    domain::MemberId member{};
    std::string reference{};
    domain::Money amount{};
    std::string reason{};
    domain::Date given_on{};
    domain::Instant given_at{};
    std::string given_by{};
};

/// What operators correct: credit notes by hand and credit given.
class CorrectionStore {
public:
    explicit CorrectionStore(Session& session) : session_{session} {}

    /// What is credited of the document's lines, by position, as their price lists count. Its orders are kept from being billed until the
    /// transaction ends, and a billing that has read them will have to read again.
    std::map<int, std::int64_t> lock_credited(std::int64_t invoice);

    /// The next free turn of an adjustment for each order and first day of the document's lines; 0 where there is none yet.
    std::map<std::pair<domain::OrderId, domain::Date>, int> next_turns(std::int64_t invoice);

    /// What is open of the member's documents in the currency, by document, kept from others likewise.
    std::vector<domain::Receivable> lock_open(domain::MemberId member, domain::Currency currency);

    /// The member's credit, kept from others until the transaction ends.
    std::int64_t lock_credit(domain::MemberId member, domain::Currency currency);

    /// Returns false if the reference was used before.
    bool add_credit(const GivenCredit& credit);

private:
    Session& session_;
};

} // namespace store
