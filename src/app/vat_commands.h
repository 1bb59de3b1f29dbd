#pragma once
#include <cstdint>
#include <ostream>
#include <string>

namespace app {

struct VatRateArguments {
    std::string country{};
    std::string vat_class{"standard"};
    std::string from{}; ///< YYYY-MM-DD
    std::string percent{};
    std::string source{};
    bool past{false}; ///< the day may have been: a fact that was missing
};

/// Adds a rate. What is billed already keeps its own.
/// @throws std::invalid_argument for arguments that make no sense; domain::Refusal price_exists, price_in_the_past
void add_vat_rate(std::ostream& out, const VatRateArguments& arguments);

/// The rates, of one country or of all.
void list_vat_rates(std::ostream& out, const std::string& country);

/// Lets the worker ask VIES about the member's VAT id at once. @throws domain::Refusal not_found
void ask_about_vat_id(std::ostream& out, const std::string& username);

} // namespace app
