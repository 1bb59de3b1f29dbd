#include "service/bank_work.h"

#include "domain/iban.h"
#include "domain/ledger.h"
#include "domain/refusal.h"
#include "gateway/random_uuid.h"
#include "service/bank_sources.h"
#include "store/audit_store.h"
#include "store/bank_transfer_store.h"
#include "store/member_store.h"

namespace service {
namespace {

namespace account = domain::account;
using domain::BankBookingState;
using domain::Reason;
using domain::Refusal;
using store::BankBooking;

store::NamedInvoice invoice_of(store::Session& session, const std::string& number, const BankBooking& booking)
{
    const auto found = store::BankImportStore{session}.invoices({number});
    if (found.empty()) throw Refusal{Reason::not_found, "there is no invoice " + number};
    const auto& invoice = found.begin()->second;
    if (invoice.currency != booking.told.amount.currency)
        throw Refusal{Reason::booking_differs,
            "the money is in " + std::string{domain::to_text(booking.told.amount.currency)}
                + ", the invoice is not: assign it to the member, or send it back"};
    return invoice;
}

domain::MemberId member_of(store::Session& session, const std::string& username)
{
    const auto member = store::MemberStore{session}.id_of(username);
    if (!member) throw Refusal{Reason::not_found, "there is no member " + username};
    return *member;
}

/// What the payer reads beside the money.
std::string told_reference(const BankBooking& booking)
{
    return booking.told.reference.empty() ? "Returned payment" : "Returned payment " + booking.told.reference;
}

void expect_money_in(const BankBooking& booking, const char* instead)
{
    if (!booking.told.credit) throw Refusal{Reason::booking_differs, std::string{"this money was taken back from us: "} + instead};
}

} // namespace

std::vector<ProposedBooking> BankWork::page(const store::BankBookingFilter& filter, std::optional<std::int64_t> before, int limit)
{
    return database_.read(
        [&](store::Session& session) { return with_proposals(session, store::BankWorkStore{session}.page(filter, before, limit)); });
}

ProposedBooking BankWork::read(const domain::Uuid& uuid)
{
    return database_.read([&](store::Session& session) {
        auto booking = store::BankWorkStore{session}.by_uuid(uuid);
        if (!booking) throw Refusal{Reason::not_found, "there is no booking " + uuid.text()};
        return with_proposals(session, {*booking}).front();
    });
}

BankBooking BankWork::assign(store::Session& session, const domain::Uuid& uuid, const BankTarget& target, const std::string& actor)
{
    const auto booking = locked(session, uuid);
    if (target.booking) {
        offset(session, booking, *target.booking, actor);
        return store::BankWorkStore{session}.by_uuid(uuid).value();
    }
    if (!target.username.empty()) {
        expect_money_in(booking, "assign it to the invoice, or the booking, that it takes back");
        leave_suspense(session, booking);
        const auto payment = pay(session, booking, member_of(session, target.username), std::nullopt);
        return finish(session, booking, BankBookingState::assigned, payment, actor, "to the account of " + target.username);
    }
    if (!booking.told.credit) {
        leave_suspense(session, booking);
        const auto payment = take_back(session, booking, target.invoice);
        return finish(session, booking, BankBookingState::assigned, payment, actor, "took back a payment of " + target.invoice);
    }
    const auto invoice = invoice_of(session, target.invoice, booking);
    leave_suspense(session, booking);
    const auto payment = pay(session, booking, invoice.member, invoice.id);
    return finish(session, booking, BankBookingState::assigned, payment, actor, "to " + target.invoice);
}

BankBooking BankWork::credit(store::Session& session, const domain::Uuid& uuid, const std::string& username, const std::string& actor)
{
    const auto booking = locked(session, uuid);
    expect_money_in(booking, "it cannot be anybody's credit");
    leave_suspense(session, booking);
    const auto payment = pay(session, booking, member_of(session, username), std::nullopt);
    return finish(session, booking, BankBookingState::credited, payment, actor, "to " + username);
}

BankBooking BankWork::refund(store::Session& session, const domain::Uuid& uuid, const BankPayee& payee, const std::string& actor)
{
    const auto booking = locked(session, uuid);
    expect_money_in(booking, "there is nothing to send back");
    const store::BankTransfer transfer{.uuid = gateway::random_uuid(),
        .account = booking.told.account,
        .amount = booking.told.amount,
        .booking = booking.told.id,
        .payee_name = payee.name.empty() ? booking.told.payer_name : payee.name,
        .payee_iban = payee.iban.empty() ? booking.told.payer_iban : payee.iban,
        .text = told_reference(booking)};
    if (transfer.payee_name.empty() || transfer.payee_iban.empty())
        throw Refusal{Reason::payee_missing,
            std::string{"the bank did not say "} + (transfer.payee_name.empty() ? "who paid" : "from which account")
                + ": give payee_name and payee_iban"};
    if (!domain::is_payable_iban(transfer.payee_iban))
        throw Refusal{
            Reason::payee_missing, transfer.payee_iban + " cannot be paid to: give payee_iban, an IBAN without blanks that is no QR-IBAN"};
    if (!store::BankTransferStore{session}.add(transfer, clock_.now()))
        throw Refusal{Reason::booking_decided, "the money is on its way back already"};
    store::LedgerWriter{session}.book_late(
        {.kind = "bank_return",
            .reference = transfer.uuid,
            .booked_on = clock_.today(),
            .entries = domain::transfer_entries(account::suspense(), account::refunds_payable(), transfer.amount)},
        clock_.now());
    return finish(
        session, booking, BankBookingState::refunded, std::nullopt, actor, "to " + transfer.payee_name + ", " + transfer.payee_iban);
}

std::vector<store::BankFileRecord> BankWork::files(std::optional<std::int64_t> before, int limit)
{
    return database_.read([&](store::Session& session) { return store::BankWorkStore{session}.files(before, limit); });
}

store::BankFileRecord BankWork::file(const domain::Uuid& uuid)
{
    const auto file = database_.read([&](store::Session& session) { return store::BankWorkStore{session}.file(uuid); });
    if (!file) throw Refusal{Reason::not_found, "no file " + uuid.text() + " was imported"};
    return *file;
}

BankBooking BankWork::locked(store::Session& session, const domain::Uuid& uuid)
{
    const auto booking = store::BankWorkStore{session}.lock(uuid);
    if (!booking) throw Refusal{Reason::not_found, "there is no booking " + uuid.text()};
    const auto state = booking->told.state;
    if (state == BankBookingState::open || state == BankBookingState::waiting) return *booking;
    if (!booking->decided_at) throw Refusal{Reason::booking_decided, "there is nothing to decide: the booking has its place"};
    throw Refusal{Reason::booking_decided, "the booking is " + std::string{domain::to_text(state)} + " already, by " + booking->decided_by};
}

std::int64_t BankWork::pay(
    store::Session& session, const BankBooking& booking, domain::MemberId member, std::optional<std::int64_t> invoice)
{
    const auto& told = booking.told;
    const domain::Payment payment{.uuid = gateway::random_uuid(),
        .member = member,
        .means = domain::PaymentMeans::bank,
        .source = payment_source(told.account, told.key),
        .account = account::bank(told.account),
        .amount = told.amount,
        .invoice = invoice,
        .booked_on = clock_.today(),
        .value_on = told.value_on,
        .payer_name = told.payer_name,
        .payer_iban = told.payer_iban};
    return payments_.book(session, std::span{&payment, 1}).front().id;
}

std::int64_t BankWork::take_back(store::Session& session, const BankBooking& booking, const std::string& number)
{
    const auto invoice = invoice_of(session, number, booking);
    const auto payment = store::PaymentStore{session}.latest_by_bank(invoice.id, booking.told.amount);
    if (!payment || !payments_.reverse(session, *payment, clock_.today()))
        throw Refusal{Reason::booking_differs,
            "no payment of " + domain::to_text(booking.told.amount) + " through the bank names " + number + ", or it is paid back already"};
    return *payment;
}

/// What one brought into suspense the other has taken out of it.
void BankWork::offset(store::Session& session, const BankBooking& booking, const domain::Uuid& uuid, const std::string& actor)
{
    const auto other = locked(session, uuid);
    if (other.told.account != booking.told.account || other.told.suspense != -booking.told.suspense)
        throw Refusal{
            Reason::booking_differs, "the two bookings do not make nothing together: account and amount must be the same, one in, one out"};
    decide(session, booking, {.after = BankBookingState::offset, .offset_by = other.told.id}, actor);
    decide(session, other, {.after = BankBookingState::offset, .offset_by = booking.told.id}, actor);
    store::AuditStore{session}.add({.at = clock_.now(),
        .actor = actor,
        .action = "bank.offset",
        .subject = booking.told.uuid.text(),
        .detail = domain::to_text(booking.told.amount) + " with " + uuid.text()});
}

void BankWork::leave_suspense(store::Session& session, const BankBooking& booking)
{
    const auto& told = booking.told;
    store::LedgerWriter{session}.book_late(
        {.kind = "bank_suspense_out",
            .reference = told.uuid,
            .booked_on = clock_.today(),
            .entries = domain::suspense_entries(account::bank(told.account), {-told.suspense, told.amount.currency})},
        clock_.now());
}

void BankWork::decide(store::Session& session, const BankBooking& booking, store::BankDecision decision, const std::string& actor)
{
    store::BankWorkStore store{session};
    decision.booking = booking.told.id;
    decision.before = booking.told.state;
    decision.at = clock_.now();
    decision.by = actor;
    if (!store.decide(decision)) throw store::Conflict{"a booking was decided meanwhile"};
    if (booking.told.key.starts_with("E:") && !store.decide_entry(booking.told.account, booking.told.key.substr(2)))
        throw store::Conflict{"the details of an entry have come meanwhile"};
}

BankBooking BankWork::finish(store::Session& session, const BankBooking& booking, BankBookingState state,
    std::optional<std::int64_t> payment, const std::string& actor, const std::string& detail)
{
    decide(session, booking, {.after = state, .payment = payment}, actor);
    store::AuditStore{session}.add({.at = clock_.now(),
        .actor = actor,
        .action = state == BankBookingState::assigned ? "bank.assign"
            : state == BankBookingState::credited     ? "bank.credit"
                                                      : "bank.refund",
        .subject = booking.told.uuid.text(),
        .detail = domain::to_text(booking.told.amount) + ' ' + detail});
    return store::BankWorkStore{session}.by_uuid(booking.told.uuid).value();
}

} // namespace service
