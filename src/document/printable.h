#pragma once
#include "document/fonts.h"
#include "document/invoice_document.h"

namespace document {

/// The document with texts that the fonts can print: composed (NFC), line breaks and tabs as blanks, characters that the
/// fonts lack mapped as for the QR-bill. @throws Unprintable naming the field that has others.
InvoiceDocument printable(InvoiceDocument document, const Fonts& fonts);

} // namespace document
