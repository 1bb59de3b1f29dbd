#include "domain/invoice_tax.h"

namespace domain {

InvoiceTax decide_tax(const VatProfile& profile, const VatRegistration& ours)
{
    InvoiceTax tax{.decision = decide_vat(profile.customer, ours.in_oss)};
    if (tax.decision.treatment == VatTreatment::eu_reverse_charge) {
        tax.vat_id = profile.vat_id;
        tax.consultation = profile.consultation;
    }
    if (tax.decision.treatment == VatTreatment::eu_oss) tax.oss_id = ours.oss_id;
    return tax;
}

bool same_regime(const InvoiceTax& a, const InvoiceTax& b)
{
    return a.decision.treatment == b.decision.treatment && a.decision.country == b.decision.country && a.vat_id == b.vat_id;
}

std::string block_remedy(const VatDecision& decision)
{
    return "we cannot sell to you: " + decision.reason + ". If you are a business in the EU, give its VAT id: PUT /account with"
        + " customer_kind \"business\" and vat_id; if your address is not in " + decision.country + ", correct billing_address";
}

} // namespace domain
