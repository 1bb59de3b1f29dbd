#include "domain/access_rule.h"

#include <algorithm>

namespace domain {
namespace {

/// Whether the pattern matches the whole text. After a mismatch only the last `*` can take more, so it is quadratic at worst.
bool matches(std::string_view pattern, std::string_view text)
{
    std::size_t at = 0, star = std::string_view::npos, taken = 0, p = 0;
    while (at < text.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            taken = at;
        } else if (p < pattern.size() && pattern[p] == text[at]) {
            ++p;
            ++at;
        } else if (star != std::string_view::npos) {
            p = star + 1;
            at = ++taken;
        } else {
            return false;
        }
    }
    return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

bool begins_with_version(std::string_view path)
{
    return std::ranges::any_of(std::initializer_list<std::string_view>{"/1.0", "/v1"},
        [&](auto version) { return path.starts_with(version) && (path.size() == version.size() || path[version.size()] == '/'); });
}

} // namespace

AccessRuleFault check_access_rule(const AccessRule& rule)
{
    const auto& path = rule.path;
    const bool known = rule.method == "GET" || rule.method == "POST" || rule.method == "PUT" || rule.method == "DELETE";
    if (!known) return AccessRuleFault::method;
    if (!path.starts_with('/') || path.size() > 255) return AccessRuleFault::path;
    if (!std::ranges::all_of(path, [](char c) { return c > 0x20 && c < 0x7f; })) return AccessRuleFault::path;
    return begins_with_version(path) ? AccessRuleFault::version : AccessRuleFault::none;
}

bool are_covering(std::span<const AccessRule> rules, std::string_view method, std::string_view path)
{
    if (method == "HEAD") method = "GET";
    return std::ranges::any_of(rules, [&](const auto& rule) { return rule.method == method && matches(rule.path, path); });
}

std::vector<AccessRule> default_access_rules()
{
    std::vector<AccessRule> rules;
    for (const auto* method : {"GET", "POST", "PUT", "DELETE"})
        for (const auto* path : {"/order/*", "/me*"}) rules.push_back({method, path});
    return rules;
}

AccessRule rule_needed_for(std::string_view method, std::string_view path)
{
    const auto below = path.find('/', 1);
    std::string wanted{path.substr(0, below)};
    if (below != std::string_view::npos) wanted += "/*";
    return {std::string{method == "HEAD" ? "GET" : method}, std::move(wanted)};
}

std::string to_text(std::span<const AccessRule> rules)
{
    std::string text;
    for (const auto& rule : rules) text += (text.empty() ? "" : "\n") + rule.method + ' ' + rule.path;
    return text;
}

std::vector<AccessRule> access_rules_of(std::string_view text)
{
    std::vector<AccessRule> rules;
    while (!text.empty()) {
        const auto line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(text.size(), line.size() + 1));
        const auto blank = line.find(' ');
        rules.push_back({std::string{line.substr(0, blank)}, std::string{line.substr(blank + 1)}});
    }
    return rules;
}

} // namespace domain
