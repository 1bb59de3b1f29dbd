#include "service/invoices.h"

#include "domain/refusal.h"

namespace service {

std::vector<store::InvoiceRecord> Invoices::page(domain::MemberId member, std::optional<std::int64_t> before, int limit)
{
    return database_.read([&](store::Session& session) { return store::InvoiceStore{session}.page(member, before, limit); });
}

InvoiceWithLines Invoices::read(domain::MemberId member, const std::string& number)
{
    return database_.read([&](store::Session& session) {
        store::InvoiceStore invoices{session};
        const auto invoice = invoices.by_number(member, number);
        if (!invoice) throw domain::Refusal{domain::Reason::not_found, "you have no invoice with this number"};
        return InvoiceWithLines{*invoice, invoices.lines_of(*invoice)};
    });
}

} // namespace service
