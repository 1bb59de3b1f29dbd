#include "document/letter.h"

#include "document/letter_body.h"
#include "document/mail_wording.h"
#include "document/printed.h"

#include <fmt/format.h>

namespace document {
namespace {

using domain::MailKind;
using Kind = LetterBlock::Kind;

std::string money(domain::Money amount) { return fmt::format("{} {}", domain::to_text(amount.currency), printed_amount(amount.minor)); }

/// "03/2027".
std::string month(domain::Date date) { return fmt::format("{:02}/{}", static_cast<unsigned>(date.month()), static_cast<int>(date.year())); }

/// Puts a letter together, block by block.
class Composer {
public:
    explicit Composer(const LetterMatter& matter) : matter_{matter}, words_{mail_wording(matter.language)} {}

    Letter compose()
    {
        const auto& words = words_of(words_, matter_.kind);
        paragraph(matter_.name.empty() ? words_.greeting_nobody : words_.greeting);
        paragraph(matter_.account.empty() ? words.opening : words_.refunded_bank);
        body();
        if (!matter_.email.empty()) paragraph(words_.questions);
        paragraph(words_.closing);
        if (!matter_.sender.empty()) blocks_.push_back({.text = matter_.sender});
        const auto subject = filled(words.subject);
        return {subject, plain_text(blocks_), html_page(blocks_, matter_.language, subject)};
    }

private:
    /// Empty for a day that the matter does not have.
    std::string day(domain::Date date) const { return date.ok() ? printed_date(date, matter_.language) : ""; }

    /// Every place of every sentence, so that each language may use what it needs.
    std::string filled(const char* sentence) const
    {
        return fmt::format(fmt::runtime(sentence), fmt::arg("name", matter_.name), fmt::arg("sender", matter_.sender),
            fmt::arg("email", matter_.email), fmt::arg("number", matter_.number), fmt::arg("total", money(matter_.total)),
            fmt::arg("open", money(matter_.open)), fmt::arg("due", day(matter_.due_on)),
            fmt::arg("next", matter_.next ? day(matter_.next->on) : ""), fmt::arg("card", matter_.card.empty() ? "" : " " + matter_.card),
            fmt::arg("account", matter_.account), fmt::arg("month", matter_.card_expires ? month(*matter_.card_expires) : ""),
            fmt::arg("until", matter_.confirm_until ? day(*matter_.confirm_until) : ""));
    }

    void paragraph(const char* sentence) { blocks_.push_back({.text = filled(sentence)}); }

    void link(const char* sentence, const std::string& url)
    {
        if (!url.empty()) blocks_.push_back({.kind = Kind::link, .text = filled(sentence), .url = url});
    }

    void facts(std::vector<std::pair<std::string, std::string>> rows)
    {
        blocks_.push_back({.kind = Kind::facts, .facts = std::move(rows)});
    }

    void body()
    {
        switch (matter_.kind) {
        case MailKind::issued: return issued();
        case MailKind::credit_note: return credit_note();
        case MailKind::payment_failed:
            paragraph(matter_.charged_again ? words_.charged_again : words_.charged_no_more);
            if (matter_.charged_again) link(words_.pay_here, matter_.link);
            return link(words_.register_here, matter_.card_link);
        case MailKind::authentication_required:
            link(words_.confirm_here, matter_.link);
            if (matter_.confirm_until) paragraph(words_.confirm_until);
            return;
        case MailKind::reminder:
        case MailKind::second_reminder:
        case MailKind::final_notice: return reminded();
        case MailKind::suspended: return suspended();
        case MailKind::refunded:
            if (!matter_.reason.empty()) facts({{words_.reason, matter_.reason}});
            return paragraph(words_.takes_days);
        case MailKind::card_expiring: paragraph(words_.give_new_card); return link(words_.register_here, matter_.card_link);
        case MailKind::reinstated: return;
        }
    }

    void issued()
    {
        facts({{words_.invoice, matter_.number}, {words_.issued_on, day(matter_.issued_on)}, {words_.amount, money(matter_.total)},
            {words_.due_on, day(matter_.due_on)}});
        pay(words_.pay_by);
    }

    void credit_note()
    {
        facts({{words_.credit_note, matter_.number}, {words_.issued_on, day(matter_.issued_on)}, {words_.amount, money(matter_.total)}});
        if (!matter_.corrected.empty()) blocks_.back().facts.emplace_back(words_.corrected, matter_.corrected);
        if (!matter_.reason.empty()) blocks_.back().facts.emplace_back(words_.reason, matter_.reason);
        paragraph(words_.credit_goes_to);
    }

    void reminded()
    {
        overdue();
        pay(words_.pay_overdue);
        if (const auto* sentence = what_follows()) paragraph(sentence);
        paragraph(words_.crossed);
    }

    void suspended()
    {
        blocks_.push_back({.kind = Kind::items, .items = matter_.suspended});
        overdue();
        pay(words_.pay_overdue);
        paragraph(words_.lifted_when);
    }

    void overdue()
    {
        facts({{words_.invoice, matter_.number}, {words_.open, money(matter_.open)}, {words_.due_on, day(matter_.due_on)},
            {words_.days_overdue, std::to_string(matter_.days_overdue)}});
    }

    void pay(const char* with_payment_part)
    {
        switch (matter_.way) {
        case PaymentWay::settled: return paragraph(words_.settled);
        case PaymentWay::card: return paragraph(words_.card_will_be_charged);
        case PaymentWay::payment_part: return paragraph(with_payment_part);
        case PaymentWay::online: return link(words_.pay_here, matter_.link);
        }
    }

    const char* what_follows() const
    {
        if (!matter_.next) return nullptr;
        switch (matter_.next->kind) {
        case MailKind::second_reminder: return words_.next_second_reminder;
        case MailKind::final_notice: return words_.next_final_notice;
        case MailKind::suspended: return words_.next_suspended;
        default: return nullptr;
        }
    }

    const LetterMatter& matter_;
    const MailWording& words_;
    std::vector<LetterBlock> blocks_{};
};

} // namespace

Letter letter(const LetterMatter& matter) { return Composer{matter}.compose(); }

std::string hidden_account(const std::string& iban)
{
    return iban.size() < 12 ? "••••" : iban.substr(0, 4) + " •••• " + iban.substr(iban.size() - 4);
}

} // namespace document
