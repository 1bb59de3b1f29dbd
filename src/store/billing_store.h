#pragma once
#include "domain/billing.h"
#include "domain/invoice.h"
#include "domain/receivables.h"
#include "store/database.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace store {

/// What billing needs to know of an order, and the marks by which it is found unchanged when the result is written.
struct BillableOrder {
    std::int64_t id{0};
    std::string sku{};
    domain::Currency currency{};
    std::int64_t setup_minor{0};
    std::int64_t recurring_minor{0};
    bool includes_vat{true};
    std::optional<std::string> interval{};
    domain::Day started_on{};
    std::optional<domain::Day> ends_on{}, end_known_on{};
    domain::Day next_due_on{};
    std::optional<domain::Day> open_from{}, billed_through{};
    bool setup_billed{false};
    int changes{0}; ///< how many earlier versions it has
    std::int64_t version{0};
    std::int64_t billing_turn{0};
    domain::Parameters parameters{};
    std::string detail{}; ///< what it is, in words; empty: its parameters tell
};

/// A version of an order before a change.
struct EarlierVersion {
    domain::Day until{};
    std::int64_t recurring_minor{0};
    domain::Parameters parameters{};
};

/// A line that was issued, and how often its order has one of its kind and first day.
struct IssuedLine {
    std::int64_t order{0};
    domain::BilledCharge charge{}; ///< of a credit or adjustment: days and amount (positive) of what it gives back
    std::optional<domain::LineRef> credits{};
    int turn{0};
    std::optional<domain::InvoiceTax> tax{}; ///< of its document
};

struct BillableMember {
    domain::MemberId id{};
    std::string uid{};
    domain::Recipient recipient{};
    domain::VatProfile vat{};
    std::optional<int> payment_days{}; ///< given to this member
    std::vector<BillableOrder> orders{};
    std::map<domain::Currency, std::int64_t> credit{};
    std::string fault{}; ///< why it cannot be billed, if its rows cannot even be read
};

/// How an order stands after it was billed.
struct OrderMark {
    std::int64_t order{0};
    std::int64_t version{0};
    std::int64_t billing_turn{0};
    std::optional<domain::Day> next_due_on{}; ///< none: it is settled for ever
    domain::Day open_from{};
    std::optional<domain::Day> billed_through{};
    bool setup_billed{false};
};

/// What the billing run reads of orders, in bulk, and the marks it leaves on them.
class BillingStore {
public:
    explicit BillingStore(Session& session) : session_{session} {}

    /// The members first..last that have an order due on or before the day, with all their orders that are not settled,
    /// by member and order.
    std::vector<BillableMember> due(domain::MemberId first, domain::MemberId last, domain::Day day);

    /// The earlier versions of the orders, by order, the oldest first.
    std::map<std::int64_t, std::vector<EarlierVersion>> versions_of(const std::vector<std::int64_t>& orders);

    /// The charges of the orders that reach past the day, then all credits and adjustments.
    std::vector<IssuedLine> lines_of(const std::vector<std::int64_t>& orders, domain::Day past);

    /// What is open of the members' documents, by member and document.
    std::map<std::int64_t, std::vector<std::pair<domain::Currency, domain::Receivable>>> open_of(const std::vector<std::int64_t>& members);

    /// Leaves the marks. @throws Conflict if an order was changed or billed since it was loaded.
    void mark(const std::vector<OrderMark>& marks);

    /// When the member's next order falls due; nullopt if none will.
    std::optional<domain::Day> next_due(domain::MemberId member);

    /// Members with due orders and how many those are, by member. Members that could not be billed at `failed_since` or
    /// later are left out, and those whose invoices wait for VIES.
    std::vector<std::pair<std::int64_t, std::int64_t>> due_members(domain::Day day, domain::Instant failed_since);

private:
    Session& session_;
};

} // namespace store
