#include "domain/charge_attempt.h"

#include <stdexcept>

namespace domain {

std::string_view to_text(AttemptState state)
{
    switch (state) {
    case AttemptState::planned: return "planned";
    case AttemptState::asked: return "asked";
    case AttemptState::processing: return "processing";
    case AttemptState::waiting: return "waiting";
    case AttemptState::succeeded: return "succeeded";
    case AttemptState::failed: return "failed";
    case AttemptState::canceled: return "canceled";
    }
    throw std::domain_error{"no such state of a charge"};
}

AttemptState attempt_state_from(std::string_view text)
{
    using enum AttemptState;
    for (const auto state : {planned, asked, processing, waiting, succeeded, failed, canceled})
        if (to_text(state) == text) return state;
    throw std::domain_error{"no such state of a charge"};
}

bool is_open(AttemptState state)
{
    using enum AttemptState;
    return state == planned || state == asked || state == processing || state == waiting;
}

bool is_under_way(AttemptState state) { return is_open(state) && state != AttemptState::waiting; }

bool may_become(AttemptState from, AttemptState to)
{
    using enum AttemptState;
    switch (from) {
    case planned: return to == asked || to == canceled;
    case asked: return to != planned && to != asked;
    case processing: return to == waiting || to == succeeded || to == failed || to == canceled;
    case waiting: return to == processing || to == succeeded || to == failed || to == canceled;
    case failed: return to == succeeded;
    case canceled: return to == succeeded;
    case succeeded: return false;
    }
    return false;
}

} // namespace domain
