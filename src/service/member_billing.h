#pragma once
#include "domain/billing.h"
#include "service/billing_terms.h"
#include "store/billing_store.h"
#include "store/document_store.h"

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace service {

/// The days a run works with.
struct BillingDays {
    domain::Day run_on{};         ///< what is due up to it is billed
    domain::Day first_open_day{}; ///< of the books
    int payment_days{30};
};

/// A number that stands for a document until it gets its row number: `fresh_document` + place in the slice.
inline constexpr std::int64_t fresh_document = std::int64_t{1} << 62;

/// One member's bill: from the rows that were loaded to the documents and marks that are to be written.
///
/// Only orders that are due are evaluated, and those whose price depends on other orders; the rest is passive. An order
/// is evaluated from the day on which something may have happened to it, so that charges made before need not be read.
class MemberBilling {
public:
    /// `tax`: how the member is taxed now. What is given back keeps the tax of its document, on documents of their own if need be.
    MemberBilling(const store::BillableMember& member, BillingTerms& terms, const BillingDays& days, const domain::InvoiceTax& tax);

    /// Orders whose earlier versions are needed.
    const std::vector<std::int64_t>& changed_orders() const { return changed_orders_; }

    /// Orders whose lines are needed, of those that reach past `lines_past()`.
    const std::vector<std::int64_t>& orders_with_lines() const { return orders_with_lines_; }
    domain::Day lines_past() const { return lines_past_; }

    void add_version(std::int64_t order, const store::EarlierVersion& version);
    void add_line(const store::IssuedLine& line);

    /// Computes the documents; the first gets `fresh_document + place`. @throws std::domain_error if an amount leaves int64.
    void bill(std::size_t place);

    /// True if credit comes up that may settle older documents: those must then be known to settle().
    bool needs_open_documents() const;

    /// Settles with the member's credit.
    void settle(const std::vector<std::pair<domain::Currency, domain::Receivable>>& open);

    std::vector<store::NewDocument>& documents() { return documents_; }
    std::vector<store::OrderMark> marks() const;
    const std::vector<store::AppliedCredit>& applied() const { return applied_; }
    const std::vector<store::CreditChange>& credit_changes() const { return credit_changes_; }
    const store::BillableMember& member() const { return member_; }

private:
    /// What becomes known on a day about one of the subscriptions; without an amendment it is the subscription itself.
    struct News {
        domain::Day on{};
        std::size_t index{0};
        std::optional<domain::Amendment> amendment{};
        bool is_seen{false}; ///< an earlier run took it into account
    };

    void add_order(const store::BillableOrder& order);
    void prepare_news();
    void bill_currency(domain::BillingAccount& account, domain::Currency currency, std::size_t& place);
    void take_over(const domain::BillingAccount& part, domain::Currency currency);
    domain::Day learn(domain::BillingAccount& account, domain::Day day);
    store::NewDocument document_of(const domain::Draft& draft, domain::Currency currency);
    domain::InvoiceLine line_of(const domain::DraftLine& line, domain::Currency currency);
    std::string text_of(const domain::DraftLine& line) const;
    void set_price(domain::Version& version, const store::BillableOrder& order, std::int64_t list_minor);
    int regime_of(const std::optional<domain::InvoiceTax>& tax);
    int next_turn(std::int64_t order, domain::LineKind kind, domain::Day start);
    std::size_t index_of(std::int64_t order) const;

    const store::BillableMember& member_;
    BillingTerms& terms_;
    BillingDays days_;
    std::vector<domain::InvoiceTax> regimes_; ///< of documents; the first is the one that holds now
    domain::Day from_{};                      ///< the first day with something to do

    domain::BillingAccount account_{};
    std::vector<bool> active_{};
    std::vector<std::vector<store::EarlierVersion>> versions_{};
    std::vector<News> news_{};
    std::size_t next_news_{0};
    std::map<std::tuple<std::int64_t, domain::LineKind, domain::Day>, int> turns_{};

    std::vector<std::int64_t> changed_orders_{}, orders_with_lines_{};
    domain::Day lines_past_{domain::never};

    std::vector<store::NewDocument> documents_{};
    std::vector<store::AppliedCredit> applied_{};
    std::vector<store::CreditChange> credit_changes_{};
};

} // namespace service
