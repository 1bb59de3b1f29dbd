#include "store/bank_work_store.h"

#include "store/sql.h"
#include "store/statement.h"

#include <stdexcept>

#define BOOKING_COLUMNS                                                                                                                    \
    "SELECT b.id, b.uuid, b.account, b.booking_key, b.entry, b.detail, b.credit, b.reversal, b.currency, b.amount_minor,"                  \
    " CAST(b.booked_on AS CHAR), CAST(b.value_on AS CHAR), b.reference, b.end_to_end_id, b.payer_name, b.payer_iban, b.text, b.outcome,"   \
    " b.state, b.suspense_minor, b.payment_id, f.uuid, f.name, p.uuid, m.uid, i.number, CAST(b.decided_at AS CHAR), b.decided_by"

// Which rows, before what belongs to them is looked up.
#define BOOKING_JOINS                                                                                                                      \
    " b STRAIGHT_JOIN bank_files f ON f.id = b.file_id LEFT JOIN payments p ON p.id = b.payment_id"                                        \
    " LEFT JOIN members m ON m.id = p.member_id LEFT JOIN invoices i ON i.id = p.invoice_id ORDER BY b.id DESC"

#define FILE_COLUMNS                                                                                                                       \
    "SELECT id, uuid, name, sha256, bytes, entries, bookings, new_bookings, outcomes, CAST(imported_at AS CHAR), imported_by FROM "        \
    "bank_files "

