#include "store/bank_import_store.h"

#include "store/keys.h"
#include "store/sql.h"
#include "store/statement.h"

namespace store {
namespace {

using Numbers = std::vector<std::int64_t>;
using Texts = std::vector<std::string>;

} // namespace

std::unordered_map<std::string, domain::BankEntryState> BankImportStore::known_entries(const std::string& account, const Texts& keys)
{
    std::unordered_map<std::string, domain::BankEntryState> known;
    for_keys(keys, [&](const auto&... some) {
        const auto rows = select<std::string, std::string>(
            session_, "SELECT entry_key, state FROM bank_entries WHERE account = ? AND entry_key IN " STORE_KEYS, account, some...);
        for (const auto& [key, state] : rows) known.emplace(key, domain::bank_entry_state_from(state));
    });
    return known;
}

std::unordered_set<std::string> BankImportStore::known_bookings(const std::string& account, const Texts& keys)
{
    std::unordered_set<std::string> known;
    for_keys(keys, [&](const auto&... some) {
        const auto rows = select<std::string>(
            session_, "SELECT booking_key FROM bank_bookings WHERE account = ? AND booking_key IN " STORE_KEYS, account, some...);
        for (const auto& [key] : rows) known.insert(key);
    });
    return known;
}

std::unordered_map<std::string, NamedInvoice> BankImportStore::invoices(const Texts& numbers)
{
    std::unordered_map<std::string, NamedInvoice> invoices;
    for_keys(numbers, [&](const auto&... some) {
        const auto rows = select<std::string, std::int64_t, std::int64_t, std::string>(
            session_, "SELECT number, id, member_id, currency FROM invoices WHERE number IN " STORE_KEYS, some...);
        for (const auto& [number, id, member, currency] : rows)
            invoices[number] = {id, domain::MemberId{member}, money_of(0, currency).currency};
    });
    return invoices;
}

Texts BankImportStore::reference_prefixes()
{
    Texts prefixes;
    for (const auto& [prefix] : select<std::string>(session_, "SELECT DISTINCT reference_prefix FROM issuers")) prefixes.push_back(prefix);
    return prefixes;
}

void BankImportStore::write(std::span<const BankEntryChange> entries)
{
    Texts new_accounts, new_keys, new_states, accounts, keys, befores, afters;
    for (const auto& [account, key, before, after] : entries) {
        (before ? accounts : new_accounts).push_back(account);
        (before ? keys : new_keys).push_back(key);
        (before ? afters : new_states).emplace_back(domain::to_text(after));
        if (before) befores.emplace_back(domain::to_text(*before));
    }
    const bool is_first = unless_duplicate([&] {
        execute_bulk(session_, "INSERT INTO bank_entries (account, entry_key, state) VALUES (?, ?, ?)", new_accounts, new_keys, new_states);
    });
    const auto found = execute_bulk(
        session_, "UPDATE bank_entries SET state = ? WHERE account = ? AND entry_key = ? AND state = ?", afters, accounts, keys, befores);
    if (!is_first || found != accounts.size()) throw Conflict{"an entry was told meanwhile"};
}

void BankImportStore::write(std::int64_t file, std::span<const NewBankBooking> bookings)
{
    Numbers ids, entries, details, credits, reversals, amounts, suspenses;
    Texts uuids, accounts, keys, currencies, booked_on, value_on, references, end_to_end_ids, names, ibans, texts, outcomes, states;
    std::vector<std::optional<std::int64_t>> payments;
    for (const auto& booking : bookings) {
        ids.push_back(booking.id);
        uuids.push_back(booking.uuid.text());
        accounts.push_back(booking.account);
        keys.push_back(booking.key);
        entries.push_back(booking.entry);
        details.push_back(booking.detail);
        credits.push_back(booking.credit ? 1 : 0);
        reversals.push_back(booking.reversal ? 1 : 0);
        currencies.emplace_back(domain::to_text(booking.amount.currency));
        amounts.push_back(booking.amount.minor);
        booked_on.push_back(to_sql(booking.booked_on));
        value_on.push_back(to_sql(booking.value_on));
        references.push_back(booking.reference);
        end_to_end_ids.push_back(booking.end_to_end_id);
        names.push_back(booking.payer_name);
        ibans.push_back(booking.payer_iban);
        texts.push_back(booking.text);
        outcomes.emplace_back(domain::to_text(booking.outcome));
        states.emplace_back(domain::to_text(booking.state));
        suspenses.push_back(booking.suspense);
        payments.push_back(booking.payment);
    }
    const bool is_first = unless_duplicate([&] {
        execute_bulk(session_,
            "INSERT INTO bank_bookings (id, uuid, file_id, account, booking_key, entry, detail, credit, reversal, currency, amount_minor,"
            " booked_on, value_on, reference, end_to_end_id, payer_name, payer_iban, text, outcome, state, suspense_minor, payment_id)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            ids, uuids, Numbers(ids.size(), file), accounts, keys, entries, details, credits, reversals, currencies, amounts, booked_on,
            value_on, references, end_to_end_ids, names, ibans, texts, outcomes, states, suspenses, payments);
    });
    if (!is_first) throw Conflict{"a booking was told meanwhile"};
}

std::vector<ResolvedBooking> BankImportStore::resolve(const std::string& account, const Texts& keys)
{
    std::vector<ResolvedBooking> resolved;
    Numbers ids;
    for_keys(keys, [&](const auto&... some) {
        const auto rows = select<std::int64_t, std::string, std::string, std::int64_t>(session_,
            "SELECT id, uuid, currency, suspense_minor FROM bank_bookings WHERE account = ? AND booking_key IN " STORE_KEYS
            " AND state = 'waiting' ORDER BY id FOR UPDATE",
            account, some...);
        for (const auto& [id, uuid, currency, suspense] : rows) {
            ids.push_back(id);
            resolved.push_back({uuid_of(uuid), account, money_of(suspense, currency)});
        }
    });
    if (ids.size() != keys.size()) throw Conflict{"a booking was decided meanwhile"};
    execute_bulk(session_, "UPDATE bank_bookings SET state = 'done', suspense_minor = 0 WHERE id = ?", ids);
    return resolved;
}

void BankImportStore::begin(const BankFileRecord& file)
{
    execute(session_, "INSERT INTO bank_files (id, uuid, name, imported_at, imported_by) VALUES (?, ?, ?, ?, ?)", file.id, file.uuid,
        file.name, to_sql(file.imported_at), file.imported_by);
}

void BankImportStore::finish(const BankFileRecord& file)
{
    execute(session_, "UPDATE bank_files SET sha256 = ?, bytes = ?, entries = ?, bookings = ?, new_bookings = ?, outcomes = ? WHERE id = ?",
        file.sha256, file.bytes, file.entries, file.bookings, file.new_bookings, file.outcomes, file.id);
}

} // namespace store
