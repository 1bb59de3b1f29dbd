#pragma once
#include "document/canvas.h"
#include "document/qr_payload.h"

#include <string_view>

namespace document {

inline constexpr double slip_height = 105; ///< on the lower edge of the page, as wide as the page

/// Draws receipt and payment part of a QR-bill onto the lower edge of the current page, by the Style Guide QR-bill: what
/// they say is what the code says. `payment` must be one that write_qr_payload takes.
void draw_payment_slip(Canvas& canvas, const QrPayload& payment, std::string_view language);

} // namespace document
