#pragma once
#include <string>
#include <vector>

namespace app {

class Section;

/// What the API in OVH's format needs of its own.
struct ApiSettings {
    std::string secret_key{};          ///< seals the secrets of applications; 64 hexadecimal digits
    std::string previous_secret_key{}; ///< the one before, while `uncloud api-key reseal` has not run
    std::vector<std::string> bases{};  ///< addresses under which clients reach us, which their signatures begin with
};

/// The table [api]; the addresses are by default what follows from `base_url`. @throws std::runtime_error naming what cannot be used
void read_api(Section section, const std::string& base_url, ApiSettings& api);

} // namespace app
