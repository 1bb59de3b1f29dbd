#pragma once
#include "document/canvas.h"
#include "document/invoice_document.h"

namespace document {

inline constexpr double left_margin = 20, right_margin = 190; ///< of the text, from the left edge

/// Draws the top of the first page: who sends it, the recipient in the window on the right (from 118 mm, 60 mm, as Swiss
/// Post has it), the facts of the document on the left, its title. Returns the height at which the rest begins.
double draw_letterhead(Canvas& canvas, const InvoiceDocument& document);

/// "Invoice 2026-000001"
std::string title_of(const InvoiceDocument& document);

} // namespace document
