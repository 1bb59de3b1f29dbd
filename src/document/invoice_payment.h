#pragma once
#include "document/invoice_document.h"
#include "document/qr_payload.h"

namespace document {

/// What the code on the payment part says; the document must have one. Texts are mapped to the characters of a QR-bill;
/// the recipient's name, street and town are cut to the lengths it allows. A recipient without a complete address is left
/// out, to be filled in by the payer; so is one who cannot be written in these characters.
/// @throws Unprintable for what the rules of the QR-bill refuse.
QrPayload payment_of(const InvoiceDocument& document);

} // namespace document
