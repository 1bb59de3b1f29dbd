#include "domain/margin.h"

#include "domain/code_text.h"

#include <algorithm>

namespace domain {
namespace {

constexpr std::int64_t million = 1'000'000;
constexpr std::size_t places = 6;

} // namespace

std::optional<Millionths> millionths_from(std::string_view text)
{
    const auto point = text.find('.');
    const auto whole = text.substr(0, point);
    std::string fraction{point == std::string_view::npos ? "0" : text.substr(point + 1)};
    if (!all_digits(whole) || whole.size() > places || !all_digits(fraction) || fraction.size() > places) return std::nullopt;
    fraction.resize(places, '0');
    return Millionths{std::stoll(std::string{whole}) * million + std::stoll(fraction)};
}

std::string to_text(Millionths number)
{
    auto fraction = std::to_string(number.value % million);
    fraction.insert(0, places - fraction.size(), '0');
    fraction.erase(fraction.find_last_not_of('0') + 1);
    return std::to_string(number.value / million) + (fraction.empty() ? "" : '.' + fraction);
}

bool fits_pattern(std::string_view text, std::string_view pattern)
{
    const auto star = pattern.find('*');
    if (star == std::string_view::npos) return text == pattern;
    if (!text.starts_with(pattern.substr(0, star))) return false;
    const auto rest = pattern.substr(star + 1);
    for (auto left = text.substr(star);; left.remove_prefix(1)) {
        if (fits_pattern(left, rest)) return true;
        if (left.empty()) return false;
    }
}

MarginRule margin_rule_for(const std::vector<MarginRule>& rules, std::string_view plan)
{
    const auto rule = std::ranges::find_if(rules, [&](const MarginRule& each) { return fits_pattern(plan, each.plans); });
    return rule == rules.end() ? MarginRule{} : *rule;
}

Money converted(Money amount, Currency to, Millionths rate) { return {half_up(amount.minor, rate.value, million), to}; }

Money price_with_margin(Money cost, const MarginRule& rule, bool is_recurring)
{
    if (cost.minor == 0) return cost;
    const Money margin{half_up(cost.minor, rule.percent.value, 100 * million), cost.currency};
    const auto exact = cost + margin + Money{is_recurring ? rule.fixed_minor : 0, cost.currency};
    const auto steps = (exact.minor + rule.step_minor - 1) / rule.step_minor; // up, so that no step eats the margin
    return Money{rule.step_minor, cost.currency} * steps;
}

} // namespace domain
