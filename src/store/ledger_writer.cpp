#include "store/ledger_writer.h"

#include "store/document_store.h"
#include "store/row_numbers.h"
#include "store/sql.h"
#include "store/statement.h"

#include <algorithm>
#include <stdexcept>

namespace store {
namespace {

using Numbers = std::vector<std::int64_t>;
using Texts = std::vector<std::string>;

constexpr std::size_t largest_block = 20'000;

} // namespace

void insert_ledger(Session& session, std::span<const NewTransaction> transactions, std::int64_t first_id, domain::Instant now)
{
    Numbers ids, entry_transactions, positions, amounts;
    std::vector<std::optional<std::int64_t>> members;
    Texts booked_on, kinds, references, debits, credits, currencies;
    for (auto id = first_id; const auto& transaction : transactions) {
        if (domain::check_transaction(transaction.entries) != domain::TransactionFault::none)
            throw std::logic_error{"a transaction that cannot be booked"};
        ids.push_back(id);
        booked_on.push_back(to_sql(transaction.booked_on));
        kinds.push_back(transaction.kind);
        references.push_back(transaction.reference.text());
        members.push_back(transaction.member ? std::optional{static_cast<std::int64_t>(*transaction.member)} : std::nullopt);
        std::int64_t position = 0;
        for (const auto& entry : transaction.entries) {
            entry_transactions.push_back(id);
            positions.push_back(++position);
            debits.push_back(entry.debit);
            credits.push_back(entry.credit);
            amounts.push_back(entry.amount.minor);
            currencies.emplace_back(domain::to_text(entry.amount.currency));
        }
        ++id;
    }
    execute_bulk(session,
        "INSERT INTO ledger_transactions (id, booked_on, kind, reference, member_id, booked_at) VALUES (?, ?, ?, ?, ?, ?)", ids, booked_on,
        kinds, references, members, Texts(ids.size(), to_sql(now)));
    execute_bulk(session,
        "INSERT INTO ledger_entries (transaction_id, position, debit, credit, amount_minor, currency) VALUES (?, ?, ?, ?, ?, ?)",
        entry_transactions, positions, debits, credits, amounts, currencies);
}

void LedgerTotals::add(std::span<const NewTransaction> transactions)
{
    for (const auto& transaction : transactions) {
        for (const auto& entry : transaction.entries) {
            sums_[{transaction.booked_on, entry.debit, entry.amount.currency}].first += entry.amount.minor;
            sums_[{transaction.booked_on, entry.credit, entry.amount.currency}].second += entry.amount.minor;
        }
    }
}

std::optional<domain::Date> LedgerTotals::first_day() const
{
    if (sums_.empty()) return std::nullopt;
    return std::get<0>(sums_.begin()->first);
}

void LedgerTotals::write(Session& session) const
{
    Texts days, accounts, currencies;
    Numbers debits, credits;
    for (const auto& [key, sum] : sums_) {
        days.push_back(to_sql(std::get<0>(key)));
        accounts.push_back(std::get<1>(key));
        currencies.emplace_back(domain::to_text(std::get<2>(key)));
        debits.push_back(sum.first);
        credits.push_back(sum.second);
    }
    execute_bulk(session,
        "INSERT INTO ledger_totals (booked_on, account, currency, debit_minor, credit_minor) VALUES (?, ?, ?, ?, ?)"
        " ON DUPLICATE KEY UPDATE debit_minor = debit_minor + VALUES(debit_minor), credit_minor = credit_minor + VALUES(credit_minor)",
        days, accounts, currencies, debits, credits);
}

std::int64_t LedgerWriter::take(const char* name, std::size_t count)
{
    if (!database_) return RowNumbers::take(session_, name, count);
    auto& [next, left, size] = blocks_[name];
    if (count > left) {
        size = std::max(count, std::min(2 * size, largest_block));
        next = RowNumbers{*database_}.take(name, size);
        left = size;
    }
    const auto first = next;
    next += static_cast<std::int64_t>(count);
    left -= count;
    return first;
}

void LedgerWriter::book(std::span<const NewTransaction> transactions, domain::Instant now)
{
    if (transactions.empty()) return;
    insert_ledger(session_, transactions, take("ledger_transaction", transactions.size()), now);
    if (database_) totals_.add(transactions);
    else LedgerTotals{transactions}.write(session_);
}

void LedgerWriter::book_late(NewTransaction transaction, domain::Instant now)
{
    transaction.booked_on = std::max(transaction.booked_on, DocumentStore{session_}.first_open_day());
    book({&transaction, 1}, now);
}

void LedgerWriter::finish()
{
    const auto first_day = totals_.first_day();
    if (first_day && *first_day < DocumentStore{session_}.first_open_day()) throw Conflict{"the books have moved on"};
    totals_.write(session_);
    totals_ = {};
}

} // namespace store
