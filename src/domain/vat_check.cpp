#include "domain/vat_check.h"

#include <algorithm>
#include <stdexcept>

namespace domain {
namespace {

using namespace std::chrono_literals;

std::chrono::minutes pause_after_silence(int attempts)
{
    constexpr int doublings = 8; // 256 minutes are more than the longest pause
    return std::min<std::chrono::minutes>(4h, 1min * (1 << std::min(attempts - 1, doublings)));
}

VatIdStanding after_silence(VatIdStanding standing, Instant now, const VatCheckRules& rules)
{
    ++standing.attempts;
    standing.next_check_at = now + pause_after_silence(standing.attempts);
    if (standing.state == VatIdState::valid && now >= standing.confirmed_at.value_or(now) + rules.valid_for) {
        standing.state = VatIdState::unknown;
        standing.waiting_since = now;
    } else if (standing.state == VatIdState::pending) {
        standing.state = VatIdState::unknown;
    }
    if (standing.state != VatIdState::unknown) return standing;
    const auto end_of_hold = standing.waiting_since + rules.hold;
    if (now >= end_of_hold) standing.state = VatIdState::given_up;
    else standing.next_check_at = std::min<Instant>(standing.next_check_at, end_of_hold);
    return standing;
}

} // namespace

std::string_view to_text(RegisterAnswer answer)
{
    switch (answer) {
    case RegisterAnswer::valid: return "valid";
    case RegisterAnswer::invalid: return "invalid";
    case RegisterAnswer::unknown: return "unknown";
    }
    throw std::domain_error{"no such answer"};
}

VatIdStanding after_answer(const VatIdStanding& before, RegisterAnswer answer, Instant now, const VatCheckRules& rules)
{
    if (answer == RegisterAnswer::unknown) return after_silence(before, now, rules);
    auto standing = before;
    standing.attempts = 0;
    standing.next_check_at = now + rules.valid_for - rules.ahead;
    standing.state = answer == RegisterAnswer::valid ? VatIdState::valid : VatIdState::invalid;
    if (answer == RegisterAnswer::valid) standing.confirmed_at = now;
    return standing;
}

bool holds_invoices(VatIdState state) { return state == VatIdState::pending || state == VatIdState::unknown; }

} // namespace domain
