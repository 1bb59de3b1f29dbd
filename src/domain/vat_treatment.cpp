#include "domain/vat_treatment.h"

#include "domain/code_text.h"
#include "domain/money.h"
#include "domain/vat_id.h"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace domain {
namespace {

/// Where a member state's VAT does not reach, by the first digits of its postcodes.
struct Territory {
    std::string_view state{};
    std::string_view postcodes{};
};

constexpr std::array outside_eu_vat{
    Territory{"DE", "27498"},                     // Helgoland
    Territory{"EL", "63086"},                     // Mount Athos
    Territory{"ES", "35"},                        // Canary Islands
    Territory{"ES", "38"}, Territory{"ES", "51"}, // Ceuta
    Territory{"ES", "52"},                        // Melilla
    Territory{"FI", "22"},                        // Åland
    Territory{"FR", "971"},                       // overseas
    Territory{"FR", "972"}, Territory{"FR", "973"}, Territory{"FR", "974"}, Territory{"FR", "975"}, Territory{"FR", "976"},
    Territory{"IT", "22061"}, // Campione d'Italia
    Territory{"IT", "23041"}, // Livigno
};
constexpr std::size_t postcode_length = 5; ///< in all of these states

constexpr std::string_view buesingen = "78266"; ///< German, in the Swiss customs and VAT area

/// Digits of the postcode, without the country that some write before it.
std::string postcode_digits(std::string_view postcode)
{
    const auto compacted = compact_upper(postcode, "-.");
    return compacted.substr(std::min(compacted.find_first_of("0123456789"), compacted.size()));
}

bool is_outside_eu_vat(std::string_view state, std::string_view postcode)
{
    return std::ranges::any_of(outside_eu_vat, [&](const Territory& territory) {
        return territory.state == state && postcode.size() == postcode_length && postcode.starts_with(territory.postcodes);
    });
}

bool is_swiss_area(std::string_view country, std::string_view postcode)
{
    return country == "CH" || country == "LI" || (country == "DE" && postcode == buesingen);
}

VatDecision decide_for_member_state(const VatCustomer& customer, const std::string& state, bool in_oss)
{
    using enum VatTreatment;
    if (customer.kind == CustomerKind::business && customer.vat_id == VatIdState::valid)
        return {.treatment = eu_reverse_charge,
            .note = VatNote::eu_reverse_charge,
            .country = state,
            .reason = "business in " + state + ", VAT id valid in VIES: the customer accounts for the tax"};
    const bool waits = customer.vat_id == VatIdState::pending || customer.vat_id == VatIdState::unknown;
    if (customer.kind == CustomerKind::business && waits)
        return {
            .treatment = hold_vat_check, .country = state, .reason = "business in " + state + ", VIES has not confirmed its VAT id yet"};
    const auto who = customer.kind == CustomerKind::consumer ? "consumer in " + state : "business in " + state + " without a valid VAT id";
    if (!in_oss) return {.treatment = block_no_oss, .country = state, .reason = who + ", and we are not in the One-Stop-Shop"};
    return {.treatment = eu_oss, .note = VatNote::eu_oss, .country = state, .reason = who + ": standard rate of " + state};
}

} // namespace

std::string_view to_text(CustomerKind kind)
{
    switch (kind) {
    case CustomerKind::consumer: return "consumer";
    case CustomerKind::business: return "business";
    }
    throw std::domain_error{"no such kind of customer"};
}

CustomerKind customer_kind_from(std::string_view text)
{
    for (const auto kind : {CustomerKind::consumer, CustomerKind::business})
        if (to_text(kind) == text) return kind;
    throw std::domain_error{"no such kind of customer"};
}

std::string_view to_text(VatIdState state)
{
    switch (state) {
    case VatIdState::none: return "none";
    case VatIdState::pending: return "pending";
    case VatIdState::unknown: return "unknown";
    case VatIdState::given_up: return "given_up";
    case VatIdState::invalid: return "invalid";
    case VatIdState::valid: return "valid";
    }
    throw std::domain_error{"no such state of a VAT id"};
}

VatIdState vat_id_state_from(std::string_view text)
{
    using enum VatIdState;
    for (const auto state : {none, pending, unknown, given_up, invalid, valid})
        if (to_text(state) == text) return state;
    throw std::domain_error{"no such state of a VAT id"};
}

