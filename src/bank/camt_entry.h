#pragma once
#include "bank/file_fault.h"
#include "domain/bank_booking.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

// An entry as a file tells it, and whether what it tells can be true.
namespace bank {

/// An amount as the file tells it.
struct Told {
    std::string currency{};
    std::optional<std::int64_t> minor{}; ///< nullopt: not whole minor units

    /// "39.00 CHF", for people.
    std::string text() const;
};

/// One TxDtls.
struct ToldDetail {
    domain::BankDetail detail{};
    std::optional<Told> amount{};
    std::optional<bool> credit{};
};

/// One NtryDtls.
struct ToldBatch {
    std::optional<std::int64_t> count{};
    std::optional<Told> total{};
    std::optional<bool> credit{};
    std::int64_t details{0};
};

/// One Ntry.
struct ToldEntry {
    domain::BankEntry entry{};
    Told amount{};
    std::int64_t line{0};
    std::optional<domain::Date> booked_on{};
    std::optional<domain::Date> valued_on{};
    std::vector<ToldBatch> batches{};
    std::vector<ToldDetail> details{};
};

/// Why an entry cannot be believed.
struct EntryFault {
    FaultCode code{};
    std::string detail{};
};

/// Currencies, amounts, counts and sums of the entry, in this order; nullopt if it can be booked. `account` is its account's currency.
std::optional<EntryFault> fault_of(const ToldEntry& told, domain::Currency account);

/// The entry with its details, once nothing is wrong with them.
domain::BankEntry finished(ToldEntry told, domain::Currency currency);

/// Positive for a credit.
std::int64_t with_sign(std::int64_t minor, bool credit);

} // namespace bank
