#include "domain/scenario.h"

#include <algorithm>
#include <set>
#include <stdexcept>

namespace domain {
namespace {

using std::chrono::days;

class Player {
public:
    explicit Player(Scenario scenario) : scenario_{std::move(scenario)}, holdings_{scenario_.catalogue} {}

    ScenarioOutcome play()
    {
        for (std::size_t i = 0; i < scenario_.steps.size(); ++i) {
            today_ = scenario_.steps[i].day;
            if (i == 0) run_from_ = today_;
            if (const auto code = std::visit(*this, scenario_.steps[i].what)) outcome_.refused.push_back({i, std::string{*code}});
        }
        report_subscriptions();
        outcome_.receivables = std::move(receivables_);
        return std::move(outcome_);
    }

    Refused operator()(const SubscribeStep& step) { return holdings_.subscribe(today_, step); }
    Refused operator()(const ChangeStep& step) { return holdings_.change(today_, step); }
    Refused operator()(const CancelStep& step) { return holdings_.cancel(today_, step); }
    Refused operator()(const UncancelStep& step) { return holdings_.uncancel(today_, step); }
    Refused operator()(const PauseStep& step) { return holdings_.pause(today_, step); }
    Refused operator()(const ResumeStep& step) { return holdings_.resume(today_, step); }
    Refused operator()(const PriceStep& step);
    Refused operator()(const CreditStep& step);
    Refused operator()(const CreditNoteStep& step);
    Refused operator()(const PayStep& step);
    Refused operator()(const RefundStep& step);
    Refused operator()(const RunStep& step);

private:
    bool is_used(const std::string& ref) const { return !ref.empty() && refs_.contains(ref); }
    void use(const std::string& ref) { refs_.insert(ref); }
    bool is_known(std::int64_t invoice) const { return invoice >= 1 && invoice <= static_cast<std::int64_t>(outcome_.documents.size()); }
    Day learn(Day day);
    void issue(Day billed_on, std::vector<DraftLine> lines, bool is_credit_note);
    void send_notices();
    void report_subscriptions();

    Scenario scenario_;
    Holdings holdings_;
    BillingAccount account_{};
    Receivables receivables_{};
    ScenarioOutcome outcome_{};
    std::vector<DunningState> dunning_{}; ///< by document
    std::set<std::string> refs_{};
    Day today_{};
    Day run_from_{};
};

Refused Player::operator()(const PriceStep& step)
{
    auto item = std::ranges::find_if(scenario_.catalogue, [&](const ScenarioItem& known) { return known.item.sku == step.sku; });
    if (item == scenario_.catalogue.end()) throw std::domain_error{"no such item: " + step.sku};
    if (step.recurring_minor) item->prices.recurring_minor = *step.recurring_minor;
    if (step.setup_minor) item->prices.setup_minor = *step.setup_minor;
    if (step.recurring_per) item->prices.recurring_per = *step.recurring_per;
    if (step.setup_per) item->prices.setup_per = *step.setup_per;
    return std::nullopt;
}

Refused Player::operator()(const CreditStep& step)
{
    if (is_used(step.ref)) return "duplicate_ref";
    use(step.ref);
    receivables_.add_credit(step.amount);
    return std::nullopt;
}

Refused Player::operator()(const CreditNoteStep& step)
{
    if (is_used(step.ref)) return "duplicate_ref";
    if (!is_known(step.invoice)) return "unknown_invoice";
    const auto charge = std::ranges::find(account_.charges, LineRef{step.invoice, step.line}, &BilledCharge::ref);
    if (charge == account_.charges.end()) return "unknown_line";
    const auto left = charge->amount - charge->credited;
    if (left == 0 || step.amount.value_or(left) > left) return "exceeds_line";
    use(step.ref);
    issue(today_, {adjust(*charge, step.amount.value_or(left))}, true);
    return std::nullopt;
}

Refused Player::operator()(const PayStep& step)
{
    if (is_used(step.ref)) return "duplicate_ref";
    if (step.invoice && !is_known(*step.invoice)) return "unknown_invoice";
    use(step.ref);
    receivables_.pay(step.amount, step.invoice);
    return std::nullopt;
}

Refused Player::operator()(const RefundStep& step)
{
    if (is_used(step.ref)) return "duplicate_ref";
    if (!receivables_.refund(step.amount)) return "insufficient_credit";
    use(step.ref);
    return std::nullopt;
}

Refused Player::operator()(const RunStep& step)
{
    const auto through = step.through.value_or(today_);
    if (through < today_) return "backdated";
    const auto first = static_cast<std::int64_t>(outcome_.documents.size()) + 1;
    account_.reopen(run_from_);
    auto drafts = bill_days(account_, run_from_, through, first, [this](BillingAccount&, Day day) { return learn(day); });
    for (auto& draft : drafts) issue(draft.billed_on, std::move(draft.lines), false);
    send_notices();
    run_from_ = today_;
    return std::nullopt;
}

/// Brings into the account what was accepted by then.
Day Player::learn(Day day)
{
    auto& accepted = holdings_.accepted();
    if (!accepted.empty() && accepted.front().on <= day) account_.reopen(day);
    for (; !accepted.empty() && accepted.front().on <= day; accepted.pop_front()) {
        auto& [on, index, what] = accepted.front();
        if (auto* subscription = std::get_if<Subscription>(&what)) account_.add(std::move(*subscription));
        else amend(account_.subscriptions[index], std::get<Amendment>(what));
    }
    return accepted.empty() ? never : accepted.front().on;
}

void Player::issue(Day billed_on, std::vector<DraftLine> lines, bool is_credit_note)
{
    const auto total = totals_of(lines).gross;
    const auto number = static_cast<std::int64_t>(outcome_.documents.size()) + 1;
    const auto due = today_ + days{scenario_.payment_days};
    outcome_.documents.push_back({.number = number,
        .is_credit_note = is_credit_note || total < 0,
        .billed_on = billed_on,
        .issued_on = today_,
        .due = due,
        .lines = std::move(lines)});
    receivables_.issue(number, total);
    dunning_.push_back({.due = due});
}

void Player::send_notices()
{
    for (const auto& document : receivables_.documents) {
        if (document.open == 0) continue;
        auto& state = dunning_[static_cast<std::size_t>(document.document - 1)];
        const auto stage = stage_due(scenario_.ladder, state, today_);
        if (!stage) continue;
        state.sent = *stage + 1;
        state.last = today_;
        outcome_.notices.push_back({today_, document.document, scenario_.ladder[*stage].name});
    }
}

std::string state_of(const Subscription& subscription, Day day)
{
    if (subscription.one_time()) return "once";
    if (subscription.end && day >= *subscription.end) return "ended";
    if (day < subscription.start) return "pending";
    if (!is_active(subscription, day)) return "paused";
    return day < subscription.trial_end ? "trial" : "active";
}

void Player::report_subscriptions()
{
    for (std::size_t i = 0; i < holdings_.entries().size(); ++i) {
        const auto& [name, subscription, units] = holdings_.entries()[i];
        outcome_.subscriptions.push_back(
            {name, version_on(subscription, today_).item->sku, state_of(subscription, today_), billed_through(account_, i)});
    }
}

} // namespace

ScenarioOutcome play(Scenario scenario) { return Player{std::move(scenario)}.play(); }

} // namespace domain
