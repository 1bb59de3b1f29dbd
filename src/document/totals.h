#pragma once
#include "document/canvas.h"
#include "document/invoice_document.h"

namespace document {

/// The height that draw_totals takes.
double height_of_totals(const Canvas& canvas, const InvoiceDocument& document);

/// Draws net amount, taxes by rate, total, what is paid of it and what is due from `y` on. Returns where the rest begins.
double draw_totals(Canvas& canvas, const InvoiceDocument& document, double y);

/// The tax notes, what the document corrects, how it is or will be paid, and what the sender adds.
std::vector<std::string> closing_notes(const InvoiceDocument& document);

} // namespace document
