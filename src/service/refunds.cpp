#include "service/refunds.h"

#include "domain/allocations.h"
#include "domain/iban.h"
#include "domain/refusal.h"
#include "gateway/random_uuid.h"
#include "logging/log.h"
#include "service/member_account.h"
#include "store/audit_store.h"
#include "store/correction_store.h"
#include "store/dispute_store.h"
#include "store/document_store.h"
#include "store/job_store.h"
#include "store/outbox_store.h"
#include "store/payment_store.h"

#include <algorithm>

namespace service {
namespace {

namespace account = domain::account;
using domain::Reason;
using domain::Refusal;
using gateway::CallOutcome;
using gateway::RefundState;
using store::RefundStatus;

constexpr std::chrono::milliseconds pause_when_unknown{2000};
constexpr std::chrono::days operator_may_take{7}; // to credit a document whose money was paid back by hand

} // namespace

store::RefundRecord Refunds::request(store::Session& session, const RefundRequest& request, const std::string& actor)
{
    store::PaymentStore payments{session};
    const auto payment = payments.lock(request.payment); // before the refund refers to it: two who both did would wait for each other
    if (!payment) throw Refusal{Reason::not_found, "there is no payment " + request.payment.text()};
    const auto& [uuid, member, means, source, from_account, paid, invoice, booked_on, value_on, payer_name, payer_iban] = payment->payment;
    const bool by_bank = means == domain::PaymentMeans::bank;
    store::RefundRecord refund{.uuid = gateway::random_uuid(),
        .reference = request.reference,
        .member = member,
        .payment = payment->id,
        .payment_source = source,
        .means = means,
        .amount = request.amount,
        .reason = request.reason,
        .payee_name = !by_bank           ? ""
            : request.payee_name.empty() ? payer_name
                                         : request.payee_name,
        .payee_iban = !by_bank           ? ""
            : request.payee_iban.empty() ? payer_iban
                                         : request.payee_iban,
        .requested_at = clock_.now()};
    if (by_bank && (refund.payee_name.empty() || refund.payee_iban.empty()))
        throw Refusal{Reason::nothing_to_refund, "the bank did not say who paid: give payee_name and payee_iban"};
    if (by_bank && !domain::is_payable_iban(refund.payee_iban))
        throw Refusal{Reason::nothing_to_refund, refund.payee_iban + " cannot be paid to: give payee_iban, an IBAN that is no QR-IBAN"};
    if (request.amount.currency != paid.currency) throw Refusal{Reason::nothing_to_refund, "the payment is in another currency"};
    if (!store::RefundStore{session}.add(refund, actor))
        throw Refusal{Reason::reference_in_use, "a refund was made under the reference " + request.reference + " already"};
    if (!payments.hold_refund(payment->id, request.amount.minor))
        throw Refusal{Reason::nothing_to_refund,
            "only " + std::to_string(payment->reversed ? 0 : paid.minor - payment->refunded)
                + " minor units of this payment can be paid back"};

    if (store::DisputeStore{session}.holds(payment->id))
        throw Refusal{Reason::nothing_to_refund, "the payment is disputed: its money went back to the card's bank already"};
    MemberAccount credit{session, member, paid.currency};
    if (!credit.rules.refund(request.amount.minor))
        throw Refusal{Reason::nothing_to_refund,
            "the member has " + std::to_string(credit.rules.credit) + " minor units of credit; issue a credit note first"};
    credit.save();
    store::LedgerWriter books{session};
    book(books, "refund", refund, domain::transfer_entries(account::member_credit(), account::refunds_payable(), request.amount));
    if (!by_bank) store::JobStore{session}.add(domain::JobKind::refund, refund.uuid);
    store::AuditStore{session}.add({.at = clock_.now(),
        .actor = actor,
        .action = "refund.request",
        .subject = request.reference,
        .detail = domain::to_text(request.amount) + " of payment " + uuid.text() + ": " + request.reason});
    return refund;
}

std::vector<store::RefundRecord> Refunds::newest(int limit)
{
    return database_.read([&](store::Session& session) { return store::RefundStore{session}.newest(limit); });
}

/// Once the gateway may know of a refund, it is asked for what it has before anything is asked of it again: a key is good for a
/// day, what a refund carries for ever.
JobReport Refunds::carry_out(const domain::Uuid& uuid)
{
    const auto refund = database_.transact([&](store::Session& session) -> std::optional<store::RefundRecord> {
        store::RefundStore refunds{session};
        auto locked = refunds.lock(uuid);
        if (!locked || (locked->status != RefundStatus::requested && locked->status != RefundStatus::asked)) return std::nullopt;
        refunds.begin(locked->id);
        return locked;
    });
    if (!refund) return {};
    if (refund->status == RefundStatus::asked) {
        const auto known = gateway_.list_refunds(refund->intent);
        if (known.outcome != CallOutcome::done)
            return {JobOutcome::postponed, "refund_outcome_unknown", std::max(known.retry_after, pause_when_unknown)};
        const auto ours = std::ranges::find(known.value, uuid.text(), [](const gateway::Refund& seen) { return seen.owner.refund; });
        if (ours != known.value.end()) {
            take(uuid, *ours);
            return {};
        }
    }
    const auto answer = gateway_.refund({.intent = refund->intent,
        .amount = refund->amount,
        .refund = refund->uuid.text(),
        .idempotency_key = "rf-" + refund->uuid.text()});
    switch (answer.outcome) {
    case CallOutcome::done: take(uuid, answer.value); return {};
    case CallOutcome::later: return {JobOutcome::postponed, "card_gateway_busy", std::max(answer.retry_after, pause_when_unknown)};
    case CallOutcome::unknown: return {JobOutcome::postponed, "refund_outcome_unknown", pause_when_unknown};
    case CallOutcome::missing:
    case CallOutcome::refused:
        logging::event("error", "refund_refused", {{"refund", uuid.text()}, {"code", answer.error.code}});
        database_.transact([&](store::Session& session) {
            store::LedgerWriter books{session};
            failed(books, uuid, account::card_clearing(), answer.error.code.empty() ? "refused" : answer.error.code);
        });
        return {};
    }
    return {};
}

bool Refunds::look_at(const std::string& gateway_refund)
{
    const auto answer = gateway_.retrieve_refund(gateway_refund);
    if (answer.outcome == CallOutcome::missing) return true;
    if (answer.outcome != CallOutcome::done) return false;
    const auto ours = domain::Uuid::parse(answer.value.owner.refund);
    if (const auto uuid = ours ? ours : adopt(answer.value)) take(*uuid, answer.value);
    return true;
}

std::optional<domain::Uuid> Refunds::adopt(const gateway::Refund& seen)
{
    return database_.transact([&](store::Session& session) -> std::optional<domain::Uuid> {
        store::RefundStore refunds{session};
        const auto reference = "gateway " + seen.id;
        if (const auto known = refunds.by_reference(reference)) return known->uuid;
        store::PaymentStore payments{session};
        const auto payment = payments.by_source("charge:" + seen.charge);
        const bool is_of_it = payment && seen.currency == payment->payment.amount.currency && seen.amount_minor > 0;
        if (!is_of_it || seen.state == RefundState::failed || seen.state == RefundState::canceled) {
            logging::event("warning", "refund_not_ours", {{"refund", seen.id}});
            return std::nullopt;
        }
        if (!payments.hold_refund(payment->id, seen.amount_minor)) {
            logging::event("error", "refund_exceeds_payment", {{"refund", seen.id}, {"payment", payment->payment.uuid.text()}});
            return std::nullopt;
        }
        const store::RefundRecord made{.uuid = gateway::random_uuid(),
            .reference = reference,
            .member = payment->payment.member,
            .payment = payment->id,
            .payment_source = payment->payment.source,
            .means = payment->payment.means,
            .amount = {seen.amount_minor, *seen.currency},
            .reason = "made at the gateway",
            .requested_at = clock_.now()};
        if (!refunds.add(made, "gateway")) throw store::Conflict{"the refund was written down meanwhile"};
        refunds.begin(refunds.by_reference(reference).value().id);
        take_from_member(session, *payment, made);
        logging::event("error", "refund_made_at_the_gateway", {{"refund", seen.id}, {"payment", payment->payment.uuid.text()}});
        store::AuditStore{session}.add({.at = clock_.now(),
            .actor = "gateway",
            .action = "refund.adopt",
            .subject = reference,
            .detail = domain::to_text(made.amount) + " of payment " + payment->payment.uuid.text()});
        return made.uuid;
    });
}

/// Credit goes first; what it does not cover, the documents that the payment settled owe again, then those that its credit settled.
void Refunds::take_from_member(store::Session& session, const store::StoredPayment& payment, const store::RefundRecord& refund)
{
    store::PaymentStore payments{session};
    const auto currency = refund.amount.currency;
    const auto attend_on = domain::Date{domain::Day{clock_.today()} + operator_may_take};
    payments.hold_billing({static_cast<std::int64_t>(refund.member)});
    const auto has = store::CorrectionStore{session}.lock_credit(refund.member, currency);
    const auto taken = std::min(has, refund.amount.minor);
    if (taken > 0) store::DocumentStore{session}.change_credit({{refund.member, currency, has, has - taken}});

    const auto settled = domain::part_of(payments.allocations_of(payment.id), refund.amount.minor - taken);
    payments.unsettle(payment.id, settled, attend_on);
    const auto left = refund.amount.minor - taken - domain::sum_of(settled);
    const auto by_credit = domain::part_of(payments.settled_by_credit(refund.member, currency), left);
    payments.unapply(by_credit, attend_on);

    const auto opened = domain::sum_of(settled) + domain::sum_of(by_credit);
    const auto lost = refund.amount.minor - taken - opened;
    store::LedgerWriter books{session};
    book(books, "refund", refund,
        domain::reversal_entries(account::refunds_payable(), {opened, currency}, {taken, currency}, {lost, currency}));
}

void Refunds::take(const domain::Uuid& uuid, const gateway::Refund& seen)
{
    database_.transact([&](store::Session& session) {
        store::RefundStore refunds{session};
        const auto refund = refunds.lock(uuid);
        if (!refund || seen.amount_minor != refund->amount.minor) return;
        store::LedgerWriter books{session};
        switch (seen.state) {
        case RefundState::succeeded: return succeeded(books, *refund, account::card_clearing(), seen.id);
        case RefundState::failed:
        case RefundState::canceled: return give_back(books, *refund, account::card_clearing(), seen.id, seen.failure_reason);
        case RefundState::pending:
        case RefundState::requires_action:
        case RefundState::unrecognised:
            if (refund->status == RefundStatus::asked) refunds.record(refund->id, RefundStatus::pending, seen.id, "", clock_.now());
        }
    });
}

void Refunds::paid_by_bank(store::LedgerWriter& books, const domain::Uuid& uuid, const std::string& from_account)
{
    if (const auto refund = store::RefundStore{books.session()}.lock(uuid)) succeeded(books, *refund, from_account, "");
}

void Refunds::failed(store::LedgerWriter& books, const domain::Uuid& uuid, const std::string& from_account, const std::string& why)
{
    if (const auto refund = store::RefundStore{books.session()}.lock(uuid)) give_back(books, *refund, from_account, "", why);
}

void Refunds::succeeded(
    store::LedgerWriter& books, const store::RefundRecord& refund, const std::string& from_account, const std::string& gateway_id)
{
    if (refund.status == RefundStatus::succeeded || refund.status == RefundStatus::failed) return;
    store::RefundStore{books.session()}.record(refund.id, RefundStatus::succeeded, gateway_id, "", clock_.now());
    store::OutboxStore{books.session()}.queue_refund(refund.id, clock_.now());
    book(books, "refund_paid", refund, domain::transfer_entries(account::refunds_payable(), from_account, refund.amount));
}

/// Also of one that had succeeded: a card's bank may send it back days later.
void Refunds::give_back(store::LedgerWriter& books, const store::RefundRecord& refund, const std::string& from_account,
    const std::string& gateway_id, const std::string& why)
{
    if (refund.status == RefundStatus::failed) return;
    const bool was_paid = refund.status == RefundStatus::succeeded;
    auto& session = books.session();
    store::RefundStore{session}.record(refund.id, RefundStatus::failed, gateway_id, why, clock_.now());
    store::PaymentStore{session}.release_refund(refund.payment, refund.amount.minor);
    MemberAccount credit{session, refund.member, refund.amount.currency};
    credit.rules.add_credit(refund.amount.minor);
    credit.save();
    const auto& returned_to = was_paid ? from_account : account::refunds_payable();
    book(books, "refund_failed", refund,
        domain::payment_entries(returned_to, {credit.applied(), refund.amount.currency}, {credit.credit_gained(), refund.amount.currency}));
    logging::event("error", "refund_failed", {{"refund", refund.uuid.text()}, {"why", why}});
}

void Refunds::book(
    store::LedgerWriter& books, const std::string& kind, const store::RefundRecord& refund, std::vector<domain::Entry> entries)
{
    books.book_late(
        {.kind = kind, .reference = refund.uuid, .member = refund.member, .booked_on = clock_.today(), .entries = std::move(entries)},
        clock_.now());
}

} // namespace service
