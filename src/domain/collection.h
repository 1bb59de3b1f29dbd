#pragma once
#include "domain/calendar.h"
#include "domain/charge_attempt.h"
#include "domain/decline.h"
#include "domain/dunning.h"

#include <optional>
#include <string>
#include <vector>

// What is to be done today about a document that is not paid.
namespace domain {

/// How the provider asks for its money.
struct CollectionRules {
    std::vector<DunningStage> ladder{}; ///< days after the document fell due, ascending
    /// The stage with which the member's orders are suspended; none: that never happens.
    std::string suspending_stage{};
    int payment_days{30}; ///< of a reminder's fee

    bool suspends(std::size_t stage) const { return ladder[stage].name == suspending_stage; }
};

/// An open document and what was tried so far.
struct OpenDocument {
    DunningState dunning{};
    bool has_card{false};                     ///< the member's default way to pay is a card
    int tries{0};                             ///< charges of cards, whichever
    Day first_try{}, last_try{};              ///< if there was one
    bool last_card_is_same{false};            ///< the last one was of the card that would be charged now
    std::optional<AttemptState> last_state{}; ///< how the last one ended or stands
    std::optional<DeclineReaction> last_reaction{};
    int min_days{0}; ///< until the same card may be tried again
};

struct CollectionStep {
    enum class What { nothing, charge, remind };
    What what{What::nothing};
    std::size_t stage{0};      ///< with remind: of the ladder
    std::optional<Day> next{}; ///< when it is looked at again; nullopt: never, an operator decides
};

/// A card is charged as long as it may be; beside that, what is overdue is reminded of, stage by stage. A try under way is left
/// alone until it has ended.
CollectionStep next_step(const OpenDocument& document, const CollectionRules& rules, Day today);

} // namespace domain
