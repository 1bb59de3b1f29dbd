#pragma once
#include "gateway/clock.h"
#include "service/bank_proposals.h"
#include "service/payments.h"
#include "store/bank_work_store.h"
#include "store/database.h"

#include <optional>
#include <string>
#include <vector>

namespace service {

/// What a booking belongs to; one of them is given.
struct BankTarget {
    std::string invoice{};                 ///< number
    std::string username{};                ///< the member's account: open documents first, the rest becomes credit
    std::optional<domain::Uuid> booking{}; ///< the one that it takes back
};

/// Where money goes back to; what is empty is taken from the booking.
struct BankPayee {
    std::string name{};
    std::string iban{};
};

/// The bookings that no rule could place, and what operators decide of them: once, each in one transaction, and seen in the
/// audit log. What was in suspense leaves it.
class BankWork {
public:
    BankWork(store::Database& database, gateway::Clock& clock) : database_{database}, clock_{clock}, payments_{clock} {}

    /// The newest first, with proposals.
    std::vector<ProposedBooking> page(const store::BankBookingFilter& filter, std::optional<std::int64_t> before, int limit);

    /// @throws domain::Refusal not_found
    ProposedBooking read(const domain::Uuid& booking);

    /// Money that came in pays the invoice or goes to the member's account. Money that was taken back takes back the latest
    /// payment of its amount on the invoice, or the undecided booking.
    /// @throws domain::Refusal not_found, booking_decided, booking_differs
    store::BankBooking assign(store::Session& session, const domain::Uuid& booking, const BankTarget& target, const std::string& actor);

    /// Money that came in becomes the member's credit; what the member owes is settled first, as with any credit.
    /// @throws domain::Refusal not_found, booking_decided, booking_differs
    store::BankBooking credit(store::Session& session, const domain::Uuid& booking, const std::string& username, const std::string& actor);

    /// Money that came in goes back with the next payout file.
    /// @throws domain::Refusal not_found, booking_decided, booking_differs, payee_missing
    store::BankBooking refund(store::Session& session, const domain::Uuid& booking, const BankPayee& payee, const std::string& actor);

    std::vector<store::BankFileRecord> files(std::optional<std::int64_t> before, int limit);

    /// @throws domain::Refusal not_found
    store::BankFileRecord file(const domain::Uuid& file);

private:
    store::BankBooking locked(store::Session& session, const domain::Uuid& booking);
    std::int64_t pay(
        store::Session& session, const store::BankBooking& booking, domain::MemberId member, std::optional<std::int64_t> invoice);
    std::int64_t take_back(store::Session& session, const store::BankBooking& booking, const std::string& invoice);
    void offset(store::Session& session, const store::BankBooking& booking, const domain::Uuid& other, const std::string& actor);
    void leave_suspense(store::Session& session, const store::BankBooking& booking);
    void decide(store::Session& session, const store::BankBooking& booking, store::BankDecision decision, const std::string& actor);
    store::BankBooking finish(store::Session& session, const store::BankBooking& booking, domain::BankBookingState state,
        std::optional<std::int64_t> payment, const std::string& actor, const std::string& detail);

    store::Database& database_;
    gateway::Clock& clock_;
    Payments payments_;
};

} // namespace service
