// bank_ceiling SOCKET USER PASSWORD_FILE FROM TO BOOKINGS: the ceiling of an import. Reads the rows that an import has written
// in database FROM and writes the same rows into database TO, which has the same schema and the documents as they were before:
// array binding through Connector/C, BOOKINGS at a time, all in one transaction, no logic. Prints the seconds of writing.
#include "bench/copied_rows.h"

namespace {

using namespace bench;

constexpr const char* booking_columns =
    "id,uuid,file_id,account,booking_key,entry,detail,credit,reversal,currency,amount_minor,booked_on,value_on,"
    "reference,end_to_end_id,payer_name,payer_iban,text,outcome,state,suspense_minor,payment_id";
constexpr const char* payment_columns =
    "id,uuid,member_id,means,source,account,currency,amount_minor,credit_minor,invoice_id,booked_on,value_on,"
    "received_at,payer_name,payer_iban";

std::vector<Batch> slice_after(MYSQL* from, std::int64_t& last, std::int64_t bookings)
{
    const auto newest = value_of(from,
        "SELECT MAX(id) FROM (SELECT id FROM bank_bookings WHERE id > " + std::to_string(last) + " ORDER BY id LIMIT "
            + std::to_string(bookings) + ") b");
    if (newest.empty()) return {};
    const auto these = " b.id > " + std::to_string(last) + " AND b.id <= " + newest;
    last = std::stoll(newest);
    const std::string paid = " JOIN bank_bookings b ON b.payment_id = p.id WHERE" + these;
    const std::string booked = "(SELECT p.uuid FROM payments p" + paid
        + " UNION ALL SELECT b.uuid FROM bank_bookings b WHERE suspense_minor <> 0 AND" + these
        + ") r JOIN ledger_transactions t ON t.reference = r.uuid";
    std::vector<Batch> batches;
    batches.push_back(read(from,
        "SELECT DISTINCT e.account, e.entry_key, e.state FROM bank_entries e JOIN bank_bookings b ON b.account = e.account"
        " AND e.entry_key = CONCAT('E', SUBSTR(b.booking_key, 4), '/CRDT') WHERE"
            + these,
        insert_into("bank_entries", "account,entry_key,state")));
    batches.push_back(read(from, "SELECT " + columns_of("p", payment_columns) + " FROM payments p" + paid + " ORDER BY p.id",
        insert_into("payments", payment_columns)));
    batches.push_back(read(from,
        "SELECT a.payment_id, a.invoice_id, a.amount_minor FROM payment_allocations a JOIN bank_bookings b ON b.payment_id = a.payment_id "
        "WHERE"
            + these,
        insert_into("payment_allocations", "payment_id,invoice_id,amount_minor")));
    batches.push_back(read(from,
        "SELECT a.amount_minor, a.amount_minor, a.amount_minor, a.invoice_id FROM payment_allocations a JOIN bank_bookings b ON "
        "b.payment_id = a.payment_id WHERE"
            + these,
        "UPDATE receivables SET attend_on = IF(open_minor = ?, NULL, attend_on), paid_minor = paid_minor + ?, open_minor = open_minor - ?"
        " WHERE invoice_id = ?"));
    batches.push_back(read(from,
        "SELECT DISTINCT c.member_id, c.currency, c.credit_minor FROM credit_balances c JOIN payments p ON p.member_id = c.member_id AND "
        "p.credit_minor > 0"
            + paid,
        "REPLACE INTO credit_balances (member_id, currency, credit_minor) VALUES (?, ?, ?)"));
    batches.push_back(read(from, "SELECT t.id,t.booked_on,t.kind,t.reference,t.member_id,t.booked_at FROM " + booked + " ORDER BY t.id",
        insert_into("ledger_transactions", "id,booked_on,kind,reference,member_id,booked_at")));
    batches.push_back(read(from,
        "SELECT e.transaction_id,e.position,e.debit,e.credit,e.amount_minor,e.currency FROM " + booked
            + " JOIN ledger_entries e ON e.transaction_id = t.id ORDER BY e.transaction_id, e.position",
        insert_into("ledger_entries", "transaction_id,position,debit,credit,amount_minor,currency")));
    batches.push_back(read(from, select_from(booking_columns, "bank_bookings b WHERE") + these + " ORDER BY b.id",
        insert_into("bank_bookings", booking_columns)));
    return batches;
}

} // namespace

int main(int argc, char** argv)
try {
    if (argc != 7) throw std::invalid_argument{"usage: bank_ceiling SOCKET USER PASSWORD_FILE FROM TO BOOKINGS"};
    std::string password;
    std::getline(std::ifstream{argv[3]}, password);
    const auto from = connect(argv[1], argv[2], password, argv[4]);
    const auto to = connect(argv[1], argv[2], password, argv[5]);
    std::int64_t last = 0;
    std::cout << seconds_of_writing(to.get(), true, [&] { return slice_after(from.get(), last, std::atoll(argv[6])); }) << '\n';
    return EXIT_SUCCESS;
} catch (const std::exception& error) {
    std::cerr << "bank_ceiling: " << error.what() << '\n';
    return EXIT_FAILURE;
}
