#include "document/mail_encoding.h"

#include "document/utf8.h"

#include <algorithm>
#include <stdexcept>
#include <vector>

namespace document {
namespace {

constexpr std::size_t line_length = 76;
constexpr std::string_view word_begin = "=?UTF-8?B?", word_end = "?=";
constexpr std::string_view hex = "0123456789ABCDEF";

std::string base64(std::string_view bytes)
{
    constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t at = 0; at < bytes.size(); at += 3) {
        const auto left = bytes.size() - at;
        const auto byte = [&](std::size_t i) { return i < left ? static_cast<unsigned char>(bytes[at + i]) : 0u; };
        const auto group = byte(0) << 16 | byte(1) << 8 | byte(2);
        text += letters[group >> 18];
        text += letters[group >> 12 & 63];
        text += left > 1 ? letters[group >> 6 & 63] : '=';
        text += left > 2 ? letters[group & 63] : '=';
    }
    return text;
}

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }
bool is_printable(char c) { return c >= ' ' && c <= '~'; }
bool is_plain(std::string_view text) { return std::ranges::all_of(text, is_printable) && text.find("=?") == std::string_view::npos; }

/// Without control characters; what is not UTF-8 as question marks.
std::string one_line(std::string_view text)
{
    const bool is_utf8 = code_points(text).has_value();
    std::string clean;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20 || byte == 0x7F) clean += ' ';
        else clean += byte < 0x80 || is_utf8 ? c : '?';
    }
    return clean;
}

/// As encoded words, no character torn apart; a header's name of `column` characters stands before them.
std::string encoded_words(std::string_view text, std::size_t column)
{
    std::string words;
    while (!text.empty()) {
        const auto room = line_length - std::min(column, line_length) - word_begin.size() - word_end.size();
        auto size = std::min(text.size(), room / 4 * 3);
        while (size < text.size() && size > 0 && is_continuation(text[size])) --size;
        if (size > 0) {
            words += word_begin;
            words += base64(text.substr(0, size));
            words += word_end;
            text.remove_prefix(size);
        }
        if (!text.empty()) words += "\r\n ";
        column = 1;
    }
    return words;
}

/// Plain text, broken at blanks. Runs of blanks stay as they are.
std::string folded(std::string_view text, std::size_t column)
{
    std::string lines;
    while (!text.empty()) {
        const auto end = std::min(text.find(' ', text.find_first_not_of(' ')), text.size());
        if (column + end > line_length && text.front() == ' ' && !lines.empty()) {
            lines += "\r\n";
            column = 0;
        }
        lines += text.substr(0, end);
        column += end;
        text.remove_prefix(end);
    }
    return lines;
}

bool has_long_word(std::string_view text)
{
    while (text.size() > 60) {
        const auto blank = text.substr(0, 61).rfind(' ');
        if (blank == std::string_view::npos) return true;
        text.remove_prefix(blank + 1);
    }
    return false;
}

std::string phrase(const std::string& name, std::size_t column)
{
    if (!is_plain(name) || name.size() > 50) return encoded_words(name, column);
    std::string quoted = "\"";
    for (const char c : name) {
        if (c == '"' || c == '\\') quoted += '\\';
        quoted += c;
    }
    return quoted + '"';
}

/// A byte as it stands in the value of an extended parameter.
std::string attribute_character(char c)
{
    const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (is_letter || std::string_view{"!#$&+-.^_`{|}~"}.find(c) != std::string_view::npos) return {c};
    const auto byte = static_cast<unsigned char>(c);
    return {'%', hex[byte >> 4], hex[byte & 15]};
}

} // namespace

std::string base64_lines(std::string_view bytes)
{
    constexpr std::size_t bytes_a_line = line_length / 4 * 3;
    std::string lines;
    for (; !bytes.empty(); bytes.remove_prefix(std::min(bytes.size(), bytes_a_line)))
        lines += base64(bytes.substr(0, bytes_a_line)) + "\r\n";
    return lines;
}

std::string quoted_printable(std::string_view text)
{
    std::string encoded;
    std::size_t column = 0;
    const auto put = [&](std::string_view piece, bool ends_line) {
        if (column + piece.size() + (ends_line ? 0 : 1) > line_length) {
            encoded += "=\r\n";
            column = 0;
        }
        encoded += piece;
        column += piece.size();
    };
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '\r' && i + 1 < text.size() && text[i + 1] == '\n') continue;
        if (c == '\n') {
            encoded += "\r\n";
            column = 0;
            continue;
        }
        const bool ends_line = i + 1 == text.size() || text[i + 1] == '\n' || text.substr(i + 1).starts_with("\r\n");
        const auto byte = static_cast<unsigned char>(c);
        const bool is_literal = is_printable(c) && c != '=' && !(c == ' ' && ends_line);
        if (is_literal) put({&c, 1}, ends_line);
        else {
            const char escaped[] = {'=', hex[byte >> 4], hex[byte & 15]};
            put({escaped, sizeof escaped}, ends_line);
        }
    }
    return encoded;
}

std::string text_header(std::string_view name, std::string_view text)
{
    const auto clean = one_line(text);
    auto header = std::string{name} + ": ";
    const bool is_simple = is_plain(clean) && !has_long_word(clean) && !clean.starts_with(' ') && !clean.ends_with(' ');
    header += is_simple ? folded(clean, header.size()) : encoded_words(clean, header.size());
    return header + "\r\n";
}

std::string mailbox_header(std::string_view name, const domain::Mailbox& mailbox)
{
    if (!domain::is_mail_address(mailbox.address)) throw std::invalid_argument{"this is no mail address: " + one_line(mailbox.address)};
    auto header = std::string{name} + ": ";
    const auto person = one_line(mailbox.name);
    if (person.find_first_not_of(' ') == std::string::npos) return header + mailbox.address + "\r\n";
    header += phrase(person, header.size());
    const auto column = header.size() - (header.rfind('\n') == std::string::npos ? 0 : header.rfind('\n') + 1);
    header += column + mailbox.address.size() + 3 > line_length ? "\r\n " : " ";
    return header + '<' + mailbox.address + ">\r\n";
}

std::string parameter(std::string_view name, std::string_view value)
{
    const auto clean = one_line(value);
    if (is_plain(clean) && clean.size() < 50 && clean.find_first_of("\"\\") == std::string::npos)
        return ";\r\n " + std::string{name} + "=\"" + clean + '"';

    std::vector<std::string> pieces{"UTF-8''"};
    for (const char c : clean) {
        const auto next = attribute_character(c);
        if (pieces.back().size() + next.size() > 50) pieces.emplace_back();
        pieces.back() += next;
    }
    std::string text;
    for (std::size_t i = 0; i < pieces.size(); ++i)
        text += ";\r\n " + std::string{name} + (pieces.size() == 1 ? "" : '*' + std::to_string(i)) + "*=" + pieces[i];
    return text;
}

} // namespace document
