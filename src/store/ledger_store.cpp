#include "store/ledger_store.h"

#include "store/sql.h"
#include "store/statement.h"

namespace store {
namespace {

constexpr std::int64_t transactions_at_a_time = 2000;

} // namespace

void LedgerStore::each(
    const std::optional<std::string>& from, const std::optional<std::string>& to, const std::function<void(const LedgerRow&)>& take)
{
    const auto last = select_first<std::optional<std::int64_t>>(session_, "SELECT MAX(id) FROM ledger_transactions").value();
    for (std::int64_t first = 0; first <= std::get<0>(last).value_or(-1); first += transactions_at_a_time) {
        const auto rows = select<std::int64_t, std::string, std::string, std::string, std::optional<std::string>, std::optional<std::string>,
            int, std::string, std::string, std::int64_t, std::string>(session_,
            "SELECT t.id, CAST(t.booked_on AS CHAR), t.kind, CAST(t.reference AS CHAR), i.number, m.uid, e.position, e.debit, e.credit,"
            " e.amount_minor, e.currency FROM ledger_transactions t JOIN ledger_entries e ON e.transaction_id = t.id"
            " LEFT JOIN members m ON m.id = t.member_id LEFT JOIN invoices i ON i.uuid = t.reference"
            " WHERE t.id >= ? AND t.id < ? AND t.booked_on >= COALESCE(?, t.booked_on)"
            " AND t.booked_on < COALESCE(?, DATE_ADD(t.booked_on, INTERVAL 1 DAY)) ORDER BY t.id, e.position",
            first, first + transactions_at_a_time, from, to);
        for (const auto& [transaction, booked_on, kind, reference, number, username, position, debit, credit, amount, currency] : rows)
            take({transaction, booked_on, kind, reference, number.value_or(""), username.value_or(""), position, debit, credit,
                money_of(amount, currency)});
    }
}

} // namespace store
