#include "http/json_text.h"

#include <cstdio>

namespace http {
namespace {

/// Length of the UTF-8 sequence at the front of `text` (RFC 3629), 0 if it is none.
std::size_t sequence_length(std::string_view text)
{
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const auto follows = [&](std::size_t i, unsigned low = 0x80, unsigned high = 0xbf) {
        return text.size() > i && byte(i) >= low && byte(i) <= high;
    };
    const auto first = byte(0);
    if (first < 0x80) return 1;
    if (first >= 0xc2 && first <= 0xdf) return follows(1) ? 2 : 0;
    if (first >= 0xe0 && first <= 0xef) {
        const bool second = first == 0xe0 ? follows(1, 0xa0) : first == 0xed ? follows(1, 0x80, 0x9f) : follows(1);
        return second && follows(2) ? 3 : 0;
    }
    if (first >= 0xf0 && first <= 0xf4) {
        const bool second = first == 0xf0 ? follows(1, 0x90) : first == 0xf4 ? follows(1, 0x80, 0x8f) : follows(1);
        return second && follows(2) && follows(3) ? 4 : 0;
    }
    return 0;
}

bool is_plain(char c) { return static_cast<unsigned char>(c) >= 0x20 && static_cast<unsigned char>(c) < 0x80 && c != '"' && c != '\\'; }

} // namespace

JsonText JsonText::thousandths(std::int64_t value)
{
    const auto magnitude = value < 0 ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
    JsonText number{magnitude / 1000};
    if (magnitude % 1000 != 0) {
        char decimals[8];
        std::snprintf(decimals, sizeof decimals, ".%03d", static_cast<int>(magnitude % 1000));
        std::string_view shown{decimals};
        while (shown.ends_with('0')) shown.remove_suffix(1);
        number.text_ += shown;
    }
    if (value < 0) number.text_.insert(0, 1, '-');
    return number;
}

void JsonText::append_quoted(std::string_view value)
{
    text_ += '"';
    while (!value.empty()) {
        std::size_t plain = 0;
        while (plain < value.size() && is_plain(value[plain])) ++plain;
        text_ += value.substr(0, plain);
        value.remove_prefix(plain);
        if (value.empty()) break;

        const char c = value.front();
        const auto length = sequence_length(value);
        if (c == '"' || c == '\\') (text_ += '\\') += c;
        else if (static_cast<unsigned char>(c) < 0x20) {
            char escape[8];
            std::snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned>(c));
            text_ += escape;
        } else if (length > 0) text_ += value.substr(0, length);
        else text_ += "\xEF\xBF\xBD";
        value.remove_prefix(length > 0 ? length : 1);
    }
    text_ += '"';
}

} // namespace http
