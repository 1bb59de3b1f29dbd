#pragma once
#include "domain/vat_treatment.h"

#include <string>

namespace domain {

/// What a member's tax depends on.
struct VatProfile {
    VatCustomer customer{};
    std::string vat_id{};       ///< normalised; "" if none was given
    std::string consultation{}; ///< number of VIES's answer that confirmed it
};

/// Whether and as whom we are registered in the EU's non-Union One-Stop-Shop.
struct VatRegistration {
    bool in_oss{false};
    std::string oss_id{}; ///< "EU372012345"
};

/// How the tax of a document was decided, when it was issued.
struct InvoiceTax {
    VatDecision decision{.note = VatNote::ch_vat, .country = "CH"};
    std::string vat_id{};       ///< that made the customer account for the tax itself
    std::string consultation{}; ///< number of VIES's answer on it
    std::string oss_id{};       ///< ours, where a member state's tax is charged
    friend bool operator==(const InvoiceTax&, const InvoiceTax&) = default;
};

InvoiceTax decide_tax(const VatProfile& profile, const VatRegistration& ours);

/// True if both may stand on one document: they say the same about it, whatever number VIES gave its answers.
bool same_regime(const InvoiceTax& a, const InvoiceTax& b);

/// What somebody who must not be sold to can do about it.
std::string block_remedy(const VatDecision& decision);

} // namespace domain