std::string_view to_text(VatTreatment treatment)
{
    switch (treatment) {
    case VatTreatment::ch_domestic: return "CH_DOMESTIC";
    case VatTreatment::eu_reverse_charge: return "EU_REVERSE_CHARGE";
    case VatTreatment::hold_vat_check: return "HOLD_VAT_CHECK";
    case VatTreatment::eu_oss: return "EU_OSS";
    case VatTreatment::block_no_oss: return "BLOCK_NO_OSS";
    case VatTreatment::abroad_no_vat: return "ABROAD_NO_VAT";
    }
    throw std::domain_error{"no such VAT treatment"};
}

VatTreatment vat_treatment_from(std::string_view text)
{
    using enum VatTreatment;
    for (const auto treatment : {ch_domestic, eu_reverse_charge, hold_vat_check, eu_oss, block_no_oss, abroad_no_vat})
        if (to_text(treatment) == text) return treatment;
    throw std::domain_error{"no such VAT treatment"};
}

std::string_view to_text(VatNote note)
{
    switch (note) {
    case VatNote::none: return "";
    case VatNote::ch_vat: return "ch_vat";
    case VatNote::eu_reverse_charge: return "eu_reverse_charge";
    case VatNote::eu_oss: return "eu_oss";
    case VatNote::abroad: return "abroad";
    }
    throw std::domain_error{"no such VAT note"};
}

VatNote vat_note_from(std::string_view text)
{
    using enum VatNote;
    for (const auto note : {none, ch_vat, eu_reverse_charge, eu_oss, abroad})
        if (to_text(note) == text) return note;
    throw std::domain_error{"no such VAT note"};
}

std::string_view to_text(VatFlag flag)
{
    switch (flag) {
    case VatFlag::none: return "";
    case VatFlag::territory_check: return "TERRITORY_CHECK";
    case VatFlag::local_tax_check: return "LOCAL_TAX_CHECK";
    }
    throw std::domain_error{"no such VAT flag"};
}

VatFlag vat_flag_from(std::string_view text)
{
    for (const auto flag : {VatFlag::none, VatFlag::territory_check, VatFlag::local_tax_check})
        if (to_text(flag) == text) return flag;
    throw std::domain_error{"no such VAT flag"};
}

std::string vat_country(std::string_view country)
{
    if (country == "GR") return "EL";
    if (country == "MC") return "FR";
    if (country == "IM" || country == "XI" || country == "UK") return "GB";
    return std::string{country};
}

VatDecision decide_vat(const VatCustomer& customer, bool in_oss)
{
    using enum VatTreatment;
    const auto country = vat_country(compact_upper(customer.country));
    const auto postcode = postcode_digits(customer.postcode);
    if (is_swiss_area(country, postcode))
        return {.treatment = ch_domestic, .note = VatNote::ch_vat, .country = "CH", .reason = "in the Swiss VAT area"};
    if (is_outside_eu_vat(country, postcode))
        return {.treatment = abroad_no_vat,
            .note = VatNote::abroad,
            .flag = VatFlag::territory_check,
            .country = country,
            .reason = "postcode " + postcode + " of " + country + " is outside the EU's VAT area"};
    if (is_member_state(country)) return decide_for_member_state(customer, country, in_oss);
    const bool business = customer.kind == CustomerKind::business;
    return {.treatment = abroad_no_vat,
        .note = VatNote::abroad,
        .flag = business ? VatFlag::none : VatFlag::local_tax_check,
        .country = country,
        .reason = std::string{to_text(customer.kind)} + " in " + country + ": place of supply abroad"};
}

std::vector<VatPart> split_by_rate(const VatHistory& rates, const Period& days, std::int64_t net)
{
    std::vector<VatPart> parts;
    std::int64_t before = 0;
    for (Day day = days.start; day < days.end;) {
        const Day end = std::min(rates.next_change(day), days.end);
        const auto through = half_up(net, days_in({days.start, end}), days_in(days));
        const auto rate = rates.rate_on(day);
        parts.push_back({{day, end}, rate, through - before, vat_of(through - before, rate, false)});
        before = through;
        day = end;
    }
    return parts;
}

} // namespace domain
