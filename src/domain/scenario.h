#pragma once
#include "domain/billing.h"
#include "domain/dunning.h"
#include "domain/holdings.h"
#include "domain/receivables.h"

#include <string>
#include <variant>
#include <vector>

// One member's history, step by step: what may be asked for, when it is refused, what is billed. Used by billing-sim; the
// billing run of the database feeds the same engine (billing.h) with what was accepted.
namespace domain {

struct PriceStep {
    std::string sku{};
    std::optional<std::int64_t> recurring_minor{}, setup_minor{};
    std::optional<Units> recurring_per{}, setup_per{};
};
struct CreditStep {
    std::int64_t amount{0};
    std::string ref{};
};
struct CreditNoteStep {
    std::int64_t invoice{0};
    int line{0};
    std::optional<std::int64_t> amount{};
    std::string ref{};
};
struct PayStep {
    std::int64_t amount{0};
    std::optional<std::int64_t> invoice{};
    std::string ref{};
};
struct RefundStep {
    std::int64_t amount{0};
    std::string ref{};
};
struct RunStep {
    std::optional<Day> through{};
};

struct Step {
    Day day{};
    std::variant<SubscribeStep, ChangeStep, CancelStep, UncancelStep, PauseStep, ResumeStep, PriceStep, CreditStep, CreditNoteStep, PayStep,
        RefundStep, RunStep>
        what{};
};

struct Scenario {
    std::vector<ScenarioItem> catalogue{};
    int payment_days{30};
    std::vector<DunningStage> ladder{};
    std::vector<Step> steps{};
};

struct IssuedDocument {
    std::int64_t number{0};
    bool is_credit_note{false};
    Day billed_on{}, issued_on{}, due{};
    std::vector<DraftLine> lines{};
};

struct Notice {
    Day day{};
    std::int64_t invoice{0};
    std::string stage{};
};

struct RefusedStep {
    std::size_t step{0};
    std::string code{};
};

struct SubscriptionReport {
    std::string sub{}, sku{}, state{};
    std::optional<Day> billed_through{};
};

/// What a history comes to.
struct ScenarioOutcome {
    std::vector<IssuedDocument> documents{};
    std::vector<Notice> notices{};
    std::vector<RefusedStep> refused{};
    std::vector<SubscriptionReport> subscriptions{};
    Receivables receivables{};
};

/// Plays the steps, which are valid and in order. @throws std::domain_error if an amount leaves int64.
ScenarioOutcome play(Scenario scenario);

} // namespace domain
