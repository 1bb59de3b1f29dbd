#include "document/letter_body.h"

namespace document {
namespace {

constexpr std::size_t text_width = 72;

std::size_t characters(std::string_view text)
{
    std::size_t count = 0;
    for (const char c : text) count += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
    return count;
}

/// Broken at blanks; a longer word stays whole.
std::string wrapped(std::string_view text, std::string_view indent = "")
{
    std::string lines;
    std::size_t column = 0;
    while (!text.empty()) {
        const auto end = std::min(text.find_first_of(" \n"), text.size());
        const auto word = text.substr(0, end);
        const auto length = characters(word);
        if (column > 0 && column + 1 + length > text_width) {
            lines += '\n';
            lines += indent;
            column = indent.size();
        } else if (column > 0) {
            lines += ' ';
            ++column;
        }
        lines += word;
        column += length;
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

std::string plain(const LetterBlock& block)
{
    switch (block.kind) {
    case LetterBlock::Kind::paragraph: return wrapped(block.text) + '\n';
    case LetterBlock::Kind::link: return wrapped(block.text) + '\n' + block.url + '\n';
    case LetterBlock::Kind::facts: {
        std::string lines;
        for (const auto& [label, value] : block.facts) lines += label + ": " + value + '\n';
        return lines;
    }
    case LetterBlock::Kind::items: {
        std::string lines;
        for (const auto& item : block.items) lines += "- " + wrapped(item, "  ") + '\n';
        return lines;
    }
    }
    return "";
}

/// Control characters have no place in XML.
std::string escaped(std::string_view text)
{
    std::string safe;
    for (const char c : text) {
        switch (c) {
        case '&': safe += "&amp;"; break;
        case '<': safe += "&lt;"; break;
        case '>': safe += "&gt;"; break;
        case '"': safe += "&quot;"; break;
        case '\'': safe += "&#39;"; break;
        default: safe += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
        }
    }
    return safe;
}

std::string html(const LetterBlock& block)
{
    switch (block.kind) {
    case LetterBlock::Kind::paragraph: return "<p>" + escaped(block.text) + "</p>\n";
    case LetterBlock::Kind::link: {
        const auto url = escaped(block.url);
        return "<p>" + escaped(block.text) + "<br/>\n<a href=\"" + url + "\">" + url + "</a></p>\n";
    }
    case LetterBlock::Kind::facts: {
        std::string lines;
        for (const auto& [label, value] : block.facts)
            lines += (lines.empty() ? "<p>" : "<br/>\n") + escaped(label) + ": <strong>" + escaped(value) + "</strong>";
        return lines + "</p>\n";
    }
    case LetterBlock::Kind::items: {
        std::string lines = "<ul>\n";
        for (const auto& item : block.items) lines += "<li>" + escaped(item) + "</li>\n";
        return lines + "</ul>\n";
    }
    }
    return "";
}

} // namespace

std::string plain_text(const std::vector<LetterBlock>& blocks)
{
    std::string text;
    for (const auto& block : blocks) text += (text.empty() ? "" : "\n") + plain(block);
    return text;
}

std::string html_page(const std::vector<LetterBlock>& blocks, std::string_view language, std::string_view title)
{
    auto page = "<!DOCTYPE html>\n<html lang=\"" + escaped(language) + "\">\n<head>\n<meta charset=\"utf-8\"/>\n<title>" + escaped(title)
        + "</title>\n</head>\n<body style=\"font-family: sans-serif; line-height: 1.5; max-width: 40em\">\n";
    for (const auto& block : blocks) page += html(block);
    return page + "</body>\n</html>\n";
}

} // namespace document
