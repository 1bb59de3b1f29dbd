#include "client/arguments.h"

#include "client/failure.h"

#include <algorithm>

namespace client {

std::map<std::string, std::string> labels_of(const std::vector<std::string>& settings)
{
    std::map<std::string, std::string> labels;
    for (const auto& setting : settings) {
        const auto sign = setting.find('=');
        if (sign == std::string::npos || sign == 0 || sign + 1 == setting.size())
            throw Failure{Exit::usage, "\"" + setting + "\" is not LABEL=VALUE"};
        if (!labels.emplace(setting.substr(0, sign), setting.substr(sign + 1)).second)
            throw Failure{Exit::usage, setting.substr(0, sign) + " is set twice"};
    }
    return labels;
}

std::optional<Amount> limit_of(const std::string& text)
{
    if (text.empty()) return std::nullopt;
    const auto space = text.find(' ');
    const auto ucents = ucents_from(std::string_view{text}.substr(0, space));
    if (!ucents || *ucents < 0)
        throw Failure{Exit::usage, "--max-total \"" + text + "\" is no amount", "write it as 89.90 or \"89.90 EUR\""};
    return Amount{*ucents, space == std::string::npos ? "" : text.substr(space + 1)};
}

std::string journal_of(const Arguments& arguments) { return arguments.journal.empty() ? usual_journal_folder() : arguments.journal; }

FollowTerms follow_terms(const Arguments& arguments)
{
    FollowTerms terms;
    if (arguments.wait_s < 0) return terms;
    terms.patience = std::chrono::seconds{arguments.wait_s};
    terms.first_wait = std::clamp(*terms.patience / 30, std::chrono::milliseconds{1'000}, terms.first_wait);
    return terms;
}

PurchaseDecisions decisions_of(const Arguments& arguments)
{
    PurchaseDecisions decisions{
        .yes = arguments.yes, .cheapest = arguments.add.cheapest, .another = arguments.another, .follow = !arguments.no_follow};
    if (arguments.auto_pay || arguments.pay_later) decisions.auto_pay = arguments.auto_pay;
    return decisions;
}

PurchaseWish wish_of(const Arguments& arguments)
{
    return {.plan_code = arguments.plan,
        .product = arguments.range,
        .term = arguments.add.term,
        .quantity = arguments.add.quantity,
        .options = arguments.add.options,
        .configuration = labels_of(arguments.settings),
        .subsidiary = arguments.subsidiary,
        .terms = {.waive_retraction = arguments.waive_retraction},
        .max_total = limit_of(arguments.max_total)};
}

} // namespace client
