#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace document {

/// A piece of a letter that stands for itself.
struct LetterBlock {
    enum class Kind { paragraph, facts, items, link };
    Kind kind{Kind::paragraph};
    std::string text{};                                       ///< of a paragraph; of a link what stands before it
    std::vector<std::pair<std::string, std::string>> facts{}; ///< label and value
    std::vector<std::string> items{};
    std::string url{};
};

/// As plain text, paragraphs broken after 72 characters.
std::string plain_text(const std::vector<LetterBlock>& blocks);

/// As a whole HTML page in well-formed XML syntax. Every text is escaped.
std::string html_page(const std::vector<LetterBlock>& blocks, std::string_view language, std::string_view title);

} // namespace document
