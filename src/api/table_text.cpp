#include "api/table_text.h"

#include <algorithm>
#include <charconv>

namespace api {
namespace {

using http::JsonText;

JsonText cell_json(const std::optional<std::string>& cell, bool numeric)
{
    if (!cell) return JsonText::null();
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(cell->data(), cell->data() + cell->size(), number);
    const bool whole = numeric && error == std::errc{} && end == cell->data() + cell->size();
    return whole ? JsonText{number} : JsonText{*cell};
}

std::string csv_cell(std::string cell)
{
    const bool is_number = cell.size() > 1 && cell.front() == '-' && cell.find_first_not_of("0123456789.", 1) == std::string::npos;
    if (!cell.empty() && !is_number && std::string_view{"=+-@\t"}.find(cell.front()) != std::string_view::npos) cell.insert(0, "'");
    if (cell.find_first_of(",\"\r\n") == std::string::npos) return cell;
    std::string quoted{"\""};
    for (const char c : cell) quoted += c == '"' ? "\"\"" : std::string(1, c);
    return quoted + '"';
}

/// Display columns: UTF-8 continuation bytes take no room.
std::size_t width_of(const std::string& text)
{
    return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

std::string aligned(const std::string& text, std::size_t width, bool right)
{
    const std::string padding(width - std::min(width, width_of(text)), ' ');
    return right ? padding + text : text + padding;
}

} // namespace

JsonText json_of(const store::Table& table)
{
    auto columns = JsonText::array();
    for (const auto& column : table.columns) columns.push(column);
    auto rows = JsonText::array();
    for (const auto& row : table.rows) {
        auto object = JsonText::object();
        for (std::size_t i = 0; i < row.size(); ++i) object.set(table.columns[i].c_str(), cell_json(row[i], table.numeric[i]));
        rows.push(object);
    }
    return JsonText::object().set("columns", columns).set("rows", rows);
}

std::string csv_of(const store::Table& table)
{
    std::string text;
    for (std::size_t i = 0; i < table.columns.size(); ++i) text += (i == 0 ? "" : ",") + csv_cell(table.columns[i]);
    text += "\r\n";
    for (const auto& row : table.rows) {
        for (std::size_t i = 0; i < row.size(); ++i) text += (i == 0 ? "" : ",") + csv_cell(row[i].value_or(""));
        text += "\r\n";
    }
    return text;
}

std::string plain_of(const store::Table& table)
{
    std::vector<std::size_t> widths;
    for (const auto& column : table.columns) widths.push_back(width_of(column));
    for (const auto& row : table.rows)
        for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width_of(row[i].value_or("-")));

    std::string text;
    const auto line = [&](auto&& cell) {
        std::string columns;
        for (std::size_t i = 0; i < widths.size(); ++i) columns += (i == 0 ? "" : "  ") + aligned(cell(i), widths[i], table.numeric[i]);
        columns.erase(columns.find_last_not_of(' ') + 1);
        text += columns + '\n';
    };
    line([&](std::size_t i) { return table.columns[i]; });
    line([&](std::size_t i) { return std::string(widths[i], '-'); });
    for (const auto& row : table.rows) line([&](std::size_t i) { return row[i].value_or("-"); });
    return text;
}

} // namespace api
