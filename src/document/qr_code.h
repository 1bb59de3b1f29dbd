#pragma once
#include <string>
#include <string_view>

namespace document {

/// The code of a QR-bill as a path for Canvas::drawing, black modules and the Swiss cross, in millimetres from the lower
/// left corner of the 46 mm square. Byte mode, error correction M. `payload` has at most 997 bytes.
std::string qr_drawing(std::string_view payload);

inline constexpr double qr_side = 46;

} // namespace document
