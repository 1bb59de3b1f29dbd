#pragma once
#include "domain/bank_proposal.h"
#include "domain/money.h"
#include "store/database.h"

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace store {

/// What may tell a person who has paid, for many bookings at once.
class BankProposalStore {
public:
    explicit BankProposalStore(Session& session) : session_{session} {}

    /// The one member, by account, whose payments came from it.
    std::map<std::string, std::int64_t> members_by_iban(const std::vector<std::string>& ibans);

    /// The one member, by folded name, that is called so: as person or company.
    std::map<std::string, std::int64_t> members_by_name(const std::vector<std::string>& names);

    std::map<std::int64_t, std::string> usernames(const std::vector<std::int64_t>& members);

    /// The members' documents of which something is open, by member and currency, the oldest first.
    std::map<std::pair<std::int64_t, domain::Currency>, std::vector<domain::OpenInvoice>> open_of(const std::vector<std::int64_t>& members);

    /// Issued invoices by number, whatever is open of them.
    std::map<std::string, domain::OpenInvoice> invoices(const std::vector<std::string>& numbers);

    /// The one document of which exactly the amount is open, by amount and currency.
    std::map<std::pair<std::int64_t, domain::Currency>, domain::OpenInvoice> by_open_amount(const std::vector<std::int64_t>& amounts);

    /// The newest undecided booking of money that came in, by account and amount; its uuid.
    std::map<std::pair<std::string, std::int64_t>, std::string> undecided(const std::vector<std::int64_t>& amounts);

private:
    Session& session_;
};

} // namespace store
