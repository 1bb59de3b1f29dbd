#include "domain/payment_reference.h"

#include "domain/check_digits.h"
#include "domain/code_text.h"

#include <stdexcept>

namespace domain {
namespace {

constexpr std::size_t qr_digits = 26; ///< and the check digit
constexpr std::size_t longest_body = 21;
constexpr std::size_t body_at = 4; ///< after RF and the check digits

bool only_zeros(std::string_view digits) { return digits.find_first_not_of('0') == std::string_view::npos; }

bool is_body(std::string_view text) { return text.size() <= longest_body && all_digits_or_upper(text); }

int creditor_check_digits(std::string_view body) { return check_digits_97(std::string{body} + "RF00"); }

bool begins_as_creditor_reference(std::string_view text)
{
    return text.starts_with("RF") && text.size() >= body_at && all_digits(text.substr(2, 2));
}

ReferenceFault check_qr_reference(std::string_view reference)
{
    if (reference.size() != qr_digits + 1 || !all_digits(reference) || only_zeros(reference)) return ReferenceFault::format;
    const bool right = check_digit_mod_10_recursive(reference.substr(0, qr_digits)) == reference.back();
    return right ? ReferenceFault::none : ReferenceFault::check;
}

ReferenceFault check_creditor_reference(std::string_view reference)
{
    if (!begins_as_creditor_reference(reference) || !is_body(reference.substr(body_at))) return ReferenceFault::format;
    const int given = (reference[2] - '0') * 10 + (reference[3] - '0');
    return given == creditor_check_digits(reference.substr(body_at)) ? ReferenceFault::none : ReferenceFault::check;
}

} // namespace

std::string_view to_text(ReferenceType type)
{
    switch (type) {
    case ReferenceType::qrr: return "QRR";
    case ReferenceType::scor: return "SCOR";
    case ReferenceType::non: return "NON";
    }
    throw std::domain_error{"no such reference type"};
}

std::string_view to_text(ReferenceFault fault)
{
    switch (fault) {
    case ReferenceFault::none: return "";
    case ReferenceFault::format: return "E_REF_FORMAT";
    case ReferenceFault::check: return "E_REF_CHECK";
    }
    throw std::domain_error{"no such fault of a reference"};
}

std::optional<std::string> make_qr_reference(std::string_view digits)
{
    if (digits.size() > qr_digits || !all_digits(digits) || only_zeros(digits)) return std::nullopt;
    auto reference = std::string(qr_digits - digits.size(), '0') + std::string{digits};
    reference += check_digit_mod_10_recursive(reference);
    return reference;
}

std::optional<std::string> make_creditor_reference(std::string_view body)
{
    if (!is_body(body)) return std::nullopt;
    const int check = creditor_check_digits(body);
    return "RF" + std::string{static_cast<char>('0' + check / 10), static_cast<char>('0' + check % 10)} + std::string{body};
}

ReferenceFault check_reference(ReferenceType type, std::string_view reference)
{
    switch (type) {
    case ReferenceType::qrr: return check_qr_reference(reference);
    case ReferenceType::scor: return check_creditor_reference(reference);
    case ReferenceType::non: return reference.empty() ? ReferenceFault::none : ReferenceFault::format;
    }
    throw std::domain_error{"no such reference type"};
}

std::optional<ReferenceType> reference_type(std::string_view reference)
{
    if (reference.empty()) return ReferenceType::non;
    if (begins_as_creditor_reference(reference)) return ReferenceType::scor;
    if (reference.size() == qr_digits + 1 && all_digits(reference)) return ReferenceType::qrr;
    return std::nullopt;
}

std::string normalised_reference(std::string_view typed) { return compact_upper(typed); }

std::string printed_reference(ReferenceType type, std::string_view reference)
{
    return type == ReferenceType::qrr ? grouped(reference, 2, 5) : grouped(reference, 4, 4);
}

} // namespace domain
