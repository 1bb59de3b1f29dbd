#include "domain/collection.h"

#include <algorithm>

namespace domain {
namespace {

using std::chrono::days;

/// The day from which the card may be charged; nullopt: not any more.
std::optional<Day> charge_day(const OpenDocument& document)
{
    if (!document.has_card) return std::nullopt;
    if (document.tries == 0) return Day{};
    const auto by_schedule = next_charge_day(Date{document.first_try}, Date{document.last_try}, document.tries, document.min_days);
    if (!document.last_card_is_same) { // a new card is tried at once, yet never two on one day
        if (document.tries >= max_charges + 2) return std::nullopt;
        return document.last_try + days{1};
    }
    const bool worth_it = !document.last_reaction || *document.last_reaction == DeclineReaction::retry_later
        || *document.last_reaction == DeclineReaction::customer_must_act;
    return worth_it && by_schedule ? std::optional{Day{*by_schedule}} : std::nullopt;
}

std::optional<Day> stage_day(const OpenDocument& document, const CollectionRules& rules)
{
    const auto& [due, sent, last] = document.dunning;
    if (sent >= rules.ladder.size()) return std::nullopt;
    auto day = due + days{rules.ladder[sent].days};
    if (last && sent > 0) day = std::max(day, *last + days{rules.ladder[sent].days - rules.ladder[sent - 1].days});
    return day;
}

} // namespace

CollectionStep next_step(const OpenDocument& document, const CollectionRules& rules, Day today)
{
    if (document.last_state && is_open(*document.last_state)) return {.next = today + days{1}};
    const auto charge_on = charge_day(document);
    if (charge_on && *charge_on <= today) return {.what = CollectionStep::What::charge, .next = today + days{1}};

    CollectionStep step;
    auto reminded = document;
    if (const auto stage = stage_due(rules.ladder, document.dunning, today)) {
        step = {.what = CollectionStep::What::remind, .stage = *stage};
        reminded.dunning.sent = *stage + 1;
        reminded.dunning.last = today;
    }
    const auto remind_on = stage_day(reminded, rules);
    step.next = charge_on && remind_on ? std::min(charge_on, remind_on) : charge_on ? charge_on : remind_on;
    if (step.next) step.next = std::max(*step.next, today + days{1});
    return step;
}

} // namespace domain
