#include "service/bills.h"

namespace service {

std::vector<store::Bill> Bills::list(domain::MemberId member, const store::BillFilter& filter)
{
    return database_.read([&](store::Session& session) { return store::BillReader{session}.bills(member, filter); });
}

std::optional<BillView> Bills::read(domain::MemberId member, const std::string& number, store::BillKind kind)
{
    return database_.read([&](store::Session& session) -> std::optional<BillView> {
        const auto bill = store::BillReader{session}.bill(member, number, kind);
        if (!bill) return std::nullopt;
        store::InvoiceStore invoices{session};
        BillView view{.bill = *bill, .invoice = invoices.by_number(member, number).value()};
        view.lines = invoices.lines_of(view.invoice);
        if (bill->checkout != 0) view.servers = store::CheckoutReader{session}.servers_on(view.invoice.id);
        return view;
    });
}

std::optional<store::DocumentPayment> Bills::payment(const BillView& bill)
{
    return database_.read([&](store::Session& session) { return store::CheckoutReader{session}.payment_of(bill.invoice.id); });
}

} // namespace service
