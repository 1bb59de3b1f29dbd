#include "domain/dunning.h"

namespace domain {

std::optional<std::size_t> stage_due(const std::vector<DunningStage>& ladder, const DunningState& state, Day day)
{
    using std::chrono::days;
    const auto next = state.sent;
    if (next >= ladder.size() || day < state.due + days{ladder[next].days}) return std::nullopt;
    if (next > 0 && state.last && day < *state.last + days{ladder[next].days - ladder[next - 1].days}) return std::nullopt;
    return next;
}

} // namespace domain
