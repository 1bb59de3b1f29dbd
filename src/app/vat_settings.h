#pragma once
#include "domain/invoice_tax.h"
#include "domain/vat_check.h"
#include "gateway/vat_register.h"

#include <chrono>

namespace app {

class Section;

/// Who answers for VAT ids of the EU.
enum class VatRegisterKind { none, vies, sandbox };

struct VatSettings {
    domain::VatRegistration registration{};
    VatRegisterKind kind{VatRegisterKind::vies};
    gateway::ViesSettings vies{};
    domain::VatCheckRules rules{};
    std::chrono::seconds every{10}; ///< how often the worker looks for ids to ask about
};

/// The table [vat]: how customers in the EU are taxed, and who says whether they are businesses.
/// @throws std::runtime_error naming what cannot be used
void read_vat(Section section, VatSettings& vat);

} // namespace app
