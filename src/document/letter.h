#pragma once
#include "domain/calendar.h"
#include "domain/mail.h"
#include "domain/money.h"

#include <optional>
#include <string>
#include <vector>

namespace document {

/// How a document is paid, as a mail tells it.
enum class PaymentWay { settled, card, payment_part, online };

/// All that a mail to a member says. Amounts are above zero, those of credit notes, too. What its kind does not tell stays empty.
struct LetterMatter {
    domain::MailKind kind{};
    std::string language{"en"}; ///< de, fr, it or en
    std::string name{};         ///< of the member
    std::string sender{};       ///< the provider
    std::string email{};        ///< where questions go

    std::string number{}; ///< of the document
    domain::Money total{}, open{};
    domain::Date issued_on{}, due_on{};
    PaymentWay way{};
    std::string link{};      ///< where the member pays or confirms
    std::string card_link{}; ///< where it registers a card
    std::string corrected{}; ///< the invoice that a credit note is for

    int days_overdue{0};
    struct Next {
        domain::MailKind kind{};
        domain::Date on{};
    };
    std::optional<Next> next{}; ///< the stage of dunning that follows
    std::vector<std::string> suspended{};

    std::string card{}; ///< "Visa •••• 4242"
    bool charged_again{false};
    std::optional<domain::Date> confirm_until{};
    std::string account{}; ///< that a refund went to, hidden but for its ends; empty: a card
    std::string reason{};
    std::optional<domain::Date> card_expires{}; ///< any day of the month
};

/// A mail's subject and its content twice: as plain text, and as HTML without tables, images or anything to be fetched.
struct Letter {
    std::string subject{};
    std::string text{}, html{};
};

Letter letter(const LetterMatter& matter);

/// "CH93 •••• 2957": an account as its owner knows it, and nobody else.
std::string hidden_account(const std::string& iban);

} // namespace document
