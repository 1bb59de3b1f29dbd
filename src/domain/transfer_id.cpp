#include "domain/transfer_id.h"

#include <algorithm>

namespace domain {

std::string end_to_end_id(const Uuid& transfer)
{
    auto text = transfer.text();
    std::erase(text, '-');
    return text;
}

std::optional<Uuid> transfer_of(std::string_view end_to_end_id)
{
    if (end_to_end_id.size() != 32) return std::nullopt;
    std::string text;
    for (std::size_t i = 0; i < end_to_end_id.size(); ++i) {
        if (i == 8 || i == 12 || i == 16 || i == 20) text += '-';
        text += end_to_end_id[i];
    }
    return Uuid::parse(text);
}

} // namespace domain
