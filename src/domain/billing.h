#pragma once
#include "domain/subscription.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

// From subscriptions to the lines of documents: the one engine behind the billing run, quotes, upcoming invoices and
// billing-sim. All amounts are minor units of the account's currency.
namespace domain {

/// `fee`: of a reminder; no subscription's.
enum class LineKind { setup, once, recurring, credit, adjustment, fee };

std::string_view to_text(LineKind kind);
LineKind line_kind_from(std::string_view text); ///< @throws std::domain_error if there is none of this name

/// True for setup, once, recurring and fee: what can be credited.
bool is_charge(LineKind kind);

/// Where a line stands: a document and the 1-based position on it. Which numbers documents have is the caller's choice.
struct LineRef {
    std::int64_t document{0};
    int line{0};
    auto operator<=>(const LineRef&) const = default;
};

/// A charge that was made: the line on a document, or days that cost nothing (`ref.document` 0).
struct BilledCharge {
    LineRef ref{};
    LineKind kind{LineKind::recurring};
    std::size_t subscription{0};
    std::string sku{};
    Period days{};  ///< as charged; setup and once: start = end = due day
    Period whole{}; ///< the period whose price is the whole
    int quantity{1};
    std::int64_t unit_minor{0};
    std::int64_t amount{0}; ///< net or gross, as the item's prices are
    std::int64_t vat{0};
    VatRate rate{};
    bool includes_vat{false};
    std::int64_t credited{0};   ///< of `amount`, so far
    std::vector<Period> live{}; ///< the days that are still billed by it, ascending
    std::int64_t label{0};      ///< of the version
    int regime{0};              ///< of the item

    /// The days are no longer billed by it.
    void take_out(const Period& credited_days);
};

/// A line to be written on a document.
struct DraftLine {
    std::size_t subscription{0};
    LineKind kind{};
    std::string sku{};
    Period days{};  ///< setup and once: start = end = due day
    Period whole{}; ///< empty for setup and once
    int quantity{1};
    std::int64_t unit_minor{0};
    std::int64_t net{0}, vat{0}, gross{0};
    VatRate rate{};
    std::optional<LineRef> credits{}; ///< the charge that a credit or adjustment is for
    std::int64_t label{0};            ///< of the version
    int regime{0};                    ///< of the item; of what is given back, that of the charge
    bool includes_vat{false};         ///< how `unit_minor` is meant
};

struct DraftTotals {
    std::int64_t net{0}, vat{0}, gross{0};
};

DraftTotals totals_of(const std::vector<DraftLine>& lines);

struct TaxSum {
    VatRate rate{};
    std::int64_t net{0}, vat{0};
};

/// Per rate, ascending; rate 0 too.
std::vector<TaxSum> taxes_of(const std::vector<DraftLine>& lines);

/// All that one member holds in one currency, and what was charged for it.
struct BillingAccount {
    std::vector<Subscription> subscriptions{};
    std::vector<BilledCharge> charges{}; ///< per subscription in the order they were made
    std::vector<Day> open_from{};        ///< per subscription: days before it are settled and not looked at
    std::vector<bool> passive{};         ///< per subscription: it gives its tags but is not billed here; empty: none is

    /// From this day on everything is to be looked at again: something may have come after it was billed.
    void reopen(Day from);

    /// Adds a subscription of which nothing is billed yet; returns its index.
    std::size_t add(Subscription subscription);
};

/// Bills the day: once prices that fell due, credits for billed days that are no longer to be charged, charges for the
/// parts that are due, advance on their first day, arrears after their last. Remembers them in `account` as lines of
/// `document`. Returns the lines, by subscription; none: there is nothing to bill, and no document.
/// @throws std::domain_error if an amount leaves int64.
std::vector<DraftLine> bill(BillingAccount& account, Day day, std::int64_t document);

/// The first day after `day` on which bill() may find something, as things stand; `never` if there is none.
Day next_due(const BillingAccount& account, Day day);

/// The same for one of the account's subscriptions alone.
Day next_due(const BillingAccount& account, std::size_t subscription, Day day);

/// The lines of one document.
struct Draft {
    std::int64_t document{0};
    Day billed_on{};
    std::vector<DraftLine> lines{};
};

/// Bills the days from..through, both included, one after the other, so that a late run gives the documents that daily
/// runs would have given. Numbers the documents from `first_document` on. Before each day `learn` is asked to bring into
/// the account what was known on that day, reopening it from the day; it returns the next day on which it will have more,
/// or `never`.
std::vector<Draft> bill_days(
    BillingAccount& account, Day from, Day through, std::int64_t first_document, const std::function<Day(BillingAccount&, Day)>& learn);

/// Takes apart documents whose lines are of several regimes, so that each says how it is taxed, in the order of the regimes. They are
/// numbered anew from `first_document` on, and so is what credits name among them.
std::vector<Draft> apart_by_regime(std::vector<Draft> drafts, std::int64_t first_document);

/// Gives back `amount` of a charge, without touching its days. The caller has checked that so much is left.
DraftLine adjust(BilledCharge& charge, std::int64_t amount);

/// The day after the last billed one of the subscription; nullopt if none is.
std::optional<Day> billed_through(const BillingAccount& account, std::size_t subscription);

/// The same, also of days that were credited since.
std::optional<Day> ever_billed_through(const BillingAccount& account, std::size_t subscription);

} // namespace domain
