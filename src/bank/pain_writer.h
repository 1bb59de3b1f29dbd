#pragma once
#include "domain/calendar.h"
#include "domain/money.h"

#include <string>
#include <vector>

namespace bank {

/// Where a payee lives; empty fields are left out, an address needs at least city and country.
struct PayeeAddress {
    std::string street{};
    std::string house_number{};
    std::string postal_code{};
    std::string city{};
    std::string country{};
};

/// One credit transfer.
struct Transfer {
    std::string instruction_id{}; ///< ours, unique in the order
    std::string end_to_end_id{};  ///< goes with the money to the payee
    domain::Money amount{};       ///< more than 0
    std::string payee{};
    PayeeAddress address{};
    std::string iban{};
    std::string text{}; ///< for the payee
};

/// Transfers from one account on one day.
struct TransferBatch {
    std::string id{};
    domain::Date execute_on{};
    std::string iban{}; ///< ours, the ordinary one, CH or LI
    std::vector<Transfer> transfers{};
};

/// An order to the bank.
struct TransferOrder {
    std::string id{}; ///< the bank takes it once
    domain::Instant created_at{};
    std::string payer{}; ///< we
    std::vector<TransferBatch> batches{};
};

/// The order as pain.001.001.09 (ISO 20022, Swiss usage: structured addresses, the payer's bank by its clearing number).
/// Texts are cut to the lengths of the Swiss usage. @throws std::domain_error if
/// the order does not pass the schema: then an id, a name or an IBAN is empty or wrong.
std::string pain_001(const TransferOrder& order);

/// "35.00"; the amount must not be negative.
std::string decimal(domain::Money amount);

} // namespace bank
