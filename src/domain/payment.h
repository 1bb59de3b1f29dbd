#pragma once
#include "domain/calendar.h"
#include "domain/member.h"
#include "domain/money.h"
#include "domain/uuid.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace domain {

enum class PaymentMeans { card, bank };

std::string_view to_text(PaymentMeans means);

/// @throws std::domain_error if there is no such means.
PaymentMeans payment_means_from(std::string_view text);

/// Money that came in from a member.
struct Payment {
    Uuid uuid{};
    MemberId member{};
    PaymentMeans means{};
    std::string source{};  ///< which piece of money it is, for ever: "charge:ch_…", "booking:CH…:KEY"
    std::string account{}; ///< of the ledger: where the money lies
    Money amount{};
    std::optional<std::int64_t> invoice{}; ///< the document it names
    Date booked_on{};                      ///< in the books
    Date value_on{};                       ///< the day it counts from
    std::string payer_name{}, payer_iban{};
};

/// What a payment settled.
struct Allocation {
    std::int64_t invoice{0};
    std::int64_t amount{0};
};

} // namespace domain
