#pragma once
#include <cstdint>
#include <optional>
#include <vector>

// What a member owes and what it has in credit; never both are above 0. Minor units of the account's currency.
namespace domain {

/// A document and what is open of it.
struct Receivable {
    std::int64_t document{0};
    std::int64_t open{0};
    std::int64_t applied{0}; ///< settled by credit
    std::int64_t paid{0};    ///< settled by payments
};

/// One member's receivables in one currency, ascending by document, and the one pool of credit.
struct Receivables {
    std::vector<Receivable> documents{};
    std::int64_t credit{0};

    /// The receivable of a document; nullptr if it is not listed.
    Receivable* find(std::int64_t document);

    std::int64_t open() const;

    /// A document was issued. A positive total takes from the credit at once; a negative one is credit that arrives.
    void issue(std::int64_t document, std::int64_t total);

    /// Credit arrives: it settles open documents, lowest first, the rest goes to the pool.
    void add_credit(std::int64_t amount);

    /// A payment arrives: it settles the named document first, then others, lowest first, the rest becomes credit.
    void pay(std::int64_t amount, std::optional<std::int64_t> document);

    /// Pays credit out. Returns false, changing nothing, if there is less.
    bool refund(std::int64_t amount);
};

} // namespace domain
