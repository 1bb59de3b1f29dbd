#pragma once
#include "domain/money.h"
#include "store/database.h"

#include <functional>
#include <optional>
#include <string>

namespace store {

/// One entry of a transaction, with what its transaction and document say.
struct LedgerRow {
    std::int64_t transaction{0};
    std::string booked_on{}; ///< YYYY-MM-DD
    std::string kind{};
    std::string reference{}; ///< uuid
    std::string number{};    ///< of the document, if it is one
    std::string username{};  ///< empty: no member's
    int position{0};
    std::string debit{}, credit{};
    domain::Money amount{};
};

/// The ledger as a stream.
class LedgerStore {
public:
    explicit LedgerStore(Session& session) : session_{session} {}

    /// Hands over every entry booked on from..to (to excluded; nullopt: no bound), by day, transaction and position. Reads
    /// a part at a time, so a large ledger needs no more memory than a small one.
    void each(
        const std::optional<std::string>& from, const std::optional<std::string>& to, const std::function<void(const LedgerRow&)>& take);

private:
    void each_of_day(const std::string& day, const std::function<void(const LedgerRow&)>& take);

    Session& session_;
};

} // namespace store
