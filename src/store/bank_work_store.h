#pragma once
#include "domain/bank_booking.h"
#include "domain/money.h"
#include "domain/uuid.h"
#include "store/bank_import_store.h"
#include "store/database.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace store {

/// A booking as it is written down, with what became of it.
struct BankBooking {
    NewBankBooking told{};
    domain::Uuid file{};
    std::string file_name{};
    std::string payment{};  ///< its uuid; empty: none
    std::string username{}; ///< of the payment's member
    std::string invoice{};  ///< number of the document that the payment names
    std::optional<domain::Instant> decided_at{};
    std::string decided_by{};
};

/// Which bookings are asked for.
struct BankBookingFilter {
    std::optional<domain::BankBookingState> state{};
    std::optional<domain::Uuid> file{};
};

/// What an operator has decided of a booking.
struct BankDecision {
    std::int64_t booking{0};
    domain::BankBookingState before{}, after{};
    std::optional<std::int64_t> payment{};
    std::optional<std::int64_t> offset_by{};
    domain::Instant at{};
    std::string by{};
};

/// Bookings for those who look at them and decide.
class BankWorkStore {
public:
    explicit BankWorkStore(Session& session) : session_{session} {}

    /// The newest first; `before` is the number of the last one already seen.
    std::vector<BankBooking> page(const BankBookingFilter& filter, std::optional<std::int64_t> before, int limit);

    std::optional<BankBooking> by_uuid(const domain::Uuid& uuid);

    /// Keeps the booking from others until the transaction ends.
    std::optional<BankBooking> lock(const domain::Uuid& uuid);

    /// Nothing of the booking is in suspense any more. Returns false if it does not stand as it did: somebody was first.
    bool decide(const BankDecision& decision);

    /// A decided entry's details are not wanted any more. Returns false if they have just come.
    bool decide_entry(const std::string& account, const std::string& entry_key);

    /// What had gone back to its payer lies in suspense again.
    void open_again(std::int64_t booking);

    /// The newest first.
    std::vector<BankFileRecord> files(std::optional<std::int64_t> before, int limit);
    std::optional<BankFileRecord> file(const domain::Uuid& uuid);

private:
    Session& session_;
};

} // namespace store
