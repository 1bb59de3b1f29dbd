#include "domain/dunning.h"

#include <algorithm>

namespace domain {

std::optional<std::size_t> stage_due(const std::vector<DunningStage>& ladder, const DunningState& state, Day day)
{
    using std::chrono::days;
    const auto next = state.sent;
    if (next >= ladder.size() || day < state.due + days{ladder[next].days}) return std::nullopt;
    if (next > 0 && state.last && day < *state.last + days{ladder[next].days - ladder[next - 1].days}) return std::nullopt;
    return next;
}

std::optional<NextStage> stage_after(const std::vector<DunningStage>& ladder, const std::string& name, Day due, Day sent_on)
{
    using std::chrono::days;
    const auto stage = std::ranges::find(ladder, name, &DunningStage::name);
    if (stage == ladder.end() || stage + 1 == ladder.end()) return std::nullopt;
    const auto& next = *(stage + 1);
    return NextStage{next.name, std::max(due + days{next.days}, sent_on + days{next.days - stage->days})};
}

} // namespace domain
