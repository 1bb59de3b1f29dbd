#pragma once
#include <string>

namespace app {

/// Of the product, as in CHANGELOG.md.
inline const std::string version{"1.0.0"};

} // namespace app
