#pragma once
#include "domain/invoice.h"
#include "store/database.h"

#include <map>
#include <string>
#include <vector>

namespace store {

/// An issued document as it stands in the database, with everything that must agree with it.
struct StoredDocument {
    domain::Invoice invoice{};
    std::string number{};
    std::string series{};
    int series_year{0};
    std::int64_t series_number{0};
    std::int64_t position{0};
    std::string content_hash{}, chain_hash{};
    domain::Totals stored{};           ///< the sums on the document
    std::int64_t booked_receivable{0}; ///< what its ledger transaction debits to receivables, less credit used
    bool is_booked{false};
    bool has_receivable{false};
};

/// A charge or credit of an order, for the check that its periods tile.
struct OrderLine {
    std::int64_t order{0};
    domain::LineRef ref{};
    domain::LineKind kind{};
    domain::Period days{};
    domain::Period whole{};
    std::int64_t price{0};  ///< of the whole period
    std::int64_t amount{0}; ///< as the price list counts
    std::optional<domain::LineRef> credits{};
    bool may_have_gaps{false}; ///< free on some days, paid afterwards, or costs nothing
};

struct AccountBalance {
    std::string account{};
    domain::Money balance{}; ///< debits less credits
};

/// Reads for `uncloud verify`: in parts, so that memory does not grow with the book.
class VerificationStore {
public:
    explicit VerificationStore(Session& session) : session_{session} {}

    /// Documents with chain positions after `position`, in that order, at most `limit`.
    std::vector<StoredDocument> documents_after(std::int64_t position, int limit);

    /// The end of the chain as it is kept: position and hash.
    std::pair<std::int64_t, std::string> chain_end();

    /// Lines of the orders with numbers after `order`, of at most `orders` of them, by order and document.
    std::vector<OrderLine> lines_after(std::int64_t order, int orders);

    /// Findings of comparisons that the database makes by itself, as sentences.
    std::vector<std::string> disagreements();

    /// Tax of issued documents by state, rate and currency.
    struct Tax {
        std::string country{};
        domain::VatRate rate{};
        domain::Money vat{};
    };
    std::vector<Tax> taxes();

    /// What stands on each account.
    std::vector<AccountBalance> balances();

    /// The number of the order that comes so many after this one; the last one's if there are fewer.
    std::int64_t order_after(std::int64_t order, int orders);

    /// The highest number of an order that has lines.
    std::optional<std::int64_t> last_order();

private:
    void add_lines(std::vector<StoredDocument>& documents);

    Session& session_;
};

} // namespace store
