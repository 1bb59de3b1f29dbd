#include "client/table.h"

#include <algorithm>
#include <stdexcept>

namespace client {
namespace {

/// Characters, not bytes: UTF-8's continuation bytes take no room.
std::size_t width(std::string_view text)
{
    return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::string joined(const std::vector<std::string>& values)
{
    std::string text;
    for (const auto& value : values) text += (text.empty() ? "" : ", ") + value;
    return text;
}

void append_cell(std::string& line, const std::string& text, std::size_t room, bool right, bool last)
{
    const std::string fill(room - width(text), ' ');
    line += right ? fill + text : last ? text : text + fill;
    if (!last) line += "  ";
}

} // namespace

http::JsonText json_of(const Amount& amount)
{
    return http::JsonText::object().set("currencyCode", amount.currency).set("priceInUcents", amount.ucents).set("text", to_text(amount));
}

std::string printable(std::string_view text)
{
    std::string clean;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        clean += byte < 0x20 || byte == 0x7f ? ' ' : c;
    }
    // U+0080 to U+009F in UTF-8: some terminals act on them.
    for (std::size_t at = 0; (at = clean.find('\xC2', at)) != std::string::npos; ++at)
        if (at + 1 < clean.size() && static_cast<unsigned char>(clean[at + 1]) < 0xA0) clean.replace(at, 2, " ");
    return clean;
}

Cell::Cell(const Amount& amount) : text{to_text(amount)}, json{json_of(amount)} {}

Cell::Cell(const std::vector<std::string>& values) : text{joined(values)}, json{http::JsonText::array()}
{
    for (const auto& value : values) json.push(value);
}

void Table::add(std::vector<Cell> row)
{
    if (row.size() != columns_.size()) throw std::logic_error{"a row has as many cells as the table has columns"};
    rows_.push_back(std::move(row));
}

http::JsonText Table::json() const
{
    auto array = http::JsonText::array();
    for (const auto& row : rows_) {
        auto object = http::JsonText::object();
        for (std::size_t i = 0; i < row.size(); ++i) object.set(columns_[i].name, row[i].json);
        array.push(object);
    }
    return array;
}

std::string Table::text() const
{
    std::vector<std::size_t> room;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        room.push_back(width(columns_[i].title));
        for (const auto& row : rows_) room[i] = std::max(room[i], width(printable(row[i].text)));
    }
    std::string text;
    const auto add_line = [&](const auto& cell) {
        std::string line;
        for (std::size_t i = 0; i < columns_.size(); ++i) append_cell(line, cell(i), room[i], columns_[i].right, i + 1 == columns_.size());
        line.erase(line.find_last_not_of(' ') + 1);
        text += line + '\n';
    };
    add_line([&](std::size_t i) { return std::string{columns_[i].title}; });
    for (const auto& row : rows_) add_line([&](std::size_t i) { return printable(row[i].text); });
    return text;
}

void Table::print(const Console& console) const
{
    if (console.json) console.out << json().dump() << '\n';
    else console.out << text();
}

} // namespace client
