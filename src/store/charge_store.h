#pragma once
#include "domain/charge_attempt.h"
#include "domain/decline.h"
#include "store/database.h"

#include <optional>
#include <string>
#include <vector>

namespace store {

/// A card that can be charged for a document, and whose.
struct ChargeableDocument {
    std::int64_t invoice{0};
    std::string number{};
    domain::MemberId member{};
    domain::Money open{};
    domain::Uuid method{};
    std::string customer{}, card{};
    int attempts{0}; ///< there were so far
};

/// What the gateway said of a try.
struct AttemptNews {
    domain::AttemptState state{};
    std::string intent{}, charge{}, request_id{};
    domain::Decline decline{};
    std::string reaction{};
    std::optional<domain::Instant> wait_until{};
};

/// Rows of `charges`.
class ChargeStore {
public:
    explicit ChargeStore(Session& session) : session_{session} {}

    /// Those of the documents of which something is open and no try is under way, each with the member's default card; not those that
    /// wait for their member to ask, see CheckoutStore. Their receivables are kept from others until the transaction ends.
    std::vector<ChargeableDocument> lock_chargeable(const std::vector<std::int64_t>& invoices);

    /// The same of one document and the member's card that is named; none, if there is no such card.
    std::vector<ChargeableDocument> lock_chargeable(std::int64_t invoice, const domain::Uuid& method);

    /// Writes planned tries down. Returns false, and nothing is written, if one is open for one of the documents.
    bool plan(const std::vector<domain::ChargeAttempt>& attempts, domain::Instant now);

    std::optional<domain::ChargeAttempt> by_uuid(const domain::Uuid& uuid);

    /// The try, kept from others until the transaction ends.
    std::optional<domain::ChargeAttempt> lock(const domain::Uuid& uuid);

    std::optional<domain::Uuid> by_intent(const std::string& intent);

    /// The open try of a document, or its last one.
    std::optional<domain::ChargeAttempt> latest_of(std::int64_t invoice);

    /// What is open of a document, which is kept from others.
    std::int64_t lock_open(std::int64_t invoice);

    /// From now on the gateway may know of it.
    void begin(std::int64_t id, domain::Instant now);

    /// Counts a confirmation by the member, before the gateway is asked for it. Returns its number.
    int begin_confirmation(std::int64_t id);

    void record(std::int64_t id, const AttemptNews& news, domain::Instant now);

    /// Why the try failed; empty words if it did not.
    domain::Decline decline_of(std::int64_t id);

    /// How the member knows a card: "Visa •••• 4242".
    std::string card_name(const domain::Uuid& method);

    /// When an open document is looked at again.
    void attend(std::int64_t invoice, const std::optional<domain::Date>& day);

    /// Tries that wait for the member longer than they may.
    std::vector<domain::Uuid> waiting_past(domain::Instant now, int limit);

    /// Tries of which the gateway was asked and that are open since then; the oldest first.
    std::vector<domain::Uuid> open_since(domain::Instant before, int limit);

private:
    Session& session_;
};

} // namespace store