namespace store {
namespace {

using Text = std::optional<std::string>;
using Row = std::tuple<std::int64_t, std::string, std::string, std::string, std::int64_t, std::int64_t, bool, bool, std::string,
    std::int64_t, std::string, std::string, std::string, std::string, std::string, std::string, std::string, std::string, std::string,
    std::int64_t, std::optional<std::int64_t>, std::string, std::string, Text, Text, Text, Text, std::string>;

template <class Value> Value known(const std::optional<Value>& value)
{
    if (!value) throw std::runtime_error{"the database knows a word of the bank's that we do not"};
    return *value;
}

template <class... Args> std::vector<BankBooking> bookings(Session& session, const char* sql, const Args&... args)
{
    std::vector<BankBooking> found;
    const auto rows = [&]<class... Columns>(std::tuple<Columns...>*) { return select<Columns...>(session, sql, args...); }(
                          static_cast<Row*>(nullptr));
    for (const auto& [id, uuid, account, key, entry, detail, credit, reversal, currency, amount, booked_on, value_on, reference, end_to_end,
             name, iban, text, outcome, state, suspense, payment_id, file, file_name, payment, username, invoice, decided_at, decided_by] :
        rows)
        found.push_back({.told = {.id = id,
                             .uuid = uuid_of(uuid),
                             .account = account,
                             .key = key,
                             .entry = entry,
                             .detail = detail,
                             .credit = credit,
                             .reversal = reversal,
                             .amount = money_of(amount, currency),
                             .booked_on = date_of(booked_on),
                             .value_on = date_of(value_on),
                             .reference = reference,
                             .end_to_end_id = end_to_end,
                             .payer_name = name,
                             .payer_iban = iban,
                             .text = text,
                             .outcome = known(domain::bank_outcome_from(outcome)),
                             .state = known(domain::bank_booking_state_from(state)),
                             .suspense = suspense,
                             .payment = payment_id},
            .file = uuid_of(file),
            .file_name = file_name,
            .payment = payment.value_or(""),
            .username = username.value_or(""),
            .invoice = invoice.value_or(""),
            .decided_at = instant_of(decided_at),
            .decided_by = decided_by});
    return found;
}

std::vector<BankFileRecord> file_records(std::vector<std::tuple<std::int64_t, std::string, std::string, std::string, std::int64_t,
        std::int64_t, std::int64_t, std::int64_t, std::string, std::string, std::string>>
        rows)
{
    std::vector<BankFileRecord> files;
    for (auto& [id, uuid, name, sha256, bytes, entries, told, is_new, outcomes, imported_at, imported_by] : rows)
        files.push_back({id, uuid_of(uuid), std::move(name), std::move(sha256), bytes, entries, told, is_new, std::move(outcomes),
            instant_of(imported_at), std::move(imported_by)});
    return files;
}

} // namespace

std::vector<BankBooking> BankWorkStore::page(const BankBookingFilter& filter, std::optional<std::int64_t> before, int limit)
{
    const auto last = before.value_or(INT64_MAX);
    if (filter.state && filter.file)
        return bookings(session_,
            BOOKING_COLUMNS
            " FROM (SELECT * FROM bank_bookings WHERE file_id = (SELECT id FROM bank_files WHERE uuid = ?) AND state = ? AND id < ?"
            " ORDER BY id DESC LIMIT ?)" BOOKING_JOINS,
            *filter.file, domain::to_text(*filter.state), last, limit);
    if (filter.file)
        return bookings(session_,
            BOOKING_COLUMNS " FROM (SELECT * FROM bank_bookings WHERE file_id = (SELECT id FROM bank_files WHERE uuid = ?) AND id < ?"
                            " ORDER BY id DESC LIMIT ?)" BOOKING_JOINS,
            *filter.file, last, limit);
    if (filter.state)
        return bookings(session_,
            BOOKING_COLUMNS " FROM (SELECT * FROM bank_bookings WHERE state = ? AND id < ? ORDER BY id DESC LIMIT ?)" BOOKING_JOINS,
            domain::to_text(*filter.state), last, limit);
    return bookings(
        session_, BOOKING_COLUMNS " FROM (SELECT * FROM bank_bookings WHERE id < ? ORDER BY id DESC LIMIT ?)" BOOKING_JOINS, last, limit);
}

std::optional<BankBooking> BankWorkStore::by_uuid(const domain::Uuid& uuid)
{
    auto found = bookings(session_, BOOKING_COLUMNS " FROM (SELECT * FROM bank_bookings WHERE uuid = ?)" BOOKING_JOINS, uuid);
    return found.empty() ? std::nullopt : std::optional{std::move(found.front())};
}

std::optional<BankBooking> BankWorkStore::lock(const domain::Uuid& uuid)
{
    select_first<std::int64_t>(session_, "SELECT id FROM bank_bookings WHERE uuid = ? FOR UPDATE", uuid);
    return by_uuid(uuid);
}

bool BankWorkStore::decide(const BankDecision& decision)
{
    return execute(session_,
               "UPDATE bank_bookings SET state = ?, suspense_minor = 0, payment_id = ?, offset_by = ?, decided_at = ?, decided_by = ?"
               " WHERE id = ? AND state = ?",
               domain::to_text(decision.after), decision.payment, decision.offset_by, to_sql(decision.at), decision.by, decision.booking,
               domain::to_text(decision.before))
        == 1;
}

bool BankWorkStore::decide_entry(const std::string& account, const std::string& entry_key)
{
    return execute(session_, "UPDATE bank_entries SET state = 'decided' WHERE account = ? AND entry_key = ? AND state <> 'with_details'",
               account, entry_key)
        == 1;
}

void BankWorkStore::open_again(std::int64_t booking)
{
    const auto found = execute(session_,
        "UPDATE bank_bookings SET state = 'open', suspense_minor = IF(credit, amount_minor, -amount_minor) WHERE id = ? AND state = "
        "'refunded'",
        booking);
    if (found != 1) throw Conflict{"a booking was decided meanwhile"};
}

std::vector<BankFileRecord> BankWorkStore::files(std::optional<std::int64_t> before, int limit)
{
    return file_records(
        select<std::int64_t, std::string, std::string, std::string, std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::string,
            std::string, std::string>(session_, FILE_COLUMNS "WHERE id < ? ORDER BY id DESC LIMIT ?", before.value_or(INT64_MAX), limit));
}

std::optional<BankFileRecord> BankWorkStore::file(const domain::Uuid& uuid)
{
    auto files = file_records(select<std::int64_t, std::string, std::string, std::string, std::int64_t, std::int64_t, std::int64_t,
        std::int64_t, std::string, std::string, std::string>(session_, FILE_COLUMNS "WHERE uuid = ?", uuid));
    return files.empty() ? std::nullopt : std::optional{std::move(files.front())};
}

} // namespace store

#undef BOOKING_COLUMNS
#undef BOOKING_JOINS
#undef FILE_COLUMNS
