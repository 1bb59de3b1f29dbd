#include "service/charging.h"

#include "domain/ledger.h"
#include "gateway/random_uuid.h"
#include "logging/log.h"
#include "store/document_store.h"
#include "store/job_store.h"
#include "store/outbox_store.h"
#include "store/payment_method_store.h"

#include <algorithm>
#include <utility>

namespace service {
namespace {

using domain::AttemptState;
using domain::DeclineReaction;
using gateway::CallOutcome;
using gateway::IntentState;
using namespace std::chrono_literals;

constexpr auto key_lives = 23h;             // the gateway keeps keys a day
constexpr auto member_may_take = 24h * 3;   // to confirm
constexpr auto pause_when_unknown = 2000ms; // before the same is asked again
constexpr auto fee_delay = 1000ms;
constexpr auto pause_after_mistake = 5min; // what we ask wrongly of one we would ask wrongly of all

/// What the state of an intent says of its try; nullopt: nothing yet.
std::optional<AttemptState> state_of(const gateway::PaymentIntent& intent)
{
    switch (intent.state) {
    case IntentState::succeeded: return AttemptState::succeeded;
    case IntentState::processing: return AttemptState::processing;
    case IntentState::requires_action: return AttemptState::waiting;
    case IntentState::canceled: return AttemptState::canceled;
    case IntentState::requires_payment_method: return intent.decline ? std::optional{AttemptState::failed} : std::nullopt;
    case IntentState::requires_confirmation:
    case IntentState::requires_capture:
    case IntentState::unrecognised: return std::nullopt;
    }
    return std::nullopt;
}

void alarm(const char* what, const domain::ChargeAttempt& attempt, const std::string& detail)
{
    logging::event("error", what, {{"attempt", attempt.uuid.text()}, {"invoice", attempt.invoice_number}, {"detail", detail}});
}

JobReport later(std::chrono::milliseconds pause, const char* why)
{
    return {.outcome = JobOutcome::postponed, .error = why, .pause = std::max<std::chrono::milliseconds>(pause, 300ms)};
}

} // namespace

std::vector<domain::Uuid> Charging::plan(store::Session& session, const std::vector<std::int64_t>& invoices)
{
    return write_down(session, store::ChargeStore{session}.lock_chargeable(invoices));
}

std::vector<domain::Uuid> Charging::plan(store::Session& session, std::int64_t invoice, const domain::Uuid& method)
{
    return write_down(session, store::ChargeStore{session}.lock_chargeable(invoice, method));
}

std::vector<domain::Uuid> Charging::write_down(store::Session& session, const std::vector<store::ChargeableDocument>& documents)
{
    std::vector<domain::ChargeAttempt> attempts;
    std::vector<domain::Uuid> planned;
    for (const auto& document : documents) {
        attempts.push_back({.uuid = gateway::random_uuid(),
            .invoice = document.invoice,
            .attempt = document.attempts + 1,
            .member = document.member,
            .method = document.method,
            .customer = document.customer,
            .card = document.card,
            .amount = document.open,
            .description = "Invoice " + document.number,
            .planned_on = clock_.today()});
        planned.push_back(attempts.back().uuid);
    }
    if (!store::ChargeStore{session}.plan(attempts, clock_.now())) return {};
    store::JobStore{session}.add(domain::JobKind::charge, planned);
    return planned;
}

JobReport Charging::carry_out(const domain::Uuid& uuid)
{
    if (const auto left = quiet_until_.load() - std::chrono::steady_clock::now(); left > 0ms)
        return later(std::chrono::ceil<std::chrono::milliseconds>(left), "card_gateway_refuses_us");
    const auto [what, attempt] = begin(uuid);
    switch (what) {
    case Beginning::ask: return ask(attempt);
    case Beginning::look_up: return look_up(attempt);
    case Beginning::over: break;
    }
    return {};
}

/// The last look before the gateway is asked: what was paid otherwise meanwhile is not charged any more.
Charging::Begun Charging::begin(const domain::Uuid& uuid)
{
    const auto now = clock_.now();
    return database_.transact([&](store::Session& session) -> Begun {
        store::ChargeStore charges{session};
        const auto attempt = charges.lock(uuid);
        if (!attempt) return {};
        if (attempt->state == AttemptState::asked)
            return {now - attempt->asked_at.value_or(now) > key_lives ? Beginning::look_up : Beginning::ask, *attempt};
        if (attempt->state != AttemptState::planned) return {};
        if (charges.lock_open(attempt->invoice) < attempt->amount.minor) {
            charges.record(attempt->id, {.state = AttemptState::canceled, .reaction = "settled_otherwise"}, now);
            charges.attend(attempt->invoice, clock_.today());
            return {};
        }
        charges.begin(attempt->id, now);
        return {Beginning::ask, *attempt};
    });
}

JobReport Charging::ask(const domain::ChargeAttempt& attempt)
{
    const auto answer = gateway_.charge({.customer = attempt.customer,
        .payment_method = attempt.card,
        .amount = attempt.amount,
        .invoice = attempt.invoice_number,
        .attempt = attempt.uuid.text(),
        .description = attempt.description,
        .idempotency_key = attempt.key()});
    switch (answer.outcome) {
    case CallOutcome::done: take(attempt.uuid, answer.value, answer.request_id); return {};
    case CallOutcome::later: return later(answer.retry_after, "card_gateway_busy");
    case CallOutcome::unknown: // kept under the key as it is: asking again would not tell more
        return answer.replayed && found(attempt).value_or(false) ? JobReport{} : later(pause_when_unknown, "payment_outcome_unknown");
    case CallOutcome::missing:
        close(attempt.uuid, std::string{domain::to_text(DeclineReaction::ask_for_card)}, answer.error.code, answer.request_id);
        return {};
    case CallOutcome::refused:
        alarm("charge_refused", attempt, answer.error.type + ' ' + answer.error.code + ' ' + answer.request_id);
        quiet_until_ = std::chrono::steady_clock::now() + pause_after_mistake;
        if (answer.error.status == 401 || answer.error.status == 403) return later(pause_after_mistake, "card_gateway_refuses_us");
        close(attempt.uuid, std::string{domain::to_text(DeclineReaction::our_mistake)}, answer.error.code, answer.request_id);
        return {};
    }
    return {};
}

/// The key is no longer good: what never reached the gateway by now never will.
JobReport Charging::look_up(const domain::ChargeAttempt& attempt)
{
    const auto is_there = found(attempt);
    if (!is_there) return later(pause_when_unknown, "payment_outcome_unknown");
    if (!*is_there) close(attempt.uuid, "never_arrived", "", "");
    return {};
}

/// Whether a try has reached the gateway is found by what it carries, and its outcome is taken; nullopt: the gateway did not answer.
std::optional<bool> Charging::found(const domain::ChargeAttempt& attempt)
{
    const auto answer = gateway_.find_intents(attempt.customer, attempt.asked_at.value_or(clock_.now()) - 1h);
    if (answer.outcome != CallOutcome::done) return std::nullopt;
    for (const auto& intent : answer.value) {
        if (intent.owner.attempt != attempt.uuid.text()) continue;
        take(attempt.uuid, intent, answer.request_id);
        return true;
    }
    return false;
}

JobReport Charging::give_up(const domain::Uuid& uuid)
{
    const auto attempt = database_.read([&](store::Session& session) { return store::ChargeStore{session}.by_uuid(uuid); });
    if (!attempt || attempt->state != AttemptState::waiting) return {};
    const auto answer = gateway_.cancel_intent(attempt->intent, attempt->key() + "-cancel");
    if (answer.outcome == CallOutcome::done) {
        take(uuid, answer.value, answer.request_id);
        return {};
    }
    if (answer.outcome == CallOutcome::unknown) look_at(attempt->intent); // perhaps it is given up all the same
    return later(answer.retry_after, "card_gateway_unavailable");
}

bool Charging::look_at(const std::string& intent)
{
    const auto attempt = database_.read([&](store::Session& session) { return store::ChargeStore{session}.by_intent(intent); });
    const auto answer = gateway_.retrieve_intent(intent);
    if (answer.outcome == CallOutcome::missing) return true;
    if (answer.outcome != CallOutcome::done) return false;
    const auto named = attempt ? attempt : domain::Uuid::parse(answer.value.owner.attempt);
    if (named) take(*named, answer.value, answer.request_id);
    return true;
}

bool Charging::look_at(const domain::Uuid& uuid)
{
    const auto attempt = database_.read([&](store::Session& session) { return store::ChargeStore{session}.by_uuid(uuid); });
    if (!attempt || !domain::is_open(attempt->state) || attempt->intent.empty()) return true;
    return look_at(attempt->intent);
}

/// The one transition: whoever heard of the intent's state first writes it down, everybody after that finds it done.
void Charging::take(const domain::Uuid& uuid, const gateway::PaymentIntent& intent, const std::string& request_id)
{
    database_.transact([&](store::Session& session) {
        store::ChargeStore charges{session};
        const auto attempt = charges.lock(uuid);
        if (!attempt || (!attempt->intent.empty() && attempt->intent != intent.id)) return;
        if (intent.amount_minor != attempt->amount.minor || intent.currency != attempt->amount.currency)
            return alarm("intent_differs", *attempt, intent.id);
        const auto state = state_of(intent);
        if (!state) return;
        store::AttemptNews news{.state = *state, .intent = intent.id, .charge = intent.latest_charge, .request_id = request_id};
        std::optional<domain::DeclineJudgement> judgement;
        if (*state == AttemptState::failed) {
            news.decline = *intent.decline;
            judgement = domain::judge(news.decline, attempt->attempt);
            news.reaction = domain::to_text(judgement->reaction);
            if (judgement->reaction == DeclineReaction::customer_must_act) news.state = AttemptState::waiting;
        }
        if (!domain::may_become(attempt->state, news.state)) return;
        if (news.state == AttemptState::waiting) news.wait_until = clock_.now() + member_may_take;
        charges.record(attempt->id, news, clock_.now());
        if (judgement) react(session, *attempt, news.decline, *judgement);
        if (news.state == AttemptState::succeeded) book(session, *attempt, intent);
        if (news.state == AttemptState::waiting)
            store::OutboxStore{session}.queue(attempt->invoice, domain::MailKind::authentication_required, clock_.now());
        if (news.state == AttemptState::failed)
            store::OutboxStore{session}.queue(attempt->invoice, domain::MailKind::payment_failed, clock_.now());
        if (!domain::is_open(news.state)) charges.attend(attempt->invoice, clock_.today());
    });
}

/// What a refusal means beyond its try: whether the card is left alone, and what somebody has to know.
void Charging::react(store::Session& session, const domain::ChargeAttempt& attempt, const domain::Decline& decline,
    const domain::DeclineJudgement& judgement)
{
    if (!judgement.is_known) logging::event("warning", "unknown_decline", {{"code", decline.code}, {"decline", decline.decline_code}});
    switch (judgement.reaction) {
    case DeclineReaction::our_mistake: return alarm("charge_declined_by_our_mistake", attempt, decline.code);
    case DeclineReaction::ask_for_card:
    case DeclineReaction::never_again:
        return store::PaymentMethodStore{session}.stop_charging(attempt.method, std::string{domain::to_text(judgement.reaction)});
    case DeclineReaction::customer_must_act:
    case DeclineReaction::retry_later: return;
    }
}

void Charging::book(store::Session& session, const domain::ChargeAttempt& attempt, const gateway::PaymentIntent& intent)
{
    const domain::Payment payment{.uuid = gateway::random_uuid(),
        .member = attempt.member,
        .means = domain::PaymentMeans::card,
        .source = "charge:" + (intent.latest_charge.empty() ? intent.id : intent.latest_charge),
        .account = domain::account::card_clearing(),
        .amount = {intent.received_minor, attempt.amount.currency},
        .invoice = attempt.invoice,
        .booked_on = clock_.today(),
        .value_on = clock_.today()};
    const auto settled = payments_.book(session, {&payment, 1}).front();
    store::PaymentMethodStore{session}.resume_charging(attempt.method);
    if (settled.on_named != payment.amount.minor)
        logging::event("warning", "paid_otherwise_too", {{"invoice", attempt.invoice_number}, {"payment", payment.uuid.text()}});
    store::JobStore{session}.add(domain::JobKind::charge_fee, payment.uuid, "", fee_delay);
}

void Charging::close(const domain::Uuid& uuid, const std::string& reaction, const std::string& code, const std::string& request_id)
{
    database_.transact([&](store::Session& session) {
        store::ChargeStore charges{session};
        const auto attempt = charges.lock(uuid);
        if (!attempt || !domain::may_become(attempt->state, AttemptState::failed)) return;
        charges.record(attempt->id,
            {.state = AttemptState::failed, .request_id = request_id, .decline = {.code = code}, .reaction = reaction}, clock_.now());
        if (reaction == domain::to_text(DeclineReaction::ask_for_card)) {
            store::PaymentMethodStore{session}.stop_charging(attempt->method, reaction);
            store::OutboxStore{session}.queue(attempt->invoice, domain::MailKind::payment_failed, clock_.now());
        }
        charges.attend(attempt->invoice, clock_.today());
    });
}

JobReport Charging::book_fee(const domain::Uuid& uuid)
{
    const auto payment = database_.read([&](store::Session& session) { return store::PaymentStore{session}.by_uuid(uuid); });
    if (!payment || !payment->payment.source.starts_with("charge:ch_")) return {};
    const auto answer = gateway_.retrieve_charge(payment->payment.source.substr(std::string{"charge:"}.size()));
    if (answer.outcome == CallOutcome::missing || answer.outcome == CallOutcome::refused) return {};
    const auto& fee = answer.value;
    if (answer.outcome != CallOutcome::done || !fee.fee_minor || !fee.fee_currency) return {JobOutcome::again, "fee_not_known_yet"};
    if (*fee.fee_minor <= 0) return {};
    database_.transact([&](store::Session& session) {
        store::NewTransaction transaction{.kind = "card_fee",
            .reference = uuid,
            .booked_on = clock_.today(),
            .entries = domain::transfer_entries(
                domain::account::card_fees(), domain::account::card_clearing(), {*fee.fee_minor, *fee.fee_currency})};
        store::unless_duplicate([&] { store::LedgerWriter{session}.book_late(std::move(transaction), clock_.now()); });
    });
    return {};
}

} // namespace service
