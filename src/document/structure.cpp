#include "document/structure.h"

#include <fmt/format.h>
#include <iterator>

namespace document {

Structure::Element Structure::add(Element parent, std::string_view type, std::string_view attributes)
{
    const auto element = static_cast<Element>(elements_.size());
    elements_.push_back({parent, std::string{type}, std::string{attributes}, {}});
    elements_.at(static_cast<std::size_t>(parent)).kids.push_back({.element = element});
    return element;
}

int Structure::mark(Element element, std::size_t page)
{
    if (marks_.size() <= page) marks_.resize(page + 1);
    const auto number = static_cast<int>(marks_[page].size());
    marks_[page].push_back(element);
    elements_.at(static_cast<std::size_t>(element)).kids.push_back({.page = page, .mark = number});
    return number;
}

std::string Structure::kids_of(const Node& node, const std::vector<int>& numbers, const std::vector<int>& page_objects) const
{
    std::string kids;
    for (const auto& kid : node.kids)
        if (kid.element >= 0) fmt::format_to(std::back_inserter(kids), "{} 0 R ", numbers.at(static_cast<std::size_t>(kid.element)));
        else fmt::format_to(std::back_inserter(kids), "<</Type/MCR/Pg {} 0 R/MCID {}>>", page_objects.at(kid.page), kid.mark);
    return kids;
}

int Structure::put(PdfObjects& objects, const std::vector<int>& page_objects) const
{
    const int root = objects.reserve();
    std::vector<int> numbers(elements_.size());
    for (auto& number : numbers) number = objects.reserve();

    for (std::size_t i = 0; i < elements_.size(); ++i) {
        const auto& node = elements_[i];
        const int parent = node.parent < 0 ? root : numbers.at(static_cast<std::size_t>(node.parent));
        objects.put(numbers[i],
            fmt::format(
                "<</Type/StructElem/S/{}/P {} 0 R/K[{}]{}>>", node.type, parent, kids_of(node, numbers, page_objects), node.attributes));
    }

    std::string parents;
    for (std::size_t page = 0; page < marks_.size(); ++page) {
        std::string elements;
        for (const auto element : marks_[page])
            fmt::format_to(std::back_inserter(elements), "{} 0 R ", numbers.at(static_cast<std::size_t>(element)));
        fmt::format_to(std::back_inserter(parents), "{}[{}]", page, elements);
    }
    objects.put(root,
        fmt::format("<</Type/StructTreeRoot/K {} 0 R/ParentTree<</Nums[{}]>>/ParentTreeNextKey {}>>", numbers[document], parents,
            page_objects.size()));
    return root;
}

} // namespace document
