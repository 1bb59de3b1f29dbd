#include "client/missing_labels.h"

#include <charconv>

namespace client {
namespace {

/// What stands between the marks, and the rest behind it; nullopt if they do not both occur.
std::optional<std::string_view> between(std::string_view& line, std::string_view before, std::string_view after)
{
    const auto begin = line.find(before);
    if (begin == std::string_view::npos) return std::nullopt;
    const auto rest = line.substr(begin + before.size());
    const auto end = after.empty() ? rest.size() : rest.find(after);
    if (end == std::string_view::npos) return std::nullopt;
    line = rest.substr(end + after.size());
    return rest.substr(0, end);
}

std::optional<std::int64_t> number(std::string_view text)
{
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

std::vector<std::string> list(std::string_view text)
{
    std::vector<std::string> words;
    while (!text.empty()) {
        auto word = text.substr(0, text.find(','));
        text.remove_prefix(std::min(text.size(), word.size() + 1));
        while (word.starts_with(' ')) word.remove_prefix(1);
        while (word.ends_with(' ') || word.ends_with('.')) word.remove_suffix(1);
        if (!word.empty()) words.emplace_back(word);
    }
    return words;
}

std::optional<LabelFault> fault_in(std::string_view line)
{
    LabelFault fault;
    auto rest = line;
    auto label = between(rest, "Custom field ", " is mandatory for product ");
    if (!label) {
        rest = line;
        label = between(rest, "Custom field ", " is duplicated for product ");
        fault.kind = LabelFault::Kind::duplicated;
    }
    if (!label || label->empty()) return std::nullopt;
    fault.label = *label;
    while (
        fault.label.size() > 1 && fault.label.front() == fault.label.back() && (fault.label.front() == '"' || fault.label.front() == '\''))
        fault.label = fault.label.substr(1, fault.label.size() - 2);
    fault.plan_code = rest.substr(0, rest.find_first_of(" (:;,\t\r"));
    if (const auto item = between(rest, "(item ", ")")) fault.item = number(*item);
    if (const auto allowed = between(rest, "allowed: ", "")) fault.allowed = list(*allowed);
    return fault;
}

} // namespace

std::vector<LabelFault> label_faults_in(std::string_view message)
{
    std::vector<LabelFault> faults;
    while (!message.empty()) {
        const auto line = message.substr(0, message.find('\n'));
        message.remove_prefix(std::min(message.size(), line.size() + 1));
        if (auto fault = fault_in(line)) faults.push_back(std::move(*fault));
    }
    return faults;
}

} // namespace client
