#pragma once
#include "domain/invoice_tax.h"
#include "domain/member.h"
#include "domain/vat_check.h"
#include "domain/vat_rates.h"
#include "store/database.h"

#include <optional>
#include <string>
#include <vector>

namespace store {

/// An id that VIES is to be asked about.
struct VatIdToCheck {
    domain::MemberId member{};
    std::string vat_id{};
    domain::VatIdStanding standing{};
    std::int64_t turn{0};
};

/// VAT rates, members' VAT ids, and what VIES said about them.
class VatStore {
public:
    explicit VatStore(Session& session) : session_{session} {}

    std::vector<domain::VatRateFact> rates();

    /// Returns false if there is a rate from that day already.
    bool add_rate(const domain::VatRateFact& fact);

    /// What the member's tax depends on; nullopt if there is no such member.
    std::optional<domain::VatProfile> profile(domain::MemberId member);

    /// VIES is to be asked about the member's id, as if it were new; invoices wait for it.
    void begin(domain::MemberId member, const std::string& vat_id, domain::Instant now);

    /// The time has come to ask about the member's id. @returns false if there is none to ask about.
    bool hasten(domain::MemberId member, domain::Instant now);

    /// Nobody needs to know about an id of the member any more.
    void forget(domain::MemberId member);

    /// Ids of which the time has come, the longest due first.
    std::vector<VatIdToCheck> due(domain::Instant now, int limit);

    /// Takes the id until `until`, and notes that it is asked for. @returns the question's number; nullopt if somebody else took or
    /// changed it meanwhile.
    std::optional<std::int64_t> take(
        VatIdToCheck& id, const std::string& requester, const std::string& asked_by, domain::Instant now, domain::Instant until);

    /// Notes the answer.
    void note(std::int64_t check, const domain::RegisterReply& answer, domain::Instant now);

    /// Where the id stands after the answer. @returns false if it was changed meanwhile: the answer is about another one.
    bool conclude(const VatIdToCheck& id, const domain::VatIdStanding& after, const domain::RegisterReply& answer);

private:
    Session& session_;
};

} // namespace store
