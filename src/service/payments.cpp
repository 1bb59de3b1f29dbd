#include "service/payments.h"

#include "domain/allocations.h"
#include "domain/ledger.h"
#include "domain/receivables.h"
#include "gateway/random_uuid.h"
#include "service/member_account.h"
#include "store/correction_store.h"
#include "store/document_store.h"
#include "store/job_store.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace service {
namespace {

using AccountKey = std::pair<std::int64_t, domain::Currency>;

std::int64_t number_of(domain::MemberId member) { return static_cast<std::int64_t>(member); }

std::vector<std::int64_t> members_of(const std::vector<store::NewPayment>& payments)
{
    std::set<std::int64_t> members;
    for (const auto& [id, payment, allocations, credit] : payments) members.insert(number_of(payment.member));
    return {members.begin(), members.end()};
}

/// The accounts of some members as the database has them; others are kept from them until the transaction ends.
class Accounts {
public:
    /// `with_credit`: what they have in credit is read, too, so that it can be changed.
    Accounts(store::Session& session, const std::vector<std::int64_t>& members, bool with_credit)
    {
        store::PaymentStore payments{session};
        for (const auto& [member, currency, receivable] : payments.lock_open(members))
            accounts_[{member, currency}].documents.push_back(receivable);
        if (!with_credit) return;
        known_credit_ = payments.lock_credit(members);
        for (const auto& [key, credit] : known_credit_) accounts_[key].credit = credit;
    }

    /// What the payment settles of the member's documents; what is left over becomes credit.
    SettledPayment settle(store::NewPayment& payment)
    {
        const AccountKey key{number_of(payment.payment.member), payment.payment.amount.currency};
        auto& account = accounts_[key];
        const auto before = account;
        account.pay(payment.payment.amount.minor, payment.payment.invoice);
        payment.allocations.clear();
        for (std::size_t i = 0; i < account.documents.size(); ++i)
            if (const auto paid = before.documents[i].open - account.documents[i].open; paid > 0)
                payment.allocations.push_back({account.documents[i].document, paid});
        payment.credit = account.credit - before.credit;
        return outcome_of(payment, account);
    }

    std::vector<store::CreditChange> credit_changes() const
    {
        std::vector<store::CreditChange> changes;
        for (const auto& [key, account] : accounts_)
            if (const auto before = credit_before(key); account.credit != before)
                changes.push_back({domain::MemberId{key.first}, key.second, before, account.credit});
        return changes;
    }

private:
    static SettledPayment outcome_of(const store::NewPayment& payment, domain::Receivables& account)
    {
        SettledPayment settled{.id = payment.id, .credit = payment.credit};
        for (const auto& [invoice, amount] : payment.allocations)
            (payment.payment.invoice == invoice ? settled.on_named : settled.on_others) += amount;
        if (const auto* named = payment.payment.invoice ? account.find(*payment.payment.invoice) : nullptr)
            settled.still_open = named->open;
        return settled;
    }

    std::int64_t credit_before(const AccountKey& key) const
    {
        const auto known = known_credit_.find(key);
        return known == known_credit_.end() ? 0 : known->second;
    }

    std::map<AccountKey, domain::Receivables> accounts_{};
    std::map<AccountKey, std::int64_t> known_credit_{};
};

} // namespace

std::vector<SettledPayment> Payments::book(store::Session& session, std::span<const domain::Payment> payments)
{
    store::LedgerWriter books{session};
    return book(books, payments);
}

std::vector<SettledPayment> Payments::book(store::LedgerWriter& books, std::span<const domain::Payment> payments)
{
    if (payments.empty()) return {};
    auto& session = books.session();
    std::vector<store::NewPayment> booked;
    auto id = books.take("payment", payments.size());
    for (const auto& payment : payments) booked.push_back({.id = id++, .payment = payment});
    auto settled = settle(session, booked);
    store::PaymentStore{session}.add(booked, clock_.now());
    write_books(books, booked);
    wake_waiting(session, booked);
    return settled;
}

