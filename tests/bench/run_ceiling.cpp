// run_ceiling SOCKET USER PASSWORD_FILE FROM TO DOCUMENTS: the ceiling of the billing run. Reads the rows that a run has
// written in database FROM and writes the same rows into database TO, which has the same schema, members and orders: array
// binding through Connector/C, one transaction for each DOCUMENTS documents, no logic. Prints the seconds of writing.
#include "bench/copied_rows.h"

namespace {

using namespace bench;

constexpr const char* invoice_columns =
    "id,uuid,member_id,number,kind,status,currency,net_minor,vat_minor,total_minor,billed_on,issued_at,due_on,issued_on,series,"
    "series_year,series_number,chain_position,content_hash,chain_hash,reason,company,address_name,street,house_number,postal_code,city,"
    "country,language,vat_id,issuer_id,vat_treatment,vat_country,vat_note,vat_flag,vat_reason,vat_id_used,vat_consultation,oss_id";
constexpr const char* line_columns =
    "invoice_id,position,order_id,kind,sku,text,period_start,period_end,net_minor,vat_rate,vat_minor,gross_minor,turn,whole_start,"
    "whole_end,quantity,unit_minor,includes_vat,credited_invoice_id,credited_position,earned_from,earned_until";
constexpr const char* receivable_columns = "invoice_id,member_id,currency,due_on,total_minor,open_minor,applied_minor,paid_minor,attend_on";
constexpr const char* transaction_columns = "id,booked_on,kind,reference,member_id,booked_at";
constexpr const char* entry_columns = "transaction_id,position,debit,credit,amount_minor,currency";

std::vector<Batch> slice_after(MYSQL* from, std::int64_t& last, std::int64_t documents)
{
    const auto newest = value_of(from,
        "SELECT MAX(id) FROM (SELECT id FROM invoices WHERE id > " + std::to_string(last) + " ORDER BY id LIMIT "
            + std::to_string(documents) + ") i");
    if (newest.empty()) return {};
    const auto first = last;
    last = std::stoll(newest);
    const auto these = [&](const std::string& column) {
        return " WHERE " + column + " > " + std::to_string(first) + " AND " + column + " <= " + std::to_string(last);
    };
    std::vector<Batch> batches;
    batches.push_back(read(from,
        "SELECT o.next_due_on, o.open_from, o.billed_through, o.setup_billed, o.id FROM orders o WHERE o.id IN"
        " (SELECT order_id FROM invoice_lines"
            + these("invoice_id") + ") ORDER BY o.id",
        "UPDATE orders SET next_due_on = ?, open_from = ?, billed_through = ?, setup_billed = ?, billing_turn = billing_turn + 1 WHERE id "
        "= ?"));
    batches.push_back(
        read(from, select_from(invoice_columns, "invoices") + these("id") + " ORDER BY id", insert_into("invoices", invoice_columns)));
    batches.push_back(read(from, select_from(line_columns, "invoice_lines") + these("invoice_id") + " ORDER BY invoice_id, position",
        insert_into("invoice_lines", line_columns)));
    batches.push_back(read(from, select_from(receivable_columns, "receivables") + these("invoice_id") + " ORDER BY invoice_id",
        insert_into("receivables", receivable_columns)));
    batches.push_back(read(from, "SELECT invoice_id, kind, queued_at FROM mail_outbox" + these("invoice_id") + " ORDER BY invoice_id",
        insert_into("mail_outbox", "invoice_id,kind,queued_at")));
    batches.push_back(read(from,
        select_from(transaction_columns, "ledger_transactions") + " WHERE reference IN (SELECT uuid FROM invoices" + these("id")
            + ") ORDER BY id",
        insert_into("ledger_transactions", transaction_columns)));
    batches.push_back(read(from,
        select_from(entry_columns, "ledger_entries")
            + " WHERE transaction_id IN (SELECT t.id FROM ledger_transactions t"
              " JOIN invoices i ON i.uuid = t.reference"
            + these("i.id") + ") ORDER BY transaction_id, position",
        insert_into("ledger_entries", entry_columns)));
    return batches;
}

} // namespace

int main(int argc, char** argv)
try {
    if (argc != 7) throw std::invalid_argument{"usage: run_ceiling SOCKET USER PASSWORD_FILE FROM TO DOCUMENTS"};
    std::string password;
    std::getline(std::ifstream{argv[3]}, password);
    const auto from = connect(argv[1], argv[2], password, argv[4]);
    const auto to = connect(argv[1], argv[2], password, argv[5]);
    std::int64_t last = 0;
    std::cout << seconds_of_writing(to.get(), false, [&] { return slice_after(from.get(), last, std::atoll(argv[6])); }) << '\n';
    return EXIT_SUCCESS;
} catch (const std::exception& error) {
    std::cerr << "run_ceiling: " << error.what() << '\n';
    return EXIT_FAILURE;
}
