#pragma once
#include "domain/money.h"

#include <optional>
#include <string>
#include <string_view>

namespace domain {

/// In which currency the subsidiary (as OVH's order API names its countries) sells; nullopt: we have no such subsidiary.
std::optional<Currency> currency_of_subsidiary(std::string_view subsidiary);

/// "CH, DE, ES": those there are, in messages.
std::string subsidiaries_text();

} // namespace domain
