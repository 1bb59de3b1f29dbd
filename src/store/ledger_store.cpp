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
    std::string day = from.value_or("1000-01-01");
    const auto end = to.value_or("9999-12-31");
    while (true) {
        const auto next = select_first<std::optional<std::string>>(
            session_, "SELECT CAST(MIN(booked_on) AS CHAR) FROM ledger_transactions WHERE booked_on >= ? AND booked_on < ?", day, end);
        if (!next || !std::get<0>(*next)) return;
        each_of_day(*std::get<0>(*next), take);
        day = to_sql(domain::Date{domain::Day{date_of(*std::get<0>(*next))} + std::chrono::days{1}});
    }
}

void LedgerStore::each_of_day(const std::string& day, const std::function<void(const LedgerRow&)>& take)
{
    for (std::int64_t last = 0;;) {
        const auto rows = select<std::int64_t, std::string, std::string, std::optional<std::string>, std::optional<std::string>, int,
            std::string, std::string, std::int64_t, std::string>(session_,
            "SELECT t.id, t.kind, CAST(t.reference AS CHAR), i.number, m.uid, e.position, e.debit, e.credit, e.amount_minor, e.currency"
            " FROM (SELECT id, kind, reference, member_id FROM ledger_transactions WHERE booked_on = ? AND id > ? ORDER BY id LIMIT ?) t"
            " JOIN ledger_entries e ON e.transaction_id = t.id LEFT JOIN members m ON m.id = t.member_id"
            " LEFT JOIN invoices i ON i.uuid = t.reference ORDER BY t.id, e.position",
            day, last, transactions_at_a_time);
        if (rows.empty()) return;
        for (const auto& [transaction, kind, reference, number, username, position, debit, credit, amount, currency] : rows)
            take({transaction, day, kind, reference, number.value_or(""), username.value_or(""), position, debit, credit,
                money_of(amount, currency)});
        last = std::get<0>(rows.back());
    }
}

} // namespace store
