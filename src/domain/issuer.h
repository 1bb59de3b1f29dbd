#pragma once
#include "domain/member.h"
#include "domain/money.h"

#include <string>

namespace domain {

/// Who issues documents, and where they are paid to.
struct Issuer {
    BillingAddress address{};
    std::string uid{}; ///< "CHE-123.456.788"; empty: not liable to VAT
    std::string email{}, web{}, phone{};
    std::string iban_chf{}, iban_eur{}; ///< a QR-IBAN goes with QR references; empty: no payment part in that currency
    std::string reference_prefix{};     ///< digits that the bank wants in front of QR references

    const std::string& iban(Currency currency) const { return currency == Currency::eur ? iban_eur : iban_chf; }
    friend bool operator==(const Issuer&, const Issuer&) = default;
};

} // namespace domain
