#include "service/disputes.h"

#include "domain/ledger.h"
#include "gateway/random_uuid.h"
#include "logging/log.h"
#include "store/ledger_writer.h"

#include <cstdlib>

namespace service {
namespace {

namespace account = domain::account;
using gateway::DisputeState;

/// Its money has been taken back: an inquiry's has not.
bool is_withdrawn(DisputeState state)
{
    return state == DisputeState::needs_response || state == DisputeState::under_review || state == DisputeState::won
        || state == DisputeState::lost;
}

std::string word_of(DisputeState state)
{
    switch (state) {
    case DisputeState::warning_needs_response: return "warning_needs_response";
    case DisputeState::warning_under_review: return "warning_under_review";
    case DisputeState::warning_closed: return "warning_closed";
    case DisputeState::needs_response: return "needs_response";
    case DisputeState::under_review: return "under_review";
    case DisputeState::won: return "won";
    case DisputeState::lost: return "lost";
    case DisputeState::prevented: return "prevented";
    case DisputeState::unrecognised: return "unrecognised";
    }
    return "unrecognised";
}

std::string outcome_of(DisputeState state)
{
    if (state == DisputeState::lost) return "lost";
    if (state == DisputeState::won || state == DisputeState::warning_closed || state == DisputeState::prevented) return "won";
    return "open";
}

} // namespace

bool Disputes::look_at(const std::string& dispute)
{
    const auto answer = gateway_.retrieve_dispute(dispute);
    if (answer.outcome == gateway::CallOutcome::missing) return true;
    if (answer.outcome != gateway::CallOutcome::done) return false;
    database_.transact([&](store::Session& session) { take(session, answer.value); });
    return true;
}

void Disputes::take(store::Session& session, const gateway::Dispute& seen)
{
    const auto payment = store::PaymentStore{session}.by_source("charge:" + seen.charge);
    if (!payment || !seen.currency) return logging::event("warning", "dispute_not_ours", {{"dispute", seen.id}});
    const domain::Money amount{seen.amount_minor, *seen.currency};
    store::DisputeStore disputes{session};
    auto known = disputes.lock(seen.id);
    if (!known) {
        known = store::DisputeRecord{seen.id, payment->id, amount, seen.reason, word_of(seen.state)};
        disputes.add(*known, clock_.now());
        logging::event("error", "dispute_opened", {{"dispute", seen.id}, {"payment", payment->payment.uuid.text()}});
    }
    if (known->outcome != "open") return; // it ended, and news come late
    known->state = word_of(seen.state);
    if (!known->withdrawn && is_withdrawn(seen.state)) {
        known->withdrawn = true;
        book(session, "dispute", *payment, account::disputed_payments(), account::card_clearing(), amount);
    }
    known->outcome = outcome_of(seen.state);
    if (known->withdrawn && known->outcome == "won")
        book(session, "dispute_won", *payment, account::card_clearing(), account::disputed_payments(), amount);
    if (known->withdrawn && known->outcome == "lost")
        book(session, "dispute_lost", *payment, account::write_off(), account::disputed_payments(), amount);
    if (const auto kept = seen.fees.minor - known->fees; kept != 0) {
        book_fee(session, {kept, seen.fees.currency});
        known->fees = seen.fees.minor;
    }
    disputes.change(*known, clock_.now());
}

void Disputes::book(store::Session& session, const char* kind, const store::StoredPayment& payment, const std::string& debit,
    const std::string& credit, domain::Money amount)
{
    store::LedgerWriter{session}.book_late({.kind = kind,
                                               .reference = payment.payment.uuid,
                                               .member = payment.payment.member,
                                               .booked_on = clock_.today(),
                                               .entries = domain::transfer_entries(debit, credit, amount)},
        clock_.now());
}

/// What the gateway keeps, or gives back of it, beside what it told before.
void Disputes::book_fee(store::Session& session, domain::Money kept)
{
    const bool is_back = kept.minor < 0;
    const auto& to = is_back ? account::card_clearing() : account::card_fees();
    const auto& from = is_back ? account::card_fees() : account::card_clearing();
    store::LedgerWriter{session}.book_late({.kind = "dispute_fee",
                                               .reference = gateway::random_uuid(),
                                               .booked_on = clock_.today(),
                                               .entries = domain::transfer_entries(to, from, {std::abs(kept.minor), kept.currency})},
        clock_.now());
}

} // namespace service
