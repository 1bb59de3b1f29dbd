#include "store/payment_store.h"

#include "domain/allocations.h"
#include "store/keys.h"
#include "store/sql.h"
#include "store/statement.h"

#include <algorithm>

#define PAYMENT_COLUMNS                                                                                                                    \
    "SELECT id, uuid, member_id, means, source, account, currency, amount_minor, credit_minor, refunded_minor, invoice_id,"                \
    " state = 'reversed', CAST(booked_on AS CHAR), CAST(value_on AS CHAR), payer_name, payer_iban FROM payments "

namespace store {
namespace {

using Numbers = std::vector<std::int64_t>;
using Texts = std::vector<std::string>;
using Row = std::tuple<std::int64_t, std::string, std::int64_t, std::string, std::string, std::string, std::string, std::int64_t,
    std::int64_t, std::int64_t, std::optional<std::int64_t>, bool, std::string, std::string, std::string, std::string>;

StoredPayment payment_of(const Row& row)
{
    const auto& [id, uuid, member, means, source, account, currency, amount, credit, refunded, invoice, reversed, booked_on, value_on, name,
        iban] = row;
    return {.id = id,
        .payment = {.uuid = uuid_of(uuid),
            .member = domain::MemberId{member},
            .means = domain::payment_means_from(means),
            .source = source,
            .account = account,
            .amount = money_of(amount, currency),
            .invoice = invoice,
            .booked_on = date_of(booked_on),
            .value_on = date_of(value_on),
            .payer_name = name,
            .payer_iban = iban},
        .credit = credit,
        .refunded = refunded,
        .reversed = reversed};
}

template <class... Args> std::vector<StoredPayment> payments(Session& session, const char* sql, const Args&... args)
{
    std::vector<StoredPayment> found;
    const auto rows = [&]<class... Columns>(std::tuple<Columns...>*) { return select<Columns...>(session, sql, args...); }(
                          static_cast<Row*>(nullptr));
    for (const auto& row : rows) found.push_back(payment_of(row));
    return found;
}

std::optional<StoredPayment> first(std::vector<StoredPayment> found)
{
    return found.empty() ? std::nullopt : std::optional{std::move(found.front())};
}

/// What was taken off documents, or is put back.
struct Columns {
    explicit Columns(const std::vector<domain::Allocation>& allocations)
    {
        for (const auto& [invoice, amount] : allocations) {
            invoices.push_back(invoice);
            amounts.push_back(amount);
        }
    }
    Numbers invoices{}, amounts{};
};

} // namespace

std::vector<OpenDocument> PaymentStore::lock_open(const Numbers& members)
{
    std::vector<OpenDocument> open;
    for_keys(members, [&](const auto&... keys) {
        const auto rows = select<std::int64_t, std::string, std::int64_t, std::int64_t>(session_,
            "SELECT member_id, currency, invoice_id, open_minor FROM receivables FORCE INDEX (open_receivables)"
            " WHERE open_of IN " STORE_KEYS " ORDER BY open_of, invoice_id FOR UPDATE",
            keys...);
        for (const auto& [member, currency, invoice, minor] : rows)
            open.push_back({member, money_of(0, currency).currency, {.document = invoice, .open = minor}});
    });
    return open;
}

std::map<std::pair<std::int64_t, domain::Currency>, std::int64_t> PaymentStore::lock_credit(const Numbers& members)
{
    std::map<std::pair<std::int64_t, domain::Currency>, std::int64_t> credit;
    for_keys(members, [&](const auto&... keys) {
        const auto rows = select<std::int64_t, std::string, std::int64_t>(session_,
            "SELECT member_id, currency, credit_minor FROM credit_balances WHERE member_id IN " STORE_KEYS " FOR UPDATE", keys...);
        for (const auto& [member, currency, minor] : rows) credit[{member, money_of(0, currency).currency}] = minor;
    });
    return credit;
}

void PaymentStore::hold_billing(const Numbers& members)
{
    execute_bulk(
        session_, "UPDATE orders SET billing_turn = billing_turn + 1 WHERE member_id = ? AND next_due_on IS NOT NULL ORDER BY id", members);
}

void PaymentStore::add(std::span<const NewPayment> payments, domain::Instant now)
{
    Numbers ids, members, amounts, credits, allocation_payments, allocation_invoices, allocation_amounts;
    Texts uuids, means, sources, accounts, currencies, booked_on, value_on, names, ibans;
    std::vector<std::optional<std::int64_t>> invoices;
    for (const auto& [id, payment, allocations, credit] : payments) {
        ids.push_back(id);
        uuids.push_back(payment.uuid.text());
        members.push_back(static_cast<std::int64_t>(payment.member));
        means.emplace_back(domain::to_text(payment.means));
        sources.push_back(payment.source);
        accounts.push_back(payment.account);
        currencies.emplace_back(domain::to_text(payment.amount.currency));
        amounts.push_back(payment.amount.minor);
        credits.push_back(credit);
        invoices.push_back(payment.invoice);
        booked_on.push_back(to_sql(payment.booked_on));
        value_on.push_back(to_sql(payment.value_on));
        names.push_back(payment.payer_name);
        ibans.push_back(payment.payer_iban);
        for (const auto& [invoice, amount] : allocations) {
            allocation_payments.push_back(id);
            allocation_invoices.push_back(invoice);
            allocation_amounts.push_back(amount);
        }
    }
    execute_bulk(session_,
        "INSERT INTO payments (id, uuid, member_id, means, source, account, currency, amount_minor, credit_minor, invoice_id, booked_on,"
        " value_on, received_at, payer_name, payer_iban) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        ids, uuids, members, means, sources, accounts, currencies, amounts, credits, invoices, booked_on, value_on,
        Texts(ids.size(), to_sql(now)), names, ibans);
    execute_bulk(session_, "INSERT INTO payment_allocations (payment_id, invoice_id, amount_minor) VALUES (?, ?, ?)", allocation_payments,
        allocation_invoices, allocation_amounts);
    const auto found = execute_bulk(session_,
        "UPDATE receivables SET attend_on = IF(open_minor = ?, NULL, attend_on), paid_minor = paid_minor + ?, open_minor = open_minor - ?"
        " WHERE invoice_id = ? AND open_minor >= ?",
        allocation_amounts, allocation_amounts, allocation_amounts, allocation_invoices, allocation_amounts);
    if (found != allocation_invoices.size()) throw Conflict{"a document was settled meanwhile"};
}

std::optional<StoredPayment> PaymentStore::by_source(const std::string& source)
{
    return first(payments(session_, PAYMENT_COLUMNS "WHERE source = ?", source));
}

std::optional<StoredPayment> PaymentStore::by_uuid(const domain::Uuid& uuid)
{
    return first(payments(session_, PAYMENT_COLUMNS "WHERE uuid = ?", uuid));
}

std::optional<std::int64_t> PaymentStore::latest_by_bank(std::int64_t invoice, domain::Money amount)
{
    const auto row = select_first<std::int64_t>(session_,
        "SELECT id FROM payments WHERE invoice_id = ? AND amount_minor = ? AND currency = ? AND means = 'bank' AND state = 'booked'"
        " ORDER BY id DESC LIMIT 1 FOR UPDATE",
        invoice, amount.minor, domain::to_text(amount.currency));
    return row ? std::optional{std::get<0>(*row)} : std::nullopt;
}

std::optional<StoredPayment> PaymentStore::lock(const domain::Uuid& uuid)
{
    return first(payments(session_, PAYMENT_COLUMNS "WHERE uuid = ? FOR UPDATE", uuid));
}

std::optional<StoredPayment> PaymentStore::lock(std::int64_t id)
{
    return first(payments(session_, PAYMENT_COLUMNS "WHERE id = ? FOR UPDATE", id));
}

std::vector<domain::Allocation> PaymentStore::allocations_of(std::int64_t payment)
{
    std::vector<domain::Allocation> allocations;
    const auto rows = select<std::int64_t, std::int64_t>(
        session_, "SELECT invoice_id, amount_minor FROM payment_allocations WHERE payment_id = ? ORDER BY invoice_id", payment);
    for (const auto& [invoice, amount] : rows) allocations.push_back({invoice, amount});
    return allocations;
}

void PaymentStore::reverse(std::int64_t payment, const std::vector<domain::Allocation>& allocations, domain::Date attend_on)
{
    const auto found =
        execute(session_, "UPDATE payments SET state = 'reversed' WHERE id = ? AND state = 'booked' AND refunded_minor = 0", payment);
    if (found != 1) throw Conflict{"the payment was reversed or refunded meanwhile"};
    const Columns columns{allocations};
    const auto opened = execute_bulk(session_,
        "UPDATE receivables SET paid_minor = paid_minor - ?, open_minor = open_minor + ?, attend_on = COALESCE(attend_on, ?)"
        " WHERE invoice_id = ? AND paid_minor >= ?",
        columns.amounts, columns.amounts, Texts(allocations.size(), to_sql(attend_on)), columns.invoices, columns.amounts);
    if (opened != allocations.size()) throw Conflict{"a document was changed meanwhile"};
}

void PaymentStore::unsettle(std::int64_t payment, const std::vector<domain::Allocation>& allocations, domain::Date attend_on)
{
    const Columns columns{allocations};
    const std::vector<std::int64_t> payments(allocations.size(), payment);
    const auto gone = execute_bulk(session_, "DELETE FROM payment_allocations WHERE payment_id = ? AND invoice_id = ? AND amount_minor = ?",
        payments, columns.invoices, columns.amounts); // first: what is left of another could be of that amount, too
    const auto less = execute_bulk(session_,
        "UPDATE payment_allocations SET amount_minor = amount_minor - ? WHERE payment_id = ? AND invoice_id = ? AND amount_minor > ?",
        columns.amounts, payments, columns.invoices, columns.amounts);
    const auto opened = execute_bulk(session_,
        "UPDATE receivables SET paid_minor = paid_minor - ?, open_minor = open_minor + ?, attend_on = COALESCE(attend_on, ?)"
        " WHERE invoice_id = ? AND paid_minor >= ?",
        columns.amounts, columns.amounts, Texts(allocations.size(), to_sql(attend_on)), columns.invoices, columns.amounts);
    if (gone + less != allocations.size() || opened != allocations.size()) throw Conflict{"a document was changed meanwhile"};
    execute(session_, "UPDATE payments SET credit_minor = credit_minor + ? WHERE id = ?", domain::sum_of(allocations), payment);
}

std::vector<domain::Allocation> PaymentStore::settled_by_credit(domain::MemberId member, domain::Currency currency)
{
    std::vector<domain::Allocation> settled;
    const auto rows = select<std::int64_t, std::int64_t>(session_,
        "SELECT invoice_id, applied_minor FROM receivables FORCE INDEX (receivables_of_member)"
        " WHERE member_id = ? AND currency = ? AND applied_minor > 0 ORDER BY invoice_id DESC FOR UPDATE",
        static_cast<std::int64_t>(member), domain::to_text(currency));
    for (const auto& [invoice, amount] : rows) settled.push_back({invoice, amount});
    return settled;
}

void PaymentStore::unapply(const std::vector<domain::Allocation>& applied, domain::Date attend_on)
{
    const Columns columns{applied};
    const auto opened = execute_bulk(session_,
        "UPDATE receivables SET applied_minor = applied_minor - ?, open_minor = open_minor + ?, attend_on = COALESCE(attend_on, ?)"
        " WHERE invoice_id = ? AND applied_minor >= ?",
        columns.amounts, columns.amounts, Texts(applied.size(), to_sql(attend_on)), columns.invoices, columns.amounts);
    if (opened != applied.size()) throw Conflict{"a document was changed meanwhile"};
}

bool PaymentStore::hold_refund(std::int64_t payment, std::int64_t amount)
{
    return execute(session_,
               "UPDATE payments SET refunded_minor = refunded_minor + ? WHERE id = ? AND state = 'booked' AND amount_minor - "
               "refunded_minor >= ?",
               amount, payment, amount)
        == 1;
}

void PaymentStore::release_refund(std::int64_t payment, std::int64_t amount)
{
    const auto found = execute(
        session_, "UPDATE payments SET refunded_minor = refunded_minor - ? WHERE id = ? AND refunded_minor >= ?", amount, payment, amount);
    if (found != 1) throw Conflict{"nothing is held of this payment"};
}

std::vector<domain::Uuid> PaymentStore::orders_waiting_for(const Numbers& invoices)
{
    std::vector<domain::Uuid> orders;
    for_keys(invoices, [&](const auto&... keys) {
        const auto rows = select<std::string>(session_,
            "SELECT DISTINCT o.uuid FROM invoice_lines l JOIN orders o ON o.id = l.order_id AND o.status = 'awaiting_payment'"
            " WHERE l.invoice_id IN " STORE_KEYS " ORDER BY o.uuid",
            keys...);
        for (const auto& [uuid] : rows) orders.push_back(uuid_of(uuid));
    });
    return orders;
}

std::vector<StoredPayment> PaymentStore::of_member(domain::MemberId member, int limit)
{
    return payments(session_, PAYMENT_COLUMNS "WHERE member_id = ? ORDER BY id DESC LIMIT ?", static_cast<std::int64_t>(member), limit);
}

} // namespace store

#undef PAYMENT_COLUMNS
