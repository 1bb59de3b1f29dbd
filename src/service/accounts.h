#pragma once
#include "domain/member.h"
#include "gateway/clock.h"
#include "store/database.h"

#include <optional>

namespace service {

/// What a member may change on the account page; absent fields stay as they are.
struct AccountChanges {
    std::optional<std::string> company{}, name{}, street{}, house_number{}, postal_code{}, city{}, country{};
    std::optional<std::string> language{};
    std::optional<domain::Currency> currency{};
    std::optional<domain::CustomerKind> kind{};
    std::optional<std::string> vat_id{};            ///< as typed; "": there is none
    std::optional<std::int64_t> expected_version{}; ///< If-Match
};

/// The members' own data.
class Accounts {
public:
    Accounts(store::Database& database, gateway::Clock& clock) : database_{database}, clock_{clock} {}

    /// @throws domain::Refusal not_a_member
    domain::Member read(domain::MemberId member);

    /// The member behind a directory account that has signed in before. @throws domain::Refusal not_a_member
    domain::MemberId id_of(const std::string& uid);

    /// A VAT id makes the account a business's. The id of one in the EU is to be confirmed by VIES, which the worker asks.
    /// @throws domain::Refusal not_a_member, changed_meanwhile, vat_id_unusable
    domain::Member change(store::Session& session, domain::MemberId member, const AccountChanges& changes);

private:
    store::Database& database_;
    gateway::Clock& clock_;
};

} // namespace service
