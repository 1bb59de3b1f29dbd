#pragma once
#include "domain/calendar.h"
#include "domain/ledger.h"
#include "domain/member.h"
#include "domain/uuid.h"
#include "store/database.h"

#include <map>
#include <optional>
#include <span>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace store {

/// A transaction of the ledger.
struct NewTransaction {
    std::string kind{};
    domain::Uuid reference{};
    std::optional<domain::MemberId> member{};
    domain::Date booked_on{};
    std::vector<domain::Entry> entries{};
};

/// Writes transactions down with row numbers from `first_id` on. Their daily sums are not in the books yet.
/// @throws DatabaseError if one of them is booked already
void insert_ledger(Session& session, std::span<const NewTransaction> transactions, std::int64_t first_id, domain::Instant now);

/// What transactions add to the daily sums. Those rows are everybody's: they are written last.
class LedgerTotals {
public:
    LedgerTotals() = default;
    explicit LedgerTotals(std::span<const NewTransaction> transactions) { add(transactions); }

    void add(std::span<const NewTransaction> transactions);

    void write(Session& session) const;

    /// The first day on which something is booked.
    std::optional<domain::Date> first_day() const;

private:
    std::map<std::tuple<domain::Date, std::string, domain::Currency>, std::pair<std::int64_t, std::int64_t>> sums_{}; ///< debit, credit
};

/// Books in the caller's transaction. In a short one numbers and sums come from it; a long one takes its numbers outside and
/// writes its sums at the end, so that nobody has to wait for it.
class LedgerWriter {
public:
    /// For a transaction that is about to end.
    explicit LedgerWriter(Session& session) : session_{session} {}

    /// For a long one; `database` gives a second session at times. finish() must be called before it ends.
    LedgerWriter(Session& session, Database& database) : session_{session}, database_{&database} {}

    Session& session() const { return session_; }

    /// Numbers for rows that are written in bulk, see RowNumbers.
    std::int64_t take(const char* name, std::size_t count);

    void book(std::span<const NewTransaction> transactions, domain::Instant now);

    /// Books one, on its day or, if the books have moved past that, on the first day still open.
    /// @throws DatabaseError if it is booked already.
    void book_late(NewTransaction transaction, domain::Instant now);

    /// @throws Conflict if the books have moved past a day that was booked on
    void finish();

private:
    /// Numbers that are ours already: a long transaction takes them in growing blocks, for each costs a commit.
    struct Block {
        std::int64_t next{0};
        std::size_t left{0};
        std::size_t size{0};
    };

    Session& session_;
    Database* database_{nullptr};
    std::map<std::string, Block> blocks_{};
    LedgerTotals totals_{};
};

} // namespace store
