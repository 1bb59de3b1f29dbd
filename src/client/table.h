#pragma once
#include "client/amount.h"
#include "client/console.h"
#include "http/json_text.h"

#include <optional>
#include <string>
#include <vector>

namespace client {

/// A value as people read it and as programs do.
struct Cell {
    std::string text{};
    http::JsonText json{http::JsonText::null()};

    Cell(const std::string& value) : text{value}, json{value} {}
    Cell(const char* value) : text{value}, json{value} {}
    Cell(std::string_view value) : text{value}, json{value} {}
    Cell(bool value) : text{value ? "yes" : "no"}, json{value} {}
    Cell(std::int64_t value) : text{std::to_string(value)}, json{value} {}
    Cell(const Amount& amount);
    Cell(const std::vector<std::string>& values);
    template <class Value> Cell(const std::optional<Value>& value)
    {
        if (value) *this = Cell{*value};
    }
};

/// {"currencyCode":"EUR","priceInUcents":699000000,"text":"6.99 EUR"}
http::JsonText json_of(const Amount& amount);

/// Rows of cells: columns under titles on a terminal, an array of objects in JSON.
class Table {
public:
    struct Column {
        const char* name{};  ///< of the JSON member
        const char* title{}; ///< over the column
        bool right{false};   ///< aligned
    };

    explicit Table(std::vector<Column> columns) : columns_{std::move(columns)} {}

    /// As many cells as there are columns.
    void add(std::vector<Cell> row);
    bool empty() const { return rows_.empty(); }

    http::JsonText json() const;
    std::string text() const;

    /// The whole result of a command.
    void print(const Console& console) const;

private:
    std::vector<Column> columns_;
    std::vector<std::vector<Cell>> rows_{};
};

/// The text without control characters, which could play tricks with a terminal.
std::string printable(std::string_view text);

} // namespace client
