#pragma once
#include "domain/calendar.h"
#include "domain/money.h"
#include "domain/uuid.h"
#include "domain/vat_treatment.h"

#include <cstdint>
#include <optional>
#include <string>

namespace domain {

enum class MemberId : std::int64_t {};

/// What the directory says of an account.
struct DirectoryEntry {
    std::string uid{}; ///< canonical spelling
    std::string name{};
    std::string email{};
};

/// Where a bill goes. Empty strings where the member gave nothing.
struct BillingAddress {
    std::string company{}, name{}, street{}, house_number{}, postal_code{}, city{};
    std::string country{"CH"}; ///< ISO 3166-1 alpha-2
    friend bool operator==(const BillingAddress&, const BillingAddress&) = default;
};

struct Member {
    MemberId id{};
    Uuid uuid{};
    std::string uid{};
    std::string name{};
    std::string email{};
    BillingAddress address{};
    std::string language{"en"}; ///< de, fr, it or en
    Currency currency{Currency::chf};
    CustomerKind kind{CustomerKind::consumer};
    std::string vat_id{};                      ///< normalised; "" if none was given
    VatIdState vat_id_state{VatIdState::none}; ///< what VIES knows of it, for a business in the EU
    std::optional<int> payment_days{};         ///< terms of payment on bill that an operator gave; none: those of all
    Instant joined_at{};                       ///< of the account, not of the membership
    std::int64_t version{1};
};

/// Who is asking, as nginx verified it.
struct Identity {
    MemberId member{};
    std::string uid{};
    bool operator_{false}; ///< in the operators' group
};

} // namespace domain
