#pragma once
#include "gateway/clock.h"
#include "service/billing.h"
#include "store/database.h"
#include "store/document_store.h"
#include "store/row_numbers.h"

#include <optional>
#include <string>
#include <utility>

namespace service {

/// A credit note by hand: of all lines of a document, of one, or of a part of one.
struct CreditNoteRequest {
    std::string invoice{};                  ///< its number
    std::optional<int> line{};              ///< 1-based; none: all lines
    std::optional<domain::OrderId> order{}; ///< only what this one was charged
    std::optional<std::int64_t> amount{};   ///< minor units, as the price list of the line counts; none: all that is left
    std::string reason{};
};

struct GoodwillRequest {
    domain::MemberId member{};
    domain::Money amount{};
    std::string reference{}; ///< the operator's own; used once
    std::string reason{};
};

/// What operators do to issued documents and to members' credit. Works inside the caller's transaction.
class Corrections {
public:
    Corrections(gateway::Clock& clock, BillingRules rules) : clock_{clock}, rules_{std::move(rules)} {}

    /// Issues the credit note; returns its number. The days it is for stay billed.
    /// @throws domain::Refusal not_found, unknown_line, nothing_to_credit
    std::string issue_credit_note(store::Session& session, const CreditNoteRequest& request, const std::string& actor);

    /// Gives credit, without a document and without tax: it settles open documents, the rest stays in credit.
    /// @throws domain::Refusal reference_in_use
    void give_credit(store::Session& session, const GoodwillRequest& request, const std::string& actor);

private:
    gateway::Clock& clock_;
    BillingRules rules_;
};

} // namespace service
