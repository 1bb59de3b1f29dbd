#pragma once
#include "domain/check_digits.h"
#include "domain/settlement.h"
#include "fake/bank_file.h"
#include "fake/card_desk.h"
#include "service/bank_imports.h"

#include <random>
#include <string>
#include <vector>

namespace fake {

/// An account number that no other case has.
inline std::string new_iban(const std::string& institution = "89999")
{
    std::mt19937_64 random{std::random_device{}()};
    std::string body = institution;
    while (body.size() < 17) body += static_cast<char>('0' + random() % 10);
    const int check = domain::check_digits_97(body + "CH00");
    return std::string{"CH"} + (check < 10 ? "0" : "") + std::to_string(check) + body;
}

/// What is paid into an account of a case's own.
struct BankDesk : CardDesk {
    const std::string iban = new_iban();
    const std::string qr_iban = new_iban("30999");
    const std::string euros = new_iban();
    service::BankRules rules{.accounts = {{iban, qr_iban, domain::Currency::chf}, {euros, "", domain::Currency::eur}}};
    service::BankImports imports{database(), clock, refunds, rules};

    std::string reference_of(std::int64_t invoice) const
    {
        return domain::bill_qr_reference("", domain::bill_number_from(number_of(invoice)).value());
    }
    std::string creditor_reference_of(std::int64_t invoice) const
    {
        return domain::bill_creditor_reference(domain::bill_number_from(number_of(invoice)).value());
    }

    service::ImportedBankFile take(const std::string& document)
    {
        const service::BankFile file{.name = "test.xml", .open = [&] { return bank::bytes_of(document); }};
        return imports.import(file, "op", std::chrono::seconds{20});
    }
    service::ImportedBankFile take(const std::vector<BankEntry>& entries) { return take(notification(entries)); }
    std::string notification(const std::vector<BankEntry>& entries) const
    {
        return BankFile{.entries = entries, .iban = iban}.notification();
    }

    /// An entry with one detail.
    static BankEntry entry(const std::string& key, const std::string& amount, const std::string& reference, const std::string& payer = "")
    {
        return {.key = "E" + key, .amount = amount, .details = {{.key = key, .amount = amount, .reference = reference, .payer = payer}}};
    }

    /// "PAID done 0; …" of the account's bookings, in their order.
    std::string outcomes() const
    {
        return text("SELECT COALESCE(GROUP_CONCAT(CONCAT_WS(' ', outcome, state, suspense_minor) ORDER BY id SEPARATOR '; '), '')"
                    " FROM bank_bookings WHERE account = ?",
            iban);
    }
    /// What lies on the account in the books.
    std::int64_t balance() const { return balance_of("bank:" + iban); }
    static std::int64_t balance_of(const std::string& account)
    {
        return count("SELECT CAST(COALESCE(SUM(debit_minor) - SUM(credit_minor), 0) AS INT) FROM ledger_totals WHERE account = ?", account);
    }
    /// What of the account's bookings lies in suspense.
    std::int64_t suspense() const
    {
        return count("SELECT CAST(COALESCE(SUM(suspense_minor), 0) AS INT) FROM bank_bookings WHERE account = ?", iban);
    }
    domain::Uuid booking(const std::string& key) const
    {
        return domain::Uuid::parse(text("SELECT uuid FROM bank_bookings WHERE account = ? AND booking_key = ?", iban, key)).value();
    }
    /// What `uncloud verify` says of nico and the bank.
    std::vector<std::string> bank_findings() const
    {
        auto all = service::Verification{database()}.verify().findings;
        std::erase_if(all, [&](const std::string& finding) {
            return finding.find(nico.uid) == std::string::npos && !finding.starts_with("payment:") && !finding.starts_with("ledger:")
                && !finding.starts_with("bank:");
        });
        return all;
    }
};

} // namespace fake
