#include "service/supplier_bills.h"

#include "domain/ledger.h"
#include "gateway/random_uuid.h"
#include "logging/log.h"
#include "store/ledger_writer.h"

#include <algorithm>

namespace service {
namespace {

constexpr std::chrono::days may_be_late{3};        ///< a document may carry a date before the day on which it is to be seen
constexpr std::chrono::days delivered_by_then{35}; ///< later no line gets a server any more

} // namespace

void SupplierBills::work(const std::atomic<bool>& stopping)
{
    const auto now = clock_.now();
    const auto from = database_.transact(
        [&](store::Session& session) { return store::SupplierBillStore{session}.begin_reading(rules_.supplier, now, now + rules_.every); });
    if (!from) return;
    const auto ids = supplier_.bills_since(*from - may_be_late);
    if (!ids.done()) {
        logging::event("error", "supplier_bills_unread", {{"why", ids.message}});
        return;
    }
    const auto [known, unassigned] = database_.read([&](store::Session& session) {
        store::SupplierBillStore bills{session};
        return std::pair{bills.known(rules_.supplier, ids.value), bills.unassigned(rules_.supplier, now - delivered_by_then)};
    });
    bool complete = true;
    auto through = *from;
    const auto read_each = [&](const std::vector<std::string>& wanted, const auto& take) {
        for (const auto& id : wanted) {
            if (stopping) return;
            const auto bill = supplier_.bill(id);
            complete = complete && bill.done();
            if (!bill.done()) continue;
            through = std::max(through, bill.value.billed_at);
            take(bill.value);
        }
    };
    std::vector<std::string> fresh;
    std::ranges::copy_if(
        ids.value, std::back_inserter(fresh), [&seen = known](const auto& id) { return std::ranges::find(seen, id) == seen.end(); });
    read_each(fresh, [&](const gateway::SupplierBill& bill) { book(bill); });
    const bool all_booked = complete && !stopping;
    read_each(unassigned, [&](const gateway::SupplierBill& bill) { assign(bill); });
    if (all_booked)
        database_.transact([&](store::Session& session) { store::SupplierBillStore{session}.end_reading(rules_.supplier, through); });
}

void SupplierBills::book(const gateway::SupplierBill& bill)
{
    auto fresh = new_bill(bill);
    database_.transact([&](store::Session& session) {
        if (!store::SupplierBillStore{session}.add(fresh)) return; // another worker's
        const auto entries = domain::supplier_bill_entries(bill.net, bill.gross - bill.net);
        if (entries.empty()) return;
        store::LedgerWriter{session}.book_late(
            {.kind = "supplier_bill", .reference = fresh.uuid, .booked_on = fresh.booked_on, .entries = entries}, clock_.now());
    });
}

void SupplierBills::assign(const gateway::SupplierBill& bill)
{
    database_.transact([&](store::Session& session) { store::SupplierBillStore{session}.assign(new_bill(bill)); });
}

store::NewSupplierBill SupplierBills::new_bill(const gateway::SupplierBill& bill) const
{
    store::NewSupplierBill fresh{.uuid = gateway::random_uuid(),
        .supplier = rules_.supplier,
        .bill = bill.id,
        .billed_at = bill.billed_at,
        .net = bill.net,
        .gross = bill.gross,
        .booked_on = std::min(clock_.day_of(bill.billed_at), clock_.today())};
    for (const auto& line : bill.lines) fresh.lines.push_back({line.service, line.text, line.net.minor});
    return fresh;
}

} // namespace service
