#pragma once
#include "domain/money.h"
#include "domain/payment_reference.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

// The text in the code of a Swiss QR-bill (IG QR-bill 2.3, version line 0200).
namespace document {

/// A structured address; street and house number may be empty.
struct QrAddress {
    std::string name{}, street{}, house_number{}, postal_code{}, town{}, country{};
    friend bool operator==(const QrAddress&, const QrAddress&) = default;
};

struct QrPayload {
    std::string iban{};
    QrAddress creditor{};
    std::optional<std::int64_t> amount_minor{}; ///< nullopt: the payer fills it in
    domain::Currency currency{};
    std::optional<QrAddress> debtor{}; ///< nullopt: the payer fills it in
    domain::ReferenceType reference_type{domain::ReferenceType::non};
    std::string reference{};
    std::string message{};
    std::string bill_information{};
    std::vector<std::string> alternative_schemes{};
    friend bool operator==(const QrPayload&, const QrPayload&) = default;
};

/// What can be wrong with a payload: one value per cause.
enum class QrFault {
    encoding,
    separator,
    qr_type,
    version,
    coding,
    line_count,
    trailer,
    trailing_separator,
    charset,
    iban_format,
    iban_country,
    iban_check,
    address_type,
    address_type_k,
    missing,
    too_long,
    postcode_prefix,
    country,
    ultimate_creditor,
    amount_format,
    amount_range,
    amount_zero,
    currency,
    reference_type,
    reference_iban_mismatch,
    reference_format,
    reference_check,
    reference_missing,
    reference_not_empty,
    information_combined,
    bill_information_syntax,
    payload_size,
};

/// "E_ENCODING" …
std::string_view to_text(QrFault fault);

/// The first fault of a payload and its line, counted from 0; -1 is the payload as a whole.
struct QrError {
    QrFault fault{};
    int line{-1};
    friend bool operator==(QrError, QrError) = default;
};

/// What a payload says, or its first fault. As strict as the writer, but for the version: any 02xx is read.
std::variant<QrPayload, QrError> read_qr_payload(std::string_view text);

/// The payload's text with LF between its lines, or the first fault that a reader would find in it.
std::variant<std::string, QrError> write_qr_payload(const QrPayload& payload);

/// Characters (code points) that message and bill information may have together.
inline constexpr std::size_t qr_information_limit = 140;

/// The message of a bill of zero, which is for information alone, in the four languages.
bool says_not_for_payment(std::string_view message);

} // namespace document
