#pragma once
#include "domain/calendar.h"
#include "domain/member.h"
#include "domain/money.h"
#include "domain/uuid.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace domain {

/// How a try to charge a card stands. `asked`: the gateway may know of it, its answer does not count yet; `waiting`: the member
/// has to confirm.
enum class AttemptState { planned, asked, processing, waiting, succeeded, failed, canceled };

std::string_view to_text(AttemptState state);

/// @throws std::domain_error if there is no such state.
AttemptState attempt_state_from(std::string_view text);

/// True while it may still be paid as things stand; a document has one such try at most.
bool is_open(AttemptState state);

/// True while it may be paid without anybody doing anything more.
bool is_under_way(AttemptState state);

/// True if what is heard of a try may change it so. News come late, twice and out of order: a try that failed or was given up
/// may turn out to be paid, one that is paid stays so whatever comes.
bool may_become(AttemptState from, AttemptState to);

/// A try as it is written down before the gateway is asked. What is asked is made of nothing else.
struct ChargeAttempt {
    std::int64_t id{0};
    Uuid uuid{};
    std::int64_t invoice{0};
    std::string invoice_number{};
    int attempt{0}; ///< of the document, from 1
    MemberId member{};
    Uuid method{};
    std::string customer{}, card{}; ///< as the gateway names them
    Money amount{};
    std::string description{};
    AttemptState state{AttemptState::planned};
    Date planned_on{};
    std::optional<Instant> asked_at{};
    int confirmations{0}; ///< how often the member began to confirm
    std::string intent{};

    /// The idempotency key: the same for the same try for ever.
    std::string key() const { return "pi-" + invoice_number + '-' + std::to_string(attempt) + '-' + uuid.text().substr(24); }
};

} // namespace domain
