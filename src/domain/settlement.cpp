#include "domain/settlement.h"

#include "domain/payment_reference.h"

#include <algorithm>
#include <charconv>
#include <stdexcept>

namespace domain {
namespace {

constexpr std::size_t qr_body_length = 26;
constexpr std::size_t year_length = 4;
constexpr std::size_t number_length = 10;

std::optional<std::int64_t> digits(std::string_view text)
{
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || text.front() < '0') return std::nullopt;
    return value;
}

std::string padded(std::int64_t number, std::size_t length)
{
    auto text = std::to_string(number);
    return text.size() < length ? std::string(length - text.size(), '0') + text : text;
}

std::optional<BillNumber> bill_from(std::string_view year, std::string_view number)
{
    if (year.size() != year_length || number.empty()) return std::nullopt;
    const auto y = digits(year);
    const auto n = digits(number);
    if (!y || !n || *y == 0 || *n == 0) return std::nullopt;
    return BillNumber{static_cast<int>(*y), *n};
}

std::string required(std::optional<std::string> reference)
{
    if (!reference) throw std::domain_error{"a reference cannot be made of this number and prefix"};
    return *std::move(reference);
}

} // namespace

std::optional<BillNumber> bill_number_from(std::string_view text)
{
    const auto dash = text.find('-');
    if (dash == std::string_view::npos) return std::nullopt;
    return bill_from(text.substr(0, dash), text.substr(dash + 1));
}

std::string bill_qr_reference(std::string_view prefix, const BillNumber& bill)
{
    const auto tail = padded(bill.year, year_length) + padded(bill.number, number_length);
    if (prefix.size() + tail.size() > qr_body_length) throw std::domain_error{"the prefix of QR references is too long"};
    return required(make_qr_reference(std::string{prefix} + std::string(qr_body_length - prefix.size() - tail.size(), '0') + tail));
}

std::string bill_creditor_reference(const BillNumber& bill)
{
    return required(make_creditor_reference(padded(bill.year, year_length) + padded(bill.number, 6)));
}

std::optional<BillNumber> bill_of_reference(std::string_view prefix, std::string_view reference)
{
    const auto stored = normalised_reference(reference);
    const std::string_view text{stored};
    switch (reference_type(stored).value_or(ReferenceType::non)) {
    case ReferenceType::non: return std::nullopt;
    case ReferenceType::scor: {
        const auto body = text.substr(4);
        return body.size() > year_length ? bill_from(body.substr(0, year_length), body.substr(year_length)) : std::nullopt;
    }
    case ReferenceType::qrr: break;
    }
    const auto filler = text.substr(prefix.size(), qr_body_length - year_length - number_length - prefix.size());
    if (!text.starts_with(prefix) || filler.find_first_not_of('0') != std::string_view::npos) return std::nullopt;
    const auto tail = text.substr(qr_body_length - year_length - number_length);
    return bill_from(tail.substr(0, year_length), tail.substr(year_length, number_length));
}

} // namespace domain
