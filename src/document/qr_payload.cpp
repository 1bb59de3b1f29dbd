#include "document/qr_payload.h"

#include "document/country_codes.h"
#include "document/printed.h"
#include "document/qr_text.h"
#include "document/utf8.h"
#include "document/wording.h"
#include "domain/iban.h"

#include <algorithm>
#include <array>

namespace document {
namespace {

// The lines by number.
constexpr std::size_t qr_type = 0, version = 1, coding = 2, iban = 3, creditor = 4, ultimate_creditor = 11, amount = 18, currency = 19,
                      debtor = 20, reference_type = 27, reference = 28, message = 29, trailer = 30, bill_information = 31,
                      alternative_schemes = 32;
constexpr std::size_t address_lines = 7, fewest_lines = 31, most_lines = 34;

constexpr std::size_t largest_payload = 997; ///< bytes: what a code of version 25, level M holds
constexpr std::int64_t largest_amount = 999'999'999'99;

using Lines = std::vector<std::string>;
using Check = std::optional<QrError>;

Check fault(QrFault what, std::size_t line) { return QrError{what, static_cast<int>(line)}; }

std::size_t length(std::string_view text) { return code_points(text).value_or(U"").size(); }

/// The first of the checks that finds something; those behind it are not made.
template <class... Checks> Check first_of(Checks... checks)
{
    Check found;
    ((found || (found = checks())), ...);
    return found;
}

Check check_characters(const Lines& lines, std::size_t line)
{
    const auto characters = code_points(lines[line]);
    return std::ranges::all_of(*characters, in_qr_set) ? Check{} : fault(QrFault::charset, line);
}

Check check_text(const Lines& lines, std::size_t line, std::size_t most, bool required)
{
    if (auto found = check_characters(lines, line)) return found;
    if (required && lines[line].empty()) return fault(QrFault::missing, line);
    return length(lines[line]) > most ? fault(QrFault::too_long, line) : Check{};
}

Check check_exactly(const Lines& lines, std::size_t line, std::string_view value, QrFault otherwise)
{
    return lines[line] == value ? Check{} : fault(otherwise, line);
}

Check check_version(const Lines& lines)
{
    const auto& text = lines[version];
    const bool right = text.size() == 4 && text.starts_with("02") && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
    return right ? Check{} : fault(QrFault::version, version);
}

Check check_iban(const Lines& lines)
{
    switch (domain::check_iban(lines[iban])) {
    case domain::IbanFault::none: return {};
    case domain::IbanFault::country: return fault(QrFault::iban_country, iban);
    case domain::IbanFault::format: return fault(QrFault::iban_format, iban);
    case domain::IbanFault::check: break;
    }
    return fault(QrFault::iban_check, iban);
}

Check check_address(const Lines& lines, std::size_t first)
{
    const auto &type = lines[first], &postal_code = lines[first + 4], &country = lines[first + 6];
    if (type == "K") return fault(QrFault::address_type_k, first);
    return first_of([&] { return check_exactly(lines, first, "S", QrFault::address_type); },
        [&] { return check_text(lines, first + 1, 70, true); }, [&] { return check_text(lines, first + 2, 70, false); },
        [&] { return check_text(lines, first + 3, 16, false); }, [&] { return check_text(lines, first + 4, 16, true); },
        [&] { return without_country(postal_code, country) != postal_code ? fault(QrFault::postcode_prefix, first + 4) : Check{}; },
        [&] { return check_text(lines, first + 5, 35, true); }, [&] { return check_text(lines, first + 6, 2, true); },
        [&] { return is_country_code(country) ? Check{} : fault(QrFault::country, first + 6); });
}

bool all_empty(const Lines& lines, std::size_t first)
{
    return std::all_of(lines.begin() + static_cast<std::ptrdiff_t>(first),
        lines.begin() + static_cast<std::ptrdiff_t>(first + address_lines), [](const auto& line) { return line.empty(); });
}

Check check_ultimate_creditor(const Lines& lines)
{
    for (std::size_t line = ultimate_creditor; line < ultimate_creditor + address_lines; ++line)
        if (!lines[line].empty()) return fault(QrFault::ultimate_creditor, line);
    return {};
}

/// Minor units of "1949.75"; nullopt if it is not of this form or has more than 18 digits.
std::optional<std::int64_t> minor_of(std::string_view text)
{
    if (text.size() < 4 || text.size() > 19 || text[text.size() - 3] != '.' || (text[0] == '0' && text.size() != 4)) return std::nullopt;
    std::int64_t minor = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (i == text.size() - 3) continue;
        if (text[i] < '0' || text[i] > '9') return std::nullopt;
        minor = minor * 10 + (text[i] - '0');
    }
    return minor;
}

Check check_amount(const Lines& lines)
{
    if (lines[amount].empty()) return {};
    const auto minor = minor_of(lines[amount]);
    if (!minor) return fault(QrFault::amount_format, amount);
    if (*minor > largest_amount) return fault(QrFault::amount_range, amount);
    return *minor == 0 && !says_not_for_payment(lines[message]) ? fault(QrFault::amount_zero, amount) : Check{};
}

std::optional<domain::ReferenceType> type_from(std::string_view text)
{
    for (const auto type : {domain::ReferenceType::qrr, domain::ReferenceType::scor, domain::ReferenceType::non})
        if (to_text(type) == text) return type;
    return std::nullopt;
}

Check check_reference(const Lines& lines)
{
    const auto type = type_from(lines[reference_type]);
    if (!type) return fault(QrFault::reference_type, reference_type);
    if (domain::is_qr_iban(lines[iban]) != (type == domain::ReferenceType::qrr))
        return fault(QrFault::reference_iban_mismatch, reference_type);
    const bool none = type == domain::ReferenceType::non;
    if (lines[reference].empty()) return none ? Check{} : fault(QrFault::reference_missing, reference);
    if (none) return fault(QrFault::reference_not_empty, reference);
    switch (domain::check_reference(*type, lines[reference])) {
    case domain::ReferenceFault::none: return {};
    case domain::ReferenceFault::format: return fault(QrFault::reference_format, reference);
    case domain::ReferenceFault::check: break;
    }
    return fault(QrFault::reference_check, reference);
}

/// Two slashes and the two characters that name the syntax.
bool names_its_syntax(std::string_view information)
{
    const auto is_code = [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); };
    return information.size() >= 4 && information.starts_with("//") && is_code(information[2]) && is_code(information[3]);
}

