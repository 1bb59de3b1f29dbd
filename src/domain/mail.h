#pragma once
#include "domain/calendar.h"
#include "domain/charge_attempt.h"

#include <chrono>
#include <optional>
#include <string_view>

// What is written to members, and when it goes out.
namespace domain {

/// Why a member gets a mail. The stages of dunning have the names of the ladder.
enum class MailKind {
    issued,
    credit_note,
    payment_failed,
    authentication_required,
    reminder,
    second_reminder,
    final_notice,
    suspended,
    reinstated,
    refunded,
    card_expiring
};

std::string_view to_text(MailKind kind);
std::optional<MailKind> mail_kind_from(std::string_view text);

/// True if the document goes with it, as a PDF file.
bool carries_document(MailKind kind);

/// How a mail stands. `failed`: given up after many tries; `refused`: its receiver's server will not have it; `obsolete`: not true
/// any more when its turn came; `no_address`: the directory knows none that mail can be sent to.
enum class MailState { queued, sending, sent, refused, failed, obsolete, no_address };

std::string_view to_text(MailState state);
std::optional<MailState> mail_state_from(std::string_view text);

/// True if an operator may give it a new start: it did not go out, and not because it was not true any more.
bool may_be_retried(MailState state);

/// The pause after the `attempts`-th try that did not get through: a minute at first, six hours in the end. nullopt: it is given up,
/// after about five days (RFC 5321 §4.5.4.1).
std::optional<std::chrono::seconds> mail_pause_after(int attempts);

/// How often a mail is sent again that may have arrived already: each time the member might get it once more.
inline constexpr int max_unknown_mails = 3;

/// What decides whether a mail is still worth sending.
struct MailMatter {
    MailKind kind{};
    bool still_so{true};                        ///< what it tells of: the card, the refund, the suspended orders
    bool is_settled{false};                     ///< nothing of the document is open
    std::optional<AttemptState> last_attempt{}; ///< to charge a card for the document
    bool has_card{false};                       ///< there is one to charge
    std::chrono::seconds age{0};                ///< since it was queued; below zero after a clock was set back
};

enum class MailStep { send, wait, obsolete };

/// A reminder of what is paid meanwhile is obsolete. An invoice waits, some minutes at most, while its charge is under way: it then
/// says that it is paid, instead of asking for money twice.
MailStep next_step(const MailMatter& matter);

} // namespace domain
