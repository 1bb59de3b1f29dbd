#include "store/supplier_bill_store.h"

#include "store/sql.h"
#include "store/statement.h"

#include <set>

namespace store {

std::optional<domain::Instant> SupplierBillStore::begin_reading(const std::string& supplier, domain::Instant now, domain::Instant next)
{
    execute(session_,
        "INSERT INTO supplier_reading (supplier, bills_from, look_at) VALUES (?, ?, ?)"
        " ON DUPLICATE KEY UPDATE supplier_reading.look_at = supplier_reading.look_at",
        supplier, to_sql(now), to_sql(now));
    const auto taken = execute(
        session_, "UPDATE supplier_reading SET look_at = ? WHERE supplier = ? AND look_at <= ?", to_sql(next), supplier, to_sql(now));
    if (taken != 1) return std::nullopt;
    return instant_of(std::get<0>(
        select_first<std::string>(session_, "SELECT CAST(bills_from AS CHAR) FROM supplier_reading WHERE supplier = ?", supplier).value()));
}

void SupplierBillStore::end_reading(const std::string& supplier, domain::Instant read_through)
{
    execute(
        session_, "UPDATE supplier_reading SET bills_from = GREATEST(bills_from, ?) WHERE supplier = ?", to_sql(read_through), supplier);
}

std::vector<std::string> SupplierBillStore::known(const std::string& supplier, const std::vector<std::string>& bills)
{
    std::vector<std::string> found;
    if (bills.empty()) return found;
    const std::set<std::string> asked{bills.begin(), bills.end()};
    const auto rows = select<std::string>(
        session_, "SELECT bill FROM supplier_bills WHERE supplier = ? AND bill BETWEEN ? AND ?", supplier, *asked.begin(), *asked.rbegin());
    for (const auto& [bill] : rows)
        if (asked.contains(bill)) found.push_back(bill);
    return found;
}

std::vector<std::string> SupplierBillStore::unassigned(const std::string& supplier, domain::Instant since)
{
    std::vector<std::string> bills;
    const auto rows = select<std::string>(session_,
        "SELECT b.bill FROM supplier_bills b WHERE b.supplier = ? AND b.billed_at >= ? AND EXISTS"
        " (SELECT 1 FROM supplier_bill_lines l WHERE l.bill_id = b.id AND l.order_id IS NULL)",
        supplier, to_sql(since));
    for (const auto& [bill] : rows) bills.push_back(bill);
    return bills;
}

bool SupplierBillStore::add(const NewSupplierBill& bill)
{
    std::int64_t id = 0;
    const auto tax = bill.gross - bill.net;
    const bool added = unless_duplicate([&] {
        id = insert(session_,
            "INSERT INTO supplier_bills (uuid, supplier, bill, billed_at, currency, net_minor, tax_minor, gross_minor, booked_on)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            bill.uuid, bill.supplier, bill.bill, to_sql(bill.billed_at), domain::to_text(bill.net.currency), bill.net.minor, tax.minor,
            bill.gross.minor, to_sql(bill.booked_on));
    });
    if (added) write_lines(id, bill);
    return added;
}

void SupplierBillStore::assign(const NewSupplierBill& bill)
{
    const auto row = select_first<std::int64_t>(
        session_, "SELECT id FROM supplier_bills WHERE supplier = ? AND bill = ? FOR UPDATE", bill.supplier, bill.bill);
    if (!row) return;
    execute(session_, "DELETE FROM supplier_bill_lines WHERE bill_id = ?", std::get<0>(*row));
    write_lines(std::get<0>(*row), bill);
}

/// A line is its server's; before that has a name nobody's.
void SupplierBillStore::write_lines(std::int64_t id, const NewSupplierBill& bill)
{
    std::vector<std::int64_t> ids, positions, amounts;
    std::vector<std::string> services, texts;
    for (std::int64_t position = 0; const auto& line : bill.lines) {
        ids.push_back(id);
        positions.push_back(++position);
        services.push_back(line.service.substr(0, 255));
        texts.push_back(line.text.substr(0, 255));
        amounts.push_back(line.net);
    }
    execute_bulk(session_, "INSERT INTO supplier_bill_lines (bill_id, position, service, text, net_minor) VALUES (?, ?, ?, ?, ?)", ids,
        positions, services, texts, amounts);
    execute(session_,
        "UPDATE supplier_bill_lines l JOIN supplies s ON s.supplier = ? AND s.server_name = l.service AND s.server_name <> ''"
        " SET l.order_id = s.order_id WHERE l.bill_id = ?",
        bill.supplier, id);
}

} // namespace store
