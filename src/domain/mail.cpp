#include "domain/mail.h"

#include <array>
#include <stdexcept>

namespace domain {
namespace {

using namespace std::chrono_literals;

constexpr auto patience_with_charges = 10min;

bool charge_is_expected(const MailMatter& matter) { return matter.last_attempt ? is_under_way(*matter.last_attempt) : matter.has_card; }

} // namespace

std::string_view to_text(MailKind kind)
{
    switch (kind) {
    case MailKind::issued: return "issued";
    case MailKind::credit_note: return "credit_note";
    case MailKind::payment_failed: return "payment_failed";
    case MailKind::authentication_required: return "authentication_required";
    case MailKind::reminder: return "reminder";
    case MailKind::second_reminder: return "second_reminder";
    case MailKind::final_notice: return "final_notice";
    case MailKind::suspended: return "suspended";
    case MailKind::reinstated: return "reinstated";
    case MailKind::refunded: return "refunded";
    case MailKind::card_expiring: return "card_expiring";
    }
    throw std::domain_error{"no such kind of mail"};
}

std::optional<MailKind> mail_kind_from(std::string_view text)
{
    using enum MailKind;
    for (const auto kind : {issued, credit_note, payment_failed, authentication_required, reminder, second_reminder, final_notice,
             suspended, reinstated, refunded, card_expiring})
        if (to_text(kind) == text) return kind;
    return std::nullopt;
}

bool carries_document(MailKind kind)
{
    switch (kind) {
    case MailKind::issued:
    case MailKind::credit_note:
    case MailKind::reminder:
    case MailKind::second_reminder:
    case MailKind::final_notice:
    case MailKind::suspended: return true;
    case MailKind::payment_failed:
    case MailKind::authentication_required:
    case MailKind::reinstated:
    case MailKind::refunded:
    case MailKind::card_expiring: return false;
    }
    return false;
}

std::string_view to_text(MailState state)
{
    switch (state) {
    case MailState::queued: return "queued";
    case MailState::sending: return "sending";
    case MailState::sent: return "sent";
    case MailState::refused: return "refused";
    case MailState::failed: return "failed";
    case MailState::obsolete: return "obsolete";
    case MailState::no_address: return "no_address";
    }
    throw std::domain_error{"no such state of a mail"};
}

std::optional<MailState> mail_state_from(std::string_view text)
{
    using enum MailState;
    for (const auto state : {queued, sending, sent, refused, failed, obsolete, no_address})
        if (to_text(state) == text) return state;
    return std::nullopt;
}

bool may_be_retried(MailState state) { return state == MailState::refused || state == MailState::failed || state == MailState::no_address; }

std::optional<std::chrono::seconds> mail_pause_after(int attempts)
{
    constexpr std::array<std::chrono::seconds, 8> first{1min, 5min, 15min, 30min, 1h, 2h, 4h, 6h};
    constexpr int tries = 26; // the last of them after 7 h 51 min and 18 times 6 hours
    if (attempts < 1) return first.front();
    if (attempts >= tries) return std::nullopt;
    const auto index = static_cast<std::size_t>(attempts - 1);
    return index < first.size() ? first[index] : first.back();
}

MailStep next_step(const MailMatter& matter)
{
    if (!matter.still_so) return MailStep::obsolete;
    switch (matter.kind) {
    case MailKind::issued: {
        const bool is_fresh = matter.age >= 0s && matter.age < patience_with_charges;
        return !matter.is_settled && is_fresh && charge_is_expected(matter) ? MailStep::wait : MailStep::send;
    }
    case MailKind::authentication_required:
        return matter.is_settled || matter.last_attempt != AttemptState::waiting ? MailStep::obsolete : MailStep::send;
    case MailKind::payment_failed:
    case MailKind::reminder:
    case MailKind::second_reminder:
    case MailKind::final_notice:
    case MailKind::suspended: return matter.is_settled ? MailStep::obsolete : MailStep::send;
    case MailKind::credit_note:
    case MailKind::reinstated:
    case MailKind::refunded:
    case MailKind::card_expiring: return MailStep::send;
    }
    return MailStep::send;
}

} // namespace domain
