#pragma once
#include <cstdint>
#include <optional>
#include <ostream>
#include <string>

namespace app {

/// What may act for the member in the cart API. @throws domain::Refusal not_found
void list_api_keys(std::ostream& out, const std::string& username);

/// Ends a key of the member, or all: whoever is removed from the directory keeps none. @throws domain::Refusal not_found
void revoke_api_keys(std::ostream& out, const std::string& username, std::optional<std::int64_t> id);

/// Seals the secrets of all applications under the current key. @throws std::runtime_error if one opens under neither key
void reseal_api_keys(std::ostream& out);

} // namespace app
