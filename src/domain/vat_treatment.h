#pragma once
#include "domain/vat.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

// How electronic services of a Swiss host are taxed by where the customer is: place of supply is the recipient's seat or
// home (MWSTG Art. 8 para. 1; MWSTV Art. 10; Directive 2006/112/EC Art. 44, 58 and 196).
namespace domain {

enum class CustomerKind { consumer, business };

std::string_view to_text(CustomerKind kind);            ///< "consumer", "business"
CustomerKind customer_kind_from(std::string_view text); ///< @throws std::domain_error if there is none of this name

/// What is known of a business's EU VAT id. `pending`: VIES was not asked yet. `unknown`: it was, and gave no answer, which
/// says nothing about the id. `given_up`: it gave none for as long as we wait.
enum class VatIdState { none, pending, unknown, given_up, invalid, valid };

std::string_view to_text(VatIdState state);          ///< "none", "pending" …
VatIdState vat_id_state_from(std::string_view text); ///< @throws std::domain_error if there is none of this name

enum class VatTreatment { ch_domestic, eu_reverse_charge, hold_vat_check, eu_oss, block_no_oss, abroad_no_vat };

std::string_view to_text(VatTreatment treatment);       ///< "CH_DOMESTIC" …
VatTreatment vat_treatment_from(std::string_view text); ///< @throws std::domain_error if there is none of this name

/// What the invoice says about its tax; the words are document::invoice_note().
enum class VatNote { none, ch_vat, eu_reverse_charge, eu_oss, abroad };

std::string_view to_text(VatNote note);       ///< "ch_vat" …; "" for none
VatNote vat_note_from(std::string_view text); ///< @throws std::domain_error if there is none of this name

/// What somebody should look at now and then: the rules of a territory, whether the customer's state wants a registration.
enum class VatFlag { none, territory_check, local_tax_check };

std::string_view to_text(VatFlag flag);       ///< "TERRITORY_CHECK", "LOCAL_TAX_CHECK"; "" for none
VatFlag vat_flag_from(std::string_view text); ///< @throws std::domain_error if there is none of this name

struct VatCustomer {
    CustomerKind kind{CustomerKind::consumer};
    std::string country{};  ///< ISO 3166-1 alpha-2
    std::string postcode{}; ///< may begin with the country: "DE-78266"
    VatIdState vat_id{VatIdState::none};
};

struct VatDecision {
    VatTreatment treatment{VatTreatment::ch_domestic};
    VatNote note{VatNote::none};
    VatFlag flag{VatFlag::none};
    std::string country{}; ///< place of supply: "CH", a member state as VAT ids name it ("EL"), else the customer's
    std::string reason{};  ///< the rule in words, for whoever audits it

    /// Nothing may be invoiced: the customer waits, or must not be sold to.
    bool is_held() const { return treatment == VatTreatment::hold_vat_check || treatment == VatTreatment::block_no_oss; }
    /// Tax is due, Swiss or foreign; else the rate is 0.
    bool is_taxed() const { return treatment == VatTreatment::ch_domestic || treatment == VatTreatment::eu_oss; }
    friend bool operator==(const VatDecision&, const VatDecision&) = default;
};

/// The first rule that fits. `in_oss`: we are registered in the EU's non-Union One-Stop-Shop.
VatDecision decide_vat(const VatCustomer& customer, bool in_oss);

/// The country whose VAT rules hold there: Monaco's are the French, Isle of Man's and Northern Ireland's (for services) the
/// British; Greece is EL.
std::string vat_country(std::string_view country);

/// A part of a period with one rate.
struct VatPart {
    Period days{};
    VatRate rate{};
    std::int64_t net{0}, tax{0};
};

/// Divides a net amount by the days of each rate; parts by running sums, so that they add up to it; tax of a part is net
/// times rate, half up (MWSTG Art. 115: the rate follows the day of supply). The period must not be empty.
std::vector<VatPart> split_by_rate(const VatHistory& rates, const Period& days, std::int64_t net);

} // namespace domain