Check check_bill_information(const Lines& lines)
{
    if (lines.size() <= bill_information || lines[bill_information].empty()) return {};
    if (auto found = check_text(lines, bill_information, qr_information_limit, false)) return found;
    if (!names_its_syntax(lines[bill_information])) return fault(QrFault::bill_information_syntax, bill_information);
    const bool fits = length(lines[message]) + length(lines[bill_information]) <= qr_information_limit;
    return fits ? Check{} : fault(QrFault::information_combined, bill_information);
}

Check check_alternative_schemes(const Lines& lines)
{
    for (auto line = alternative_schemes; line < lines.size(); ++line)
        if (auto found = check_text(lines, line, 100, true)) return found;
    return {};
}

Check check_frame(const Lines& lines)
{
    if (lines.size() > fewest_lines && lines.back().empty()) return fault(QrFault::trailing_separator, lines.size() - 1);
    return lines.size() < fewest_lines || lines.size() > most_lines ? QrError{QrFault::line_count, -1} : Check{};
}

/// All but the size, from the first line to the last.
Check first_fault(const Lines& lines)
{
    return first_of([&] { return check_frame(lines); }, [&] { return check_exactly(lines, qr_type, "SPC", QrFault::qr_type); },
        [&] { return check_version(lines); }, [&] { return check_exactly(lines, coding, "1", QrFault::coding); },
        [&] { return check_iban(lines); }, [&] { return check_address(lines, creditor); }, [&] { return check_ultimate_creditor(lines); },
        [&] { return check_amount(lines); },
        [&] { return domain::currency_from(lines[currency]) ? Check{} : fault(QrFault::currency, currency); },
        [&] { return all_empty(lines, debtor) ? Check{} : check_address(lines, debtor); }, [&] { return check_reference(lines); },
        [&] { return check_text(lines, message, qr_information_limit, false); },
        [&] { return check_exactly(lines, trailer, "EPD", QrFault::trailer); }, [&] { return check_bill_information(lines); },
        [&] { return check_alternative_schemes(lines); });
}

/// Lines between LF or CR LF, one kind throughout; nullopt if they are mixed.
std::optional<Lines> lines_of(std::string_view text)
{
    const std::string_view separator = text.find("\r\n") == text.npos ? "\n" : "\r\n";
    Lines lines;
    for (std::size_t start = 0; start <= text.size();) {
        const auto end = std::min(text.find(separator, start), text.size());
        lines.emplace_back(text.substr(start, end - start));
        if (lines.back().find_first_of("\r\n") != std::string::npos) return std::nullopt;
        start = end + separator.size();
        if (end == text.size()) break;
    }
    return lines;
}

QrAddress address_at(const Lines& lines, std::size_t first)
{
    return {lines[first + 1], lines[first + 2], lines[first + 3], lines[first + 4], lines[first + 5], lines[first + 6]};
}

void append(Lines& lines, const std::optional<QrAddress>& address)
{
    if (!address) lines.resize(lines.size() + address_lines);
    else
        lines.insert(lines.end(),
            {"S", address->name, address->street, address->house_number, address->postal_code, address->town, address->country});
}

