#include "service/mailing.h"

#include "document/mail_message.h"
#include "document/unprintable.h"
#include "document/wording.h"
#include "domain/mail.h"
#include "domain/member_pages.h"
#include "domain/refusal.h"
#include "logging/log.h"
#include "store/issuer_store.h"

#include <algorithm>
#include <random>
#include <thread>

namespace service {
namespace {

using domain::MailKind;
using domain::MailState;
using gateway::MailOutcome;
using namespace std::chrono_literals;

constexpr int mails_at_a_time = 10;
constexpr auto lease = 15min;         // longer than that many mails may take together
constexpr auto pause_for_charge = 2s; // before an invoice whose charge is under way is looked at again
constexpr auto pause_when_away = 30s;
constexpr auto warned_before = std::chrono::days{30};

std::vector<std::int64_t> ids_of(const std::vector<store::TakenMail>& mails)
{
    std::vector<std::int64_t> ids;
    for (const auto& mail : mails) ids.push_back(mail.id);
    return ids;
}

/// What became of a mail must not get lost while the database is away for a moment: the mail would be sent twice.
template <class Work> void until_written(store::Database& database, const Work& work)
{
    constexpr int patience = 40;
    for (int tries = 1;; ++tries) {
        try {
            return database.transact(work);
        } catch (const domain::Unavailable&) {
            if (tries == patience) throw;
            std::this_thread::sleep_for(250ms);
        }
    }
}

/// A tenth more or less, so that what failed together does not come back together.
std::chrono::seconds jittered(std::chrono::seconds pause)
{
    thread_local std::mt19937 random{std::random_device{}()};
    const auto tenth = std::max<std::int64_t>(pause.count() / 10, 1);
    return pause + std::chrono::seconds{std::uniform_int_distribution<std::int64_t>{-tenth, tenth}(random)};
}

document::PaymentWay way_of(const store::MailFacts& facts)
{
    if (facts.open.minor == 0) return document::PaymentWay::settled;
    if (facts.last_attempt && domain::is_under_way(*facts.last_attempt)) return document::PaymentWay::card;
    return facts.has_iban ? document::PaymentWay::payment_part : document::PaymentWay::online;
}

/// "Rechnung-2026-000123.pdf".
std::string file_name(const std::string& language, MailKind kind, const std::string& number)
{
    const auto& words = document::wording(language);
    std::string name = kind == MailKind::credit_note ? words.credit_note : words.invoice;
    std::ranges::replace(name, ' ', '-');
    return name + '-' + number + ".pdf";
}

} // namespace

Mailing::Pass Mailing::work(const std::string& worker, const std::atomic<bool>& stop)
{
    const auto mails = take(worker);
    if (mails.empty()) return Pass::idle;
    const auto facts = database_.read([&](store::Session& session) { return store::MailFactsStore{session}.of(ids_of(mails)); });
    for (std::size_t i = 0; i < mails.size(); ++i) {
        const auto known = facts.find(mails[i].id);
        const bool goes_on = attend(mails[i], known == facts.end() ? store::MailFacts{} : known->second, worker);
        if (goes_on && !stop) continue;
        const std::vector rest(mails.begin() + static_cast<std::ptrdiff_t>(i) + 1, mails.end());
        database_.transact(
            [&](store::Session& session) { store::OutboxStore{session}.hand_back(rest, worker, goes_on ? 0s : pause_when_away); });
        return goes_on ? Pass::busy : Pass::server_away;
    }
    return Pass::busy;
}

void Mailing::take_back(const std::string& worker)
{
    database_.transact([&](store::Session& session) { store::OutboxStore{session}.release(worker); });
}

void Mailing::notice_expiring_cards()
{
    const auto today = clock_.today();
    if (noticed_on_ == today) return;
    const auto queued = database_.transact([&](store::Session& session) {
        return store::OutboxStore{session}.queue_expiring_cards(today, domain::Day{today} + warned_before, clock_.now());
    });
    noticed_on_ = today;
    if (queued > 0) logging::event("info", "cards_expiring", {{"mails", std::to_string(queued)}});
}

std::vector<store::TakenMail> Mailing::take(const std::string& worker)
{
    return database_.transact([&](store::Session& session) {
        store::OutboxStore outbox{session};
        outbox.release_expired();
        const int room = rules_.per_minute == 0 ? mails_at_a_time : rules_.per_minute - outbox.tried_in_last_minute();
        return room > 0 ? outbox.take(worker, lease, std::min(room, mails_at_a_time)) : std::vector<store::TakenMail>{};
    });
}

/// Returns false if no other mail should be tried now.
bool Mailing::attend(const store::TakenMail& mail, const store::MailFacts& facts, const std::string& worker)
{
    try {
        const auto kind = domain::mail_kind_from(mail.kind);
        if (!kind) return finish(mail, worker, MailState::failed, "nobody knows what to write of kind " + mail.kind), true;
        if (mail.unknowns >= domain::max_unknown_mails)
            return finish(mail, worker, MailState::failed, "sent several times without an answer; it may have arrived"), true;
        if (!domain::mail_pause_after(mail.attempts - 1)) return finish(mail, worker, MailState::failed, "tried too often"), true;
        switch (domain::next_step(matter_of(mail, *kind, facts))) {
        case domain::MailStep::obsolete: return finish(mail, worker, MailState::obsolete, ""), true;
        case domain::MailStep::wait:
            database_.transact([&](store::Session& session) { store::OutboxStore{session}.hand_back({mail}, worker, pause_for_charge); });
            return true;
        case domain::MailStep::send: return send(mail, *kind, facts, worker);
        }
    } catch (const domain::Unavailable&) {
        throw; // the database: nothing can be written down
    } catch (const document::Unprintable& error) {
        again(mail, worker, error.what(), false);
    } catch (const std::exception& error) {
        logging::event("error", "mail_trouble", {{"mail", mail.uuid.text()}, {"what", error.what()}});
        again(mail, worker, "internal_error", false);
    }
    return true;
}

bool Mailing::send(const store::TakenMail& mail, MailKind kind, const store::MailFacts& facts, const std::string& worker)
{
    if (!domain::is_mail_address(facts.email))
        return finish(mail, worker, MailState::no_address, facts.email.empty() ? "" : "mail cannot be sent to this address"), true;
    const gateway::Mail sent{.id = document::message_id(mail.uuid, rules_.from),
        .from = rules_.from.address,
        .to = facts.email,
        .bytes = bytes_of(mail, kind, facts)};
    const bool is_ours =
        database_.transact([&](store::Session& session) { return store::OutboxStore{session}.begin(mail, worker, facts.email); });
    return !is_ours || settle(mail, gateway_.send(sent), worker);
}

bool Mailing::settle(const store::TakenMail& mail, const gateway::MailResult& result, const std::string& worker)
{
    logging::event(result.outcome == MailOutcome::sent ? "info" : "warning", "mail",
        {{"mail", mail.uuid.text()}, {"kind", mail.kind}, {"reason", result.reason}});
    switch (result.outcome) {
    case MailOutcome::sent: finish(mail, worker, MailState::sent, ""); break;
    case MailOutcome::refused_for_ever: finish(mail, worker, MailState::refused, result.reason); break;
    case MailOutcome::try_again: again(mail, worker, result.reason, false); break;
    case MailOutcome::unknown: again(mail, worker, result.reason, true); break;
    }
    return !result.ends_the_pass;
}

void Mailing::again(const store::TakenMail& mail, const std::string& worker, const std::string& reason, bool may_have_arrived)
{
    const auto pause = domain::mail_pause_after(mail.attempts);
    if (!pause) return finish(mail, worker, MailState::failed, reason);
    until_written(database_,
        [&](store::Session& session) { store::OutboxStore{session}.again(mail, worker, jittered(*pause), reason, may_have_arrived); });
}

void Mailing::finish(const store::TakenMail& mail, const std::string& worker, MailState state, const std::string& reason)
{
    if (state != MailState::sent && state != MailState::obsolete)
        logging::event("error", "mail_undelivered", {{"mail", mail.uuid.text()}, {"state", domain::to_text(state)}, {"reason", reason}});
    until_written(database_, [&](store::Session& session) { store::OutboxStore{session}.finish(mail, worker, state, reason); });
}

domain::MailMatter Mailing::matter_of(const store::TakenMail& mail, MailKind kind, const store::MailFacts& facts) const
{
    bool still_so = facts.still_so;
    if (kind == MailKind::suspended) still_so = !facts.suspended.empty();
    if (kind == MailKind::reinstated) still_so = facts.suspended.empty();
    if (facts.expires) still_so = still_so && clock_.today() <= *facts.expires;
    return {.kind = kind,
        .still_so = still_so,
        .is_settled = facts.open.minor == 0,
        .last_attempt = facts.last_attempt,
        .has_card = facts.has_card,
        .age = std::chrono::floor<std::chrono::seconds>(clock_.now() - mail.queued_at)};
}

document::LetterMatter Mailing::letter_of(MailKind kind, const store::MailFacts& facts, const domain::Issuer& issuer) const
{
    const auto& dunning = rules_.dunning.ladder;
    document::LetterMatter matter{.kind = kind,
        .language = facts.language,
        .name = facts.name,
        .sender = issuer.address.company.empty() ? rules_.from.name : issuer.address.company,
        .email = issuer.email.empty() ? rules_.from.address : issuer.email,
        .number = facts.number,
        .total = {std::abs(facts.total.minor), facts.total.currency},
        .open = facts.open,
        .issued_on = facts.issued_on,
        .due_on = facts.due_on,
        .way = way_of(facts),
        .link = domain::payment_page(rules_.base_url, facts.number),
        .card_link = domain::card_page(rules_.base_url),
        .corrected = facts.corrected,
        .days_overdue = static_cast<int>((domain::Day{clock_.today()} - domain::Day{facts.due_on}).count()),
        .suspended = facts.suspended,
        .card = facts.card,
        .charged_again = facts.has_card && facts.attempts < domain::max_charges,
        .account = facts.payee_iban.empty() ? "" : document::hidden_account(facts.payee_iban),
        .reason = facts.reason,
        .card_expires = facts.expires};
    if (facts.wait_until) matter.confirm_until = clock_.day_of(*facts.wait_until);
    if (const auto next = facts.reminded_on
            ? domain::stage_after(dunning, std::string{domain::to_text(kind)}, facts.due_on, *facts.reminded_on)
            : std::nullopt)
        if (const auto next_kind = domain::mail_kind_from(next->name)) matter.next = document::LetterMatter::Next{*next_kind, next->on};
    return matter;
}

/// The same mail has the same bytes as long as its matter stands as it did; its Message-ID and Date never change.
std::string Mailing::bytes_of(const store::TakenMail& mail, MailKind kind, const store::MailFacts& facts)
{
    const auto issuer = database_.read([](store::Session& session) { return store::IssuerStore{session}.current(); });
    const auto letter = document::letter(letter_of(kind, facts, issuer.value_or(domain::Issuer{})));
    document::MailMessage message{.id = mail.uuid,
        .date = mail.queued_at,
        .from = rules_.from,
        .to = {facts.name, facts.email},
        .language = facts.language,
        .subject = letter.subject,
        .text = letter.text,
        .html = letter.html};
    if (!rules_.reply_to.empty()) message.reply_to = domain::Mailbox{"", rules_.reply_to};
    if (domain::carries_document(kind))
        message.attachments.push_back({.file_name = file_name(facts.language, kind, facts.number), .bytes = printer_.print(facts.number)});
    return document::mail_bytes(message);
}

} // namespace service
