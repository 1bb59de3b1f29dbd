#include "service/invoices.h"

#include "domain/refusal.h"
#include "store/member_store.h"

#include <algorithm>

namespace service {
namespace {

domain::Currency currency_of(store::Session& session, domain::MemberId member)
{
    const auto found = store::MemberStore{session}.read(member);
    if (!found) throw domain::Refusal{domain::Reason::not_a_member, "this account is unknown here"};
    return found->currency;
}

} // namespace

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

InvoiceWithLines Invoices::read(const std::string& number)
{
    return database_.read([&](store::Session& session) {
        store::InvoiceStore invoices{session};
        const auto invoice = invoices.by_number(number);
        if (!invoice) throw domain::Refusal{domain::Reason::not_found, "there is no document with this number"};
        return InvoiceWithLines{*invoice, invoices.lines_of(*invoice)};
    });
}

std::vector<store::Balance> Invoices::balances(domain::MemberId member)
{
    return database_.read([&](store::Session& session) {
        const auto own = currency_of(session, member);
        auto balances = store::InvoiceStore{session}.balances(member);
        if (std::ranges::none_of(balances, [&](const store::Balance& balance) { return balance.open.currency == own; }))
            balances.insert(balances.begin(), store::Balance{.open = {0, own}, .credit = {0, own}});
        return balances;
    });
}

Statement Invoices::statement(
    domain::MemberId member, std::optional<domain::Currency> currency, std::optional<domain::Date> from, std::optional<domain::Date> to)
{
    return database_.read([&](store::Session& session) {
        const auto of = currency ? *currency : currency_of(session, member);
        Statement statement;
        store::InvoiceStore invoices{session};
        const auto last = std::max(clock_.today(), invoices.last_movement(member).value_or(clock_.today()));
        statement.to = to.value_or(domain::Day{last} + std::chrono::days{1});
        statement.from = from.value_or(domain::Day{statement.to} - std::chrono::days{365});
        statement.before = statement.after = invoices.owed_before(member, of, statement.from);
        statement.entries = invoices.statement(member, of, statement.from, statement.to);
        for (const auto& entry : statement.entries) statement.after = statement.after + entry.amount;
        return statement;
    });
}

std::vector<store::StoredPayment> Invoices::payments(domain::MemberId member)
{
    constexpr int shown = 1000;
    return database_.read([&](store::Session& session) { return store::PaymentStore{session}.of_member(member, shown); });
}

} // namespace service
