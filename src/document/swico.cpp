#include "document/swico.h"

#include "document/utf8.h"

#include <cstdlib>
#include <fmt/format.h>

namespace document {
namespace {

constexpr std::string_view prefix = "//S1/";

std::string escaped(std::string_view value)
{
    std::string text;
    for (const char c : value) {
        if (c == '\\' || c == '/') text += '\\';
        text += c;
    }
    return text;
}

/// Hundredths without needless zeros: 770 is "7.7", 10000 is "100".
std::string number(std::int64_t hundredths)
{
    auto text = fmt::format("{}{}.{:02}", hundredths < 0 ? "-" : "", std::abs(hundredths / 100), std::abs(hundredths % 100));
    while (text.ends_with('0')) text.pop_back();
    if (text.ends_with('.')) text.pop_back();
    return text;
}

/// YYMMDD
std::string day(domain::Date date)
{
    return fmt::format(
        "{:02}{:02}{:02}", static_cast<int>(date.year()) % 100, static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

std::string days(const domain::Period& period)
{
    const auto last = period.end - std::chrono::days{1};
    return last <= period.start ? day(period.start) : day(period.start) + day(last);
}

template <class List, class Text> std::string joined(const List& list, Text text)
{
    std::string all;
    for (const auto& item : list) all += (all.empty() ? "" : ";") + text(item);
    return all;
}

std::string with_amount(const SwicoTax& tax) { return number(tax.rate.basis_points) + ':' + number(tax.minor); }

std::string with_days(const SwicoCondition& condition)
{
    return number(condition.discount_basis_points) + ':' + std::to_string(condition.days);
}

std::map<int, std::string> values_of(const SwicoBill& bill)
{
    std::map<int, std::string> values;
    values[10] = escaped(bill.invoice_number);
    if (bill.invoice_date) values[11] = day(*bill.invoice_date);
    values[20] = escaped(bill.customer_reference);
    values[30] = bill.uid_digits;
    if (bill.supplied) values[31] = days(*bill.supplied);
    values[32] = bill.taxes.size() == 1 ? number(bill.taxes.front().rate.basis_points) : joined(bill.taxes, with_amount);
    values[33] = joined(bill.import_taxes, with_amount);
    values[40] = joined(bill.conditions, with_days);
    return values;
}

std::string text_of(const std::map<int, std::string>& values)
{
    std::string text{prefix};
    for (const auto& [tag, value] : values)
        if (!value.empty()) text += (text.size() > prefix.size() ? "/" : "") + std::to_string(tag) + '/' + value;
    return text;
}

/// The parts between unescaped slashes, without escapes.
std::vector<std::string> parts_of(std::string_view text)
{
    std::vector<std::string> parts{""};
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool escape = text[i] == '\\' && i + 1 < text.size() && (text[i + 1] == '\\' || text[i + 1] == '/');
        if (escape) parts.back() += text[++i];
        else if (text[i] == '/') parts.emplace_back();
        else parts.back() += text[i];
    }
    return parts;
}

} // namespace

std::string write_swico(const SwicoBill& bill, std::size_t room)
{
    auto values = values_of(bill);
    const auto length = [&] { return code_points(text_of(values)).value_or(U"").size(); };
    for (const int droppable : {20, 33, 31})
        if (length() > room) values.erase(droppable);
    const auto text = text_of(values);
    return text == prefix || length() > room ? std::string{} : text;
}

std::optional<std::map<std::string, std::string>> read_swico(std::string_view text)
{
    if (!text.starts_with(prefix)) return std::nullopt;
    std::map<std::string, std::string> values;
    const auto parts = parts_of(text.substr(prefix.size()));
    for (std::size_t i = 0; i + 1 < parts.size(); i += 2)
        if (!parts[i].empty() && !parts[i + 1].empty()) values[parts[i]] = parts[i + 1];
    return values;
}

} // namespace document
