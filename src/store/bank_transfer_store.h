#pragma once
#include "domain/calendar.h"
#include "domain/money.h"
#include "domain/uuid.h"
#include "store/database.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace store {

enum class TransferState { requested, asked, succeeded, failed };

std::string_view to_text(TransferState state);

/// Money that goes out through a bank: a member's refund, or what nobody could place and goes back to its payer.
struct BankTransfer {
    std::int64_t id{0};
    domain::Uuid uuid{}; ///< goes with the money; a refund's is its own
    std::string account{};
    domain::Money amount{};
    std::optional<std::int64_t> refund{};
    std::optional<std::int64_t> booking{};
    std::string payee_name{}, payee_iban{};
    std::string street{}, house_number{}, postal_code{}, city{}, country{};
    std::string text{};
    TransferState state{TransferState::requested};
    std::optional<std::int64_t> payout{};
};

/// A payout file, as it was handed out.
struct BankPayout {
    std::int64_t id{0};
    domain::Uuid uuid{};
    std::string account{};
    domain::Money amount{};
    int transfers{0};
    std::string document{};
    domain::Instant created_at{};
    std::string created_by{};
};

/// Rows of `bank_transfers` and `bank_payouts`.
class BankTransferStore {
public:
    explicit BankTransferStore(Session& session) : session_{session} {}

    /// Returns false if there is one for the same refund or booking already.
    bool add(const BankTransfer& transfer, domain::Instant now);

    /// Makes a transfer of each bank refund that is asked for and has none; from then on the bank may know of it.
    void add_refunds(domain::Instant now);

    /// The accounts and currencies in which something is to be paid.
    std::vector<std::pair<std::string, domain::Currency>> to_pay();

    /// The account's transfers that are to be paid, oldest first, kept from others until the transaction ends.
    std::vector<BankTransfer> lock_to_pay(const std::string& account, domain::Currency currency, int limit);

    /// By uuid, kept from others until the transaction ends.
    std::unordered_map<std::string, BankTransfer> lock(const std::vector<std::string>& uuids);

    void record(std::int64_t id, TransferState state, domain::Instant now);

    /// Writes the payout down and puts the transfers into it. @throws Conflict if one of them is in another
    void add(const BankPayout& payout, const std::vector<BankTransfer>& transfers);

    std::optional<BankPayout> payout(const domain::Uuid& uuid);

    /// Without their documents, the newest first.
    std::vector<BankPayout> newest(int limit);

private:
    Session& session_;
};

} // namespace store
