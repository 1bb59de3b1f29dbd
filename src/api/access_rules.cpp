#include "api/access_rules.h"

#include <algorithm>

namespace api {
namespace {

void note_fault(http::Form& form, const domain::AccessRule& rule)
{
    switch (domain::check_access_rule(rule)) {
    case domain::AccessRuleFault::none: return;
    case domain::AccessRuleFault::method: form.fault("method", "not_allowed", "must be GET, POST, PUT or DELETE"); return;
    case domain::AccessRuleFault::path:
        form.fault("path", "invalid",
            "must be a path such as /order/* or /me*: it begins with /, has at most 255 visible ASCII characters, "
            "and * stands for any text");
        return;
    case domain::AccessRuleFault::version: form.fault("path", "invalid", "must leave out the version: /order/*, not /1.0/order/*"); return;
    }
}

} // namespace

std::vector<domain::AccessRule> read_access_rules(http::Form& form, const char* name)
{
    std::vector<domain::AccessRule> rules;
    for (auto* each : form.objects(name, 100)) {
        domain::AccessRule rule{each->text("method"), each->text("path", 1000)};
        if (rule.method.empty() || rule.path.empty()) continue; // noted already
        note_fault(*each, rule);
        if (std::ranges::find(rules, rule) == rules.end()) rules.push_back(std::move(rule));
    }
    return rules;
}

http::JsonText json_of(std::span<const domain::AccessRule> rules)
{
    auto list = http::JsonText::array();
    for (const auto& rule : rules) list.push(http::JsonText::object().set("method", rule.method).set("path", rule.path));
    return list;
}

} // namespace api
