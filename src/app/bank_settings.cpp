#include "app/bank_settings.h"

#include "app/config_section.h"
#include "domain/iban.h"

#include <stdexcept>
#include <utility>

namespace app {
namespace {

domain::BankAccount read_bank_account(Section section)
{
    domain::BankAccount account;
    section.read("iban", account.iban);
    section.read("qr_iban", account.qr_iban);
    account.currency = domain::currency_from(section.choice("currency", "CHF", {"CHF", "EUR"})).value();
    section.finish();
    const auto is_swiss = [](const std::string& iban) { return domain::check_iban(iban) == domain::IbanFault::none; };
    if (!is_swiss(account.iban) || domain::is_qr_iban(account.iban))
        section.fail("iban", "must be the account's ordinary IBAN, Swiss or of Liechtenstein, without blanks");
    if (!account.qr_iban.empty() && (!is_swiss(account.qr_iban) || !domain::is_qr_iban(account.qr_iban)))
        section.fail("qr_iban", "must be a QR-IBAN, without blanks");
    return account;
}

} // namespace

void read_issuer(Section section, domain::Issuer& issuer)
{
    section.read("company", issuer.address.company);
    section.read("street", issuer.address.street);
    section.read("house_number", issuer.address.house_number);
    section.read("postal_code", issuer.address.postal_code);
    section.read("city", issuer.address.city);
    section.read("country", issuer.address.country);
    section.read("uid", issuer.uid);
    section.read("email", issuer.email);
    section.read("web", issuer.web);
    section.read("phone", issuer.phone);
    section.read("iban_chf", issuer.iban_chf);
    section.read("iban_eur", issuer.iban_eur);
    section.read("reference_prefix", issuer.reference_prefix);
    section.finish();
    for (const auto* iban : {&issuer.iban_chf, &issuer.iban_eur})
        if (!iban->empty() && domain::check_iban(*iban) != domain::IbanFault::none)
            throw std::runtime_error{"issuer: " + *iban + " is no Swiss or Liechtenstein IBAN (21 characters, no blanks)"};
    if (issuer.reference_prefix.size() > 12 || issuer.reference_prefix.find_first_not_of("0123456789") != std::string::npos)
        throw std::runtime_error{"issuer.reference_prefix must be at most 12 digits"};
}

/// Without accounts of its own those of the bills are ours; what is credited to a QR-IBAN is reported under an ordinary one,
/// which nobody can guess.
void read_bank(Section section, const domain::Issuer& issuer, BankSettings& settings)
{
    section.read("max_file_mib", settings.max_file_mib);
    section.read("max_depth", settings.max_depth);
    for (auto& account : section.sections("accounts")) {
        settings.accounts.push_back(read_bank_account(std::move(account)));
        for (const auto& other : settings.accounts)
            if (&other != &settings.accounts.back() && other.iban == settings.accounts.back().iban)
                section.fail("accounts", other.iban + " is there twice");
    }
    section.finish();
    if (!settings.accounts.empty()) return;
    for (const auto& [iban, currency] : {std::pair{issuer.iban_chf, domain::Currency::chf}, {issuer.iban_eur, domain::Currency::eur}})
        if (!iban.empty() && !domain::is_qr_iban(iban)) settings.accounts.push_back({iban, "", currency});
}

} // namespace app
