#pragma once
#include "domain/mail.h"

#include <string_view>

// The words of mails in each language. What stands in braces is filled in with fmt; every place may stand in every sentence:
// {name} {sender} {email} {number} {total} {open} {date} {due} {next} {card} {account} {month} {until}; {card} begins with a blank.
namespace document {

struct MailWording {
    const char *greeting, *greeting_nobody;
    const char* closing;
    const char* questions;

    // What stands in front of the facts.
    const char *invoice, *credit_note, *issued_on, *amount, *open, *due_on, *days_overdue, *reason, *corrected;

    struct Words {
        const char *subject, *opening;
    };
    Words issued, credit_note_issued, payment_failed, authentication_required, reminder, second_reminder, final_notice, suspended,
        reinstated, refunded, card_expiring;

    // How it is paid.
    const char *settled, *card_will_be_charged;
    const char *pay_by, *pay_overdue; ///< with the payment part of the attached document
    const char* pay_here;             ///< before a link

    const char* credit_goes_to;
    const char *charged_again, *charged_no_more;
    const char *confirm_here, *confirm_until;
    const char *next_second_reminder, *next_final_notice, *next_suspended;
    const char* crossed;       ///< who has just paid
    const char* lifted_when;   ///< after the list of what is suspended
    const char* refunded_bank; ///< the opening of a refund to an account
    const char* takes_days;
    const char *give_new_card, *register_here;
};

/// By "de", "fr", "it"; English for any other language.
const MailWording& mail_wording(std::string_view language);

/// Subject and first sentence of a kind.
const MailWording::Words& words_of(const MailWording& wording, domain::MailKind kind);

} // namespace document
