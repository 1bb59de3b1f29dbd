#pragma once
#include "document/fonts.h"
#include "document/invoice_document.h"

#include <string>

namespace document {

/// The invoice or credit note as a PDF file, A4, with a Swiss QR-bill on the lower edge of its last page if the document has
/// a payment part. The same document always gives the same bytes. Characters that the fonts lack are mapped as for the
/// QR-bill. @throws Unprintable for what can neither be printed nor mapped, and for what the QR-bill's rules refuse.
std::string invoice_pdf(const InvoiceDocument& document, const Fonts& fonts);

} // namespace document
