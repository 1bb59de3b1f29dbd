#include "app/vat_settings.h"

#include "app/config_section.h"
#include "domain/vat_id.h"

#include <stdexcept>

namespace app {
namespace {

std::chrono::hours days_of(Section& section, const char* key, std::chrono::hours fallback)
{
    int days = static_cast<int>(fallback / std::chrono::hours{24});
    section.read(key, days);
    return std::chrono::hours{24} * days;
}

} // namespace

void read_vat(Section section, VatSettings& vat)
{
    section.read("oss", vat.registration.in_oss);
    section.read("oss_id", vat.registration.oss_id);
    const auto kind = section.choice("register", "vies", {"none", "vies", "sandbox"});
    vat.kind = kind == "none" ? VatRegisterKind::none : kind == "vies" ? VatRegisterKind::vies : VatRegisterKind::sandbox;
    section.read("register_url", vat.vies.url);
    section.read("requester", vat.vies.requester);
    vat.rules.hold = days_of(section, "hold_days", vat.rules.hold);
    vat.rules.valid_for = days_of(section, "valid_days", vat.rules.valid_for);
    vat.rules.ahead = vat.rules.valid_for / 6; // 15 of 90 days: time for an answer before the last one has run out
    section.read("every_seconds", vat.every);
    section.finish();
    if (vat.rules.valid_for < std::chrono::hours{24}) throw std::runtime_error{"vat.valid_days must be at least 1"};
    if (vat.registration.in_oss && vat.registration.oss_id.empty())
        throw std::runtime_error{"vat.oss_id must be set where oss is true: it stands on the invoices, such as EU372012345"};
    if (!vat.vies.requester.empty() && domain::check_vat_id(vat.vies.requester) != domain::VatIdFault::none)
        throw std::runtime_error{"vat.requester must be a VAT id of a member state of the EU, such as DE123456788, or empty"};
    vat.vies.requester = domain::normalised_vat_id(vat.vies.requester);
}

} // namespace app
