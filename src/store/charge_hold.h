#pragma once

// True of a document on which something stands that was bought in a cart by a member who has not asked yet to be charged for it: no card
// is charged for it by itself.
#define STORE_CHARGE_HELD(invoice)                                                                                                         \
    "EXISTS (SELECT 1 FROM invoice_lines hl JOIN server_orders hs ON hs.order_id = hl.order_id"                                            \
    " JOIN checkouts hc ON hc.id = hs.checkout_id AND hc.waits_for_member WHERE hl.invoice_id = " invoice ")"
