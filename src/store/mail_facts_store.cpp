#include "store/mail_facts_store.h"

#include "store/charge_hold.h"
#include "store/keys.h"
#include "store/sql.h"
#include "store/statement.h"

// How a member knows a card.
#define CARD_NAME(method)                                                                                                                  \
    "COALESCE(CONCAT(UPPER(LEFT(" method ".brand, 1)), SUBSTRING(" method ".brand, 2), ' •••• ', " method ".last4), '')"

namespace store {
namespace {

using Text = std::optional<std::string>;

std::optional<domain::Date> day_of(const Text& text) { return text ? std::optional{date_of(*text)} : std::nullopt; }

} // namespace

std::map<std::int64_t, MailFacts> MailFactsStore::of(const std::vector<std::int64_t>& mails)
{
    std::map<std::int64_t, MailFacts> facts;
    read_documents(mails, facts);
    read_suspended(mails, facts);
    read_refunds(mails, facts);
    read_cards(mails, facts);
    return facts;
}

void MailFactsStore::read_documents(const std::vector<std::int64_t>& mails, std::map<std::int64_t, MailFacts>& facts)
{
    for_keys(mails, [&](const auto&... keys) {
        const auto rows = select<std::int64_t, std::string, std::string, std::string, std::string, std::string, std::int64_t, std::int64_t,
            std::string, std::string, std::string, Text, bool, Text>(session_,
            "SELECT o.id, m.name, m.email, IF(i.language = '', m.language, i.language), i.number, i.currency, i.total_minor,"
            " COALESCE(r.open_minor, 0), CAST(i.issued_on AS CHAR), CAST(i.due_on AS CHAR), i.reason,"
            " (SELECT c.number FROM invoice_lines l JOIN invoices c ON c.id = l.credited_invoice_id WHERE l.invoice_id = i.id LIMIT 1),"
            " COALESCE(IF(i.currency = 'EUR', s.iban_eur, s.iban_chf), '') <> '', CAST(n.sent_on AS CHAR)"
            " FROM mail_outbox o JOIN invoices i ON i.id = o.invoice_id JOIN members m ON m.id = i.member_id"
            " LEFT JOIN receivables r ON r.invoice_id = i.id"
            " LEFT JOIN issuers s ON s.id = COALESCE(i.issuer_id, (SELECT MIN(id) FROM issuers))"
            " LEFT JOIN dunning_notices n ON n.invoice_id = i.id AND n.name = o.kind WHERE o.id IN " STORE_KEYS,
            keys...);
        for (const auto& [mail, name, email, language, number, currency, total, open, issued_on, due_on, reason, corrected, has_iban,
                 reminded_on] : rows)
            facts[mail] = {.name = name,
                .email = email,
                .language = language,
                .total = money_of(total, currency),
                .number = number,
                .open = money_of(open, currency),
                .issued_on = date_of(issued_on),
                .due_on = date_of(due_on),
                .reason = reason,
                .corrected = corrected.value_or(""),
                .has_iban = has_iban,
                .reminded_on = day_of(reminded_on)};
        const auto charges = select<std::int64_t, bool, Text, int, Text, std::string>(session_,
            "SELECT o.id, d.id IS NOT NULL AND NOT " STORE_CHARGE_HELD("i.id") ", c.state, COALESCE(c.attempt, 0), CAST(c.wait_until AS "
                                                                               "CHAR), IF(c.id IS NULL, " CARD_NAME("d") ", " CARD_NAME(
                                                                                   "p") ")"
                                                                                        " FROM mail_outbox o JOIN invoices i ON i.id = "
                                                                                        "o.invoice_id"
                                                                                        " LEFT JOIN payment_methods d ON d.default_of = "
                                                                                        "i.member_id AND d.type = 'card' AND d.status = "
                                                                                        "'active' AND d.stopped_for IS NULL"
                                                                                        " LEFT JOIN charges c ON c.invoice_id = i.id"
                                                                                        "  AND c.attempt = (SELECT MAX(attempt) FROM "
                                                                                        "charges x WHERE x.invoice_id = i.id)"
                                                                                        " LEFT JOIN payment_methods p ON p.id = "
                                                                                        "c.method_id WHERE o.id IN " STORE_KEYS,
            keys...);
        for (const auto& [mail, has_card, state, attempts, wait_until, card] : charges) {
            auto& document = facts[mail];
            document.has_card = has_card;
            if (state) document.last_attempt = domain::attempt_state_from(*state);
            document.attempts = attempts;
            document.wait_until = instant_of(wait_until);
            document.card = card;
        }
    });
}

void MailFactsStore::read_suspended(const std::vector<std::int64_t>& mails, std::map<std::int64_t, MailFacts>& facts)
{
    for_keys(mails, [&](const auto&... keys) {
        const auto rows = select<std::int64_t, std::string>(session_,
            "SELECT o.id, CONCAT(p.name, IF(x.detail = '', '', CONCAT(', ', x.detail)), ' (', x.uuid, ')') FROM mail_outbox o JOIN "
            "invoices i ON i.id = o.invoice_id"
            " JOIN orders x ON x.member_id = i.member_id AND x.status = 'suspended' JOIN products p ON p.sku = x.sku"
            " WHERE o.kind IN ('suspended', 'reinstated') AND o.id IN " STORE_KEYS " ORDER BY o.id, x.id",
            keys...);
        for (const auto& [mail, order] : rows) facts[mail].suspended.push_back(order);
    });
}

void MailFactsStore::read_refunds(const std::vector<std::int64_t>& mails, std::map<std::int64_t, MailFacts>& facts)
{
    for_keys(mails, [&](const auto&... keys) {
        const auto rows = select<std::int64_t, std::string, std::string, std::string, std::int64_t, std::string, std::string, std::string,
            bool, std::string>(session_,
            "SELECT o.id, m.name, m.email, m.language, r.amount_minor, r.currency, r.reason, r.payee_iban, r.state = 'succeeded',"
            " COALESCE((SELECT " CARD_NAME(
                "k") " FROM charges c JOIN payment_methods k ON k.id = c.method_id WHERE c.invoice_id = p.invoice_id"
                     "  AND CONCAT('charge:', c.charge_id) = p.source LIMIT 1), '')"
                     " FROM mail_outbox o JOIN refunds r ON r.id = o.refund_id JOIN payments p ON p.id = r.payment_id"
                     " JOIN members m ON m.id = r.member_id WHERE o.id IN " STORE_KEYS,
            keys...);
        for (const auto& [mail, name, email, language, amount, currency, reason, iban, succeeded, card] : rows)
            facts[mail] = {.name = name,
                .email = email,
                .language = language,
                .total = money_of(amount, currency),
                .reason = reason,
                .card = card,
                .payee_iban = iban,
                .still_so = succeeded};
    });
}

void MailFactsStore::read_cards(const std::vector<std::int64_t>& mails, std::map<std::int64_t, MailFacts>& facts)
{
    for_keys(mails, [&](const auto&... keys) {
        const auto rows = select<std::int64_t, std::string, std::string, std::string, bool, std::string, std::string>(session_,
            "SELECT o.id, m.name, m.email, m.language, p.status = 'active' AND p.default_of IS NOT NULL"
            "  AND o.expiry = CONCAT(p.exp_year, '-', LPAD(p.exp_month, 2, '0')), CAST(LAST_DAY(CONCAT(o.expiry, '-01')) AS "
            "CHAR), " CARD_NAME("p") " FROM mail_outbox o JOIN payment_methods p ON p.id = o.method_id JOIN members m ON m.id = "
                                     "p.member_id WHERE o.id IN " STORE_KEYS,
            keys...);
        for (const auto& [mail, name, email, language, is_default, expires, card] : rows)
            facts[mail] = {
                .name = name, .email = email, .language = language, .card = card, .still_so = is_default, .expires = date_of(expires)};
    });
}

} // namespace store

#undef CARD_NAME