Lines lines_of(const QrPayload& payload)
{
    Lines lines{"SPC", "0200", "1", payload.iban};
    append(lines, payload.creditor);
    append(lines, std::nullopt); // the ultimate creditor, for future use
    lines.push_back(payload.amount_minor ? payload_amount(*payload.amount_minor) : "");
    lines.emplace_back(to_text(payload.currency));
    append(lines, payload.debtor);
    lines.insert(lines.end(), {std::string{to_text(payload.reference_type)}, payload.reference, payload.message, "EPD"});
    if (!payload.bill_information.empty() || !payload.alternative_schemes.empty()) lines.push_back(payload.bill_information);
    lines.insert(lines.end(), payload.alternative_schemes.begin(), payload.alternative_schemes.end());
    return lines;
}

/// Values must not break lines, nor anything be no text: then the lines would not be what they are meant to be.
Check check_values(const Lines& lines)
{
    for (std::size_t line = 0; line < lines.size(); ++line) {
        if (!code_points(lines[line])) return QrError{QrFault::encoding, -1};
        if (lines[line].find_first_of("\r\n") != std::string::npos) return fault(QrFault::charset, line);
    }
    return {};
}

} // namespace

std::string_view to_text(QrFault fault)
{
    switch (fault) {
    case QrFault::encoding: return "E_ENCODING";
    case QrFault::separator: return "E_SEPARATOR";
    case QrFault::qr_type: return "E_QRTYPE";
    case QrFault::version: return "E_VERSION";
    case QrFault::coding: return "E_CODING";
    case QrFault::line_count: return "E_LINE_COUNT";
    case QrFault::trailer: return "E_TRAILER";
    case QrFault::trailing_separator: return "E_TRAILING_SEPARATOR";
    case QrFault::charset: return "E_CHARSET";
    case QrFault::iban_format: return "E_IBAN_FORMAT";
    case QrFault::iban_country: return "E_IBAN_COUNTRY";
    case QrFault::iban_check: return "E_IBAN_CHECK";
    case QrFault::address_type: return "E_ADDRESS_TYPE";
    case QrFault::address_type_k: return "E_ADDRESS_TYPE_K";
    case QrFault::missing: return "E_MISSING";
    case QrFault::too_long: return "E_TOO_LONG";
    case QrFault::postcode_prefix: return "E_POSTCODE_PREFIX";
    case QrFault::country: return "E_COUNTRY";
    case QrFault::ultimate_creditor: return "E_ULTIMATE_CREDITOR";
    case QrFault::amount_format: return "E_AMOUNT_FORMAT";
    case QrFault::amount_range: return "E_AMOUNT_RANGE";
    case QrFault::amount_zero: return "E_AMOUNT_ZERO";
    case QrFault::currency: return "E_CURRENCY";
    case QrFault::reference_type: return "E_REF_TYPE";
    case QrFault::reference_iban_mismatch: return "E_REF_IBAN_MISMATCH";
    case QrFault::reference_format: return "E_REF_FORMAT";
    case QrFault::reference_check: return "E_REF_CHECK";
    case QrFault::reference_missing: return "E_REF_MISSING";
    case QrFault::reference_not_empty: return "E_REF_NOT_EMPTY";
    case QrFault::information_combined: return "E_INFO_COMBINED";
    case QrFault::bill_information_syntax: return "E_BILLINFO_SYNTAX";
    case QrFault::payload_size: break;
    }
    return "E_PAYLOAD_SIZE";
}

std::variant<QrPayload, QrError> read_qr_payload(std::string_view text)
{
    if (!code_points(text) || text.starts_with("\xEF\xBB\xBF")) return QrError{QrFault::encoding, -1};
    const auto lines = lines_of(text);
    if (!lines) return QrError{QrFault::separator, -1};
    if (const auto found = first_fault(*lines)) return *found;
    if (text.size() > largest_payload) return QrError{QrFault::payload_size, -1};

    const auto& line = *lines;
    QrPayload payload{.iban = line[iban],
        .creditor = address_at(line, creditor),
        .amount_minor = minor_of(line[amount]),
        .currency = *domain::currency_from(line[currency]),
        .reference_type = *type_from(line[reference_type]),
        .reference = line[reference],
        .message = line[message]};
    if (!all_empty(line, debtor)) payload.debtor = address_at(line, debtor);
    if (line.size() > bill_information) payload.bill_information = line[bill_information];
    if (line.size() > alternative_schemes) payload.alternative_schemes.assign(line.begin() + alternative_schemes, line.end());
    return payload;
}

std::variant<std::string, QrError> write_qr_payload(const QrPayload& payload)
{
    const auto lines = lines_of(payload);
    if (const auto found = check_values(lines)) return *found;
    if (const auto found = first_fault(lines)) return *found;
    std::string text = lines.front();
    for (std::size_t line = 1; line < lines.size(); ++line) text += '\n' + lines[line];
    if (text.size() > largest_payload) return QrError{QrFault::payload_size, -1};
    return text;
}

bool says_not_for_payment(std::string_view message)
{
    constexpr std::array languages{"de", "fr", "it", "en"};
    return std::ranges::any_of(languages, [&](const char* language) { return message == wording(language).not_for_payment; });
}

} // namespace document
