#pragma once
#include "domain/calendar.h"
#include "domain/charge_attempt.h"
#include "domain/money.h"
#include "store/database.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace store {

/// What a mail tells, as the books have it now. What its subject does not have stays empty.
struct MailFacts {
    std::string name{}, email{}, language{}; ///< of the member; a document's own language
    domain::Money total{};                   ///< of the document, or the refund; below zero for credit notes

    // Of a document.
    std::string number{};
    domain::Money open{};
    domain::Date issued_on{}, due_on{};
    std::string reason{};                      ///< of a credit note or a refund
    std::string corrected{};                   ///< the invoice that a credit note is for
    bool has_iban{false};                      ///< its issuer can be paid in its currency
    std::optional<domain::Date> reminded_on{}; ///< with the stage of dunning that the mail is for
    std::vector<std::string> suspended{};      ///< the member's suspended orders

    // Of the card that is or may be charged for it, that was refunded, or that expires.
    std::string card{}; ///< "Visa •••• 4242"
    std::optional<domain::AttemptState> last_attempt{};
    int attempts{0};
    std::optional<domain::Instant> wait_until{};
    bool has_card{false}; ///< the default way to pay is a card that may be charged

    // Of a refund or a card.
    std::string payee_iban{};
    bool still_so{true};                   ///< the refund has succeeded, the card is the default one with this expiry
    std::optional<domain::Date> expires{}; ///< the last day of a card
};

/// Reads what mails tell, in bulk.
class MailFactsStore {
public:
    explicit MailFactsStore(Session& session) : session_{session} {}

    /// By the numbers of the mails.
    std::map<std::int64_t, MailFacts> of(const std::vector<std::int64_t>& mails);

private:
    void read_documents(const std::vector<std::int64_t>& mails, std::map<std::int64_t, MailFacts>& facts);
    void read_suspended(const std::vector<std::int64_t>& mails, std::map<std::int64_t, MailFacts>& facts);
    void read_refunds(const std::vector<std::int64_t>& mails, std::map<std::int64_t, MailFacts>& facts);
    void read_cards(const std::vector<std::int64_t>& mails, std::map<std::int64_t, MailFacts>& facts);

    Session& session_;
};

} // namespace store
