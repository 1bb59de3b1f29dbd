#pragma once
#include "document/pdf_objects.h"

#include <string>
#include <string_view>
#include <vector>

namespace document {

/// What the parts of a document are, for who has it read aloud: a tree of elements such as H1, Table, P, each with the
/// marked content that belongs to it (ISO 32000-1, 14.7 and 14.8).
class Structure {
public:
    using Element = int;
    static constexpr Element document = 0;

    /// `attributes` are further entries of the element's dictionary.
    Element add(Element parent, std::string_view type, std::string_view attributes);

    std::string_view type_of(Element element) const { return elements_.at(static_cast<std::size_t>(element)).type; }

    /// The number of a new piece of marked content of the element on that page, counted from 0.
    int mark(Element element, std::size_t page);

    /// Puts the tree into the file; returns its root. The page's key into the tree is its number, counted from 0.
    int put(PdfObjects& objects, const std::vector<int>& page_objects) const;

private:
    /// A part of an element: another one, or marked content.
    struct Kid {
        Element element{-1};
        std::size_t page{0};
        int mark{0};
    };

    struct Node {
        Element parent{-1};
        std::string type{};
        std::string attributes{};
        std::vector<Kid> kids{};
    };

    std::string kids_of(const Node& node, const std::vector<int>& numbers, const std::vector<int>& page_objects) const;

    std::vector<Node> elements_{{-1, "Document", {}, {}}};
    std::vector<std::vector<Element>> marks_; ///< by page and number
};

} // namespace document