/// Credit must not appear beside an open document, so a billing of the same members under way has to know of it: it is held,
/// and then their accounts are read once more, with what it may have written.
std::vector<SettledPayment> Payments::settle(store::Session& session, std::vector<store::NewPayment>& payments)
{
    std::vector<SettledPayment> settled;
    Accounts accounts{session, members_of(payments), false};
    for (auto& payment : payments) settled.push_back(accounts.settle(payment));
    std::set<std::int64_t> gaining;
    for (const auto& change : accounts.credit_changes()) gaining.insert(number_of(change.member));
    if (gaining.empty()) return settled;
    const std::vector<std::int64_t> members{gaining.begin(), gaining.end()};
    store::PaymentStore{session}.hold_billing(members);
    Accounts again{session, members, true};
    for (std::size_t i = 0; i < payments.size(); ++i)
        if (gaining.contains(number_of(payments[i].payment.member))) settled[i] = again.settle(payments[i]);
    store::DocumentStore{session}.change_credit(again.credit_changes());
    return settled;
}

void Payments::write_books(store::LedgerWriter& books, const std::vector<store::NewPayment>& payments)
{
    const auto first_open = store::DocumentStore{books.session()}.first_open_day();
    std::vector<store::NewTransaction> transactions;
    for (const auto& [id, payment, allocations, credit] : payments) {
        const auto currency = payment.amount.currency;
        transactions.push_back({.kind = "payment",
            .reference = payment.uuid,
            .member = payment.member,
            .booked_on = std::max(payment.booked_on, first_open),
            .entries = domain::payment_entries(payment.account, {payment.amount.minor - credit, currency}, {credit, currency})});
    }
    books.book(transactions, clock_.now());
}

void Payments::wake_waiting(store::Session& session, const std::vector<store::NewPayment>& payments)
{
    std::vector<std::int64_t> invoices;
    for (const auto& payment : payments)
        for (const auto& allocation : payment.allocations) invoices.push_back(allocation.invoice);
    const auto orders = store::PaymentStore{session}.orders_waiting_for(invoices);
    store::JobStore{session}.add(domain::JobKind::order_start, orders, gateway::random_uuid().text());
}

bool Payments::reverse(store::Session& session, std::int64_t id, domain::Date booked_on)
{
    store::LedgerWriter books{session};
    return reverse(books, id, booked_on);
}

bool Payments::reverse(store::LedgerWriter& books, std::int64_t id, domain::Date booked_on)
{
    auto& session = books.session();
    store::PaymentStore payments{session};
    const auto payment = payments.lock(id);
    if (!payment || payment->reversed || payment->refunded > 0) return false;
    const auto& [uuid, member, means, source, account, amount, invoice, booked, value, name, iban] = payment->payment;
    const auto allocations = payments.allocations_of(id);
    payments.reverse(id, allocations, clock_.today());

    // Of its credit first what is still there, then what other documents were settled with.
    payments.hold_billing({number_of(member)});
    const auto has = store::CorrectionStore{session}.lock_credit(member, amount.currency);
    const auto taken = std::min(has, payment->credit);
    const auto opened_again = domain::part_of(payments.settled_by_credit(member, amount.currency), payment->credit - taken);
    payments.unapply(opened_again, clock_.today());
    store::DocumentStore documents{session};
    if (taken > 0) documents.change_credit({{member, amount.currency, has, has - taken}});

    // Credit of other origin settles what is open now.
    MemberAccount left{session, member, amount.currency};
    left.rules.add_credit(std::exchange(left.rules.credit, 0));
    left.save();

    const auto opened = domain::sum_of(allocations) + domain::sum_of(opened_again);
    const auto lost = amount.minor - opened - taken;
    auto entries = domain::reversal_entries(account, {opened, amount.currency}, {taken, amount.currency}, {lost, amount.currency});
    if (left.applied() > 0)
        entries.push_back({domain::account::member_credit(), domain::account::receivable(), {left.applied(), amount.currency}});
    books.book_late(
        {.kind = "payment_reversal", .reference = uuid, .member = member, .booked_on = booked_on, .entries = std::move(entries)},
        clock_.now());
    return true;
}

} // namespace service
