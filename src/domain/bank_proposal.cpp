#include "domain/bank_proposal.h"

#include <algorithm>

namespace domain {
namespace {

constexpr std::size_t year_length = 4;
constexpr std::size_t least_digits = 6; ///< of the number behind the year

std::size_t digits_from(std::string_view text, std::size_t start)
{
    auto end = start;
    while (end < text.size() && text[end] >= '0' && text[end] <= '9') ++end;
    return end - start;
}

} // namespace

std::vector<std::string> invoice_numbers_in(std::string_view text)
{
    std::vector<std::string> numbers;
    for (std::size_t at = 0; at < text.size();) {
        const auto year = digits_from(text, at);
        if (year == 0) {
            ++at;
            continue;
        }
        const auto dash = at + year;
        const auto number = dash < text.size() && text[dash] == '-' ? digits_from(text, dash + 1) : 0;
        if (year == year_length && number >= least_digits) numbers.emplace_back(text.substr(at, year + 1 + number));
        at = dash + (number > 0 ? 1 + number : 0);
    }
    return numbers;
}

std::string folded_name(std::string_view name)
{
    std::string folded;
    for (const char c : name) {
        if (c == ' ' && (folded.empty() || folded.back() == ' ')) continue;
        folded += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    if (!folded.empty() && folded.back() == ' ') folded.pop_back();
    return folded;
}

const OpenInvoice* likely_invoice(const std::vector<OpenInvoice>& documents, std::int64_t amount)
{
    const auto exact = std::ranges::find(documents, amount, &OpenInvoice::open);
    if (exact != documents.end()) return &*exact;
    return documents.empty() ? nullptr : &documents.front();
}

} // namespace domain
