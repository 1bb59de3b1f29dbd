#include "domain/tax_id.h"

#include "domain/code_text.h"
#include "domain/uid.h"
#include "domain/vat_id.h"
#include "domain/vat_treatment.h"

namespace domain {

TaxIdFault check_tax_id(std::string_view country, std::string_view postcode, std::string_view typed)
{
    const VatCustomer business{.kind = CustomerKind::business, .country = std::string{country}, .postcode = std::string{postcode}};
    const bool is_swiss = decide_vat(business, false).treatment == VatTreatment::ch_domestic;
    const bool is_eu = is_member_state(vat_country(compact_upper(country)));
    if (is_swiss && check_uid(typed) == UidFault::none) return TaxIdFault::none;
    if (is_eu) return check_vat_id(typed) == VatIdFault::none ? TaxIdFault::none : TaxIdFault::vat_id;
    if (is_swiss) return TaxIdFault::uid;
    const auto compact = compact_upper(typed, ".-");
    return compact.size() >= 2 && compact.size() <= 20 && all_digits_or_upper(compact) ? TaxIdFault::none : TaxIdFault::other;
}

std::string normalised_tax_id(std::string_view typed)
{
    return check_uid(typed) == UidFault::none ? normalised_uid(typed) : compact_upper(typed, ".-");
}

} // namespace domain
