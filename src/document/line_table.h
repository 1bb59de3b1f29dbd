#pragma once
#include "document/canvas.h"
#include "document/invoice_document.h"

namespace document {

inline constexpr double body_top = 30, body_bottom = 275; ///< of pages after the first; the bottom is that of all

/// 1, or -1 where signs are turned: for a credit note.
inline std::int64_t printed_sign(const InvoiceDocument& document) { return document.kind == domain::InvoiceKind::credit_note ? -1 : 1; }

/// Draws the lines in a table from `y` on, over as many pages as it takes: the head is repeated, the sum carried forward.
/// The last line is on a page with `room_below` mm of free space under it. Returns the height at which that begins.
double draw_line_table(Canvas& canvas, const InvoiceDocument& document, double y, double room_below);

} // namespace document
