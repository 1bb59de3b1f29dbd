#pragma once
#include <string_view>

// The words of an invoice and its payment slip in each language. What stands in braces is filled in with fmt.
namespace document {

struct Wording {
    const char* language_tag; ///< BCP 47

    const char *invoice, *credit_note;
    const char* page; ///< {page} {pages}

    const char *place_and_date, *due, *customer_number, *reference, *vat_id, *corrected;

    const char *description, *quantity, *unit_price, *vat_rate, *amount;
    const char *including_vat, *excluding_vat;
    const char* carried_forward;
    const char *net, *total, *credit_applied, *paid, *amount_due;
    const char* tax_on; ///< {tax} {net}

    const char* pay_by; ///< {date}
    const char* settled;
    const char* card_will_be_charged; ///< {amount} {card} {date}
    const char* card_was_charged;     ///< {amount} {card} {date}
    const char* corrects;             ///< {number} {date}

    // The payment slip: the words of the Style Guide QR-bill.
    const char *payment_part, *account, *payment_reference, *additional, *payable_by, *payable_by_blank, *currency, *slip_amount, *receipt,
        *acceptance_point;
    const char* not_for_payment; ///< the message of a bill of zero
    const char* qr_code;         ///< what the picture is, for who cannot see it
};

/// By "de", "fr", "it"; English for any other language.
const Wording& wording(std::string_view language);

} // namespace document
