#pragma once
#include "domain/calendar.h"
#include "domain/vat_treatment.h"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

// When VIES is asked about a VAT id, and what its answers and its silence change.
namespace domain {

/// `unknown`: no clear yes or no, whatever the cause. It says nothing about the id.
enum class RegisterAnswer { valid, invalid, unknown };

std::string_view to_text(RegisterAnswer answer); ///< "valid" …

/// What VIES said, or why it did not.
struct RegisterReply {
    RegisterAnswer answer{RegisterAnswer::unknown};
    std::string code{};         ///< why there is no answer, in its words or ours: "MS_UNAVAILABLE"
    std::string consultation{}; ///< proves that we asked
    std::string answer_date{};  ///< as VIES gives it
    std::string name{}, address{};
};

struct VatCheckRules {
    std::chrono::hours hold{24 * 7};       ///< so long invoices wait for an answer; then the customer is taxed as a consumer
    std::chrono::hours valid_for{24 * 90}; ///< so long a yes is relied on
    std::chrono::hours ahead{24 * 14};     ///< so long before a yes runs out it is asked for anew
};

/// Where an id stands.
struct VatIdStanding {
    VatIdState state{VatIdState::pending};
    Instant waiting_since{};               ///< since when no answer is there that counts
    std::optional<Instant> confirmed_at{}; ///< of the last yes
    int attempts{0};                       ///< without an answer, one after the other
    Instant next_check_at{};
};

/// Where it stands after an answer at `now`. An unknown one never makes valid or invalid; it lets a yes stand until that runs out,
/// and is asked for again after 1, 2, 4 … minutes, at most 4 hours.
VatIdStanding after_answer(const VatIdStanding& before, RegisterAnswer answer, Instant now, const VatCheckRules& rules);

/// True if invoices wait for the answer.
bool holds_invoices(VatIdState state);

} // namespace domain
