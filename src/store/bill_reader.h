#pragma once
#include "domain/calendar.h"
#include "domain/member.h"
#include "store/database.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace store {

/// What an invoice is for, in the cart API's words: "purchase-servers" or "purchase" has something of the first period of an order,
/// "autorenew" has nothing but further periods.
struct Bill {
    std::string number{};
    std::string category{};
    std::int64_t checkout{0}; ///< with which something on it was bought; 0: with none
    std::string original{};   ///< of a refund: the number of the invoice that it takes back
};

/// The cart API calls invoices bills, and credit notes refunds.
enum class BillKind { bill, refund };

struct BillFilter {
    BillKind kind{BillKind::bill};
    std::optional<domain::Instant> from{}, to{}; ///< of its issue, both included
    std::optional<std::int64_t> checkout{};
    std::optional<std::string> category{};
};

/// A member's documents as the cart API lists them.
class BillReader {
public:
    explicit BillReader(Session& session) : session_{session} {}

    /// By the order of their issue.
    std::vector<Bill> bills(domain::MemberId member, const BillFilter& filter);

    /// nullopt if the member has no such document.
    std::optional<Bill> bill(domain::MemberId member, const std::string& number, BillKind kind);

private:
    Session& session_;
};

} // namespace store
