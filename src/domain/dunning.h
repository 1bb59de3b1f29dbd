#pragma once
#include "domain/calendar.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace domain {

/// A step of the dunning ladder, so many days after a document fell due.
struct DunningStage {
    std::string name{};
    int days{0};
    std::int64_t fee{0}; ///< minor units of the document's currency
};

/// How far dunning of one document has come.
struct DunningState {
    Day due{};
    std::size_t sent{0};       ///< number of stages sent
    std::optional<Day> last{}; ///< when the latest was sent
};

/// The stage of the ladder that is to be sent on `day` for an open document, if any: its time has come, and the distance to
/// the stage before is kept, so that a late run never sends two at once.
std::optional<std::size_t> stage_due(const std::vector<DunningStage>& ladder, const DunningState& state, Day day);

/// What follows a stage.
struct NextStage {
    std::string name{};
    Day on{}; ///< not before this day
};

/// The stage after the one of that name, which was sent on `sent_on`; nullopt: it was the last one, or there is none of the name.
std::optional<NextStage> stage_after(const std::vector<DunningStage>& ladder, const std::string& name, Day due, Day sent_on);

} // namespace domain
