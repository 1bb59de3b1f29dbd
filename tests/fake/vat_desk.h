#pragma once
#include "fake/card_desk.h"
#include "fake/fake_vat_register.h"
#include "service/accounts.h"
#include "service/catalogue.h"
#include "service/vat_checks.h"
#include "store/vat_store.h"

#include <random>
#include <string>

namespace fake {

/// A Belgian VAT id of the right form that nobody has yet.
inline std::string new_vat_id()
{
    std::random_device random;
    auto digits = std::to_string(std::uniform_int_distribution{100'000'000, 999'999'999}(random));
    return "BE0" + digits;
}

/// nico lives abroad, and VIES is what a case makes of it.
struct VatDesk : CardDesk {
    FakeVatRegister vies{};
    domain::VatCheckRules rules{};
    service::Accounts accounts{database(), clock};
    service::Catalogue catalogue{database(), clock, one_stop_shop};
    const std::string vat_id = new_vat_id();

    VatDesk() { pay_on_bill(); }

    void pay_on_bill() const { fake::change("DELETE FROM payment_methods WHERE member_id = ? AND type = 'card'", number(nico.member)); }

    domain::Member change_account(const service::AccountChanges& changes) { return change_account(nico.member, changes); }
    domain::Member change_account(domain::MemberId member, const service::AccountChanges& changes)
    {
        return in_transaction([&](store::Session& session) { return accounts.change(session, member, changes); });
    }
    void live_in(const std::string& country, const std::string& postal_code = "")
    {
        change_account({.postal_code = postal_code, .country = country});
    }
    /// A business in Belgium that VIES was not asked about yet.
    void be_a_business() { change_account({.country = "BE", .vat_id = vat_id}); }

    void ask_vies(const std::string& name = "test")
    {
        const std::atomic<bool> go_on{false};
        service::VatChecks{database(), vies, clock, rules, name}.work(go_on);
    }
    void ask_vies_at(const std::string& when)
    {
        clock.set(at(when));
        ask_vies();
    }

    std::string state() const { return text("SELECT COALESCE(MAX(state), 'none') FROM vat_ids WHERE member_id = ?", number(nico.member)); }
    /// "EU_OSS DE 19.00 net 1203 vat 229; …" of nico's lines, by document.
    std::string taxes() const
    {
        return text("SELECT COALESCE(GROUP_CONCAT(CONCAT_WS(' ', i.kind, i.vat_treatment, i.vat_country, l.vat_rate, l.net_minor,"
                    " l.vat_minor) ORDER BY i.id, l.position SEPARATOR '; '), 'none') FROM invoices i"
                    " JOIN invoice_lines l ON l.invoice_id = i.id WHERE i.member_id = ?",
            number(nico.member));
    }
};

} // namespace fake
