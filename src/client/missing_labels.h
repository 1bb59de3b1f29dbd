#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace client {

/// A complaint about a configuration in the message of a dry run or a checkout.
struct LabelFault {
    enum class Kind { missing, duplicated };
    Kind kind{Kind::missing};
    std::string label{};
    std::string plan_code{};
    std::optional<std::int64_t> item{}; ///< our own servers tell it
    std::vector<std::string> allowed{}; ///< likewise
};

/// Reads "Custom field LABEL is mandatory for product PLAN" and "… is duplicated for product PLAN", one a line, of OVH and
/// with what our own servers add: " (item ID): …; allowed: a, b". Other lines are passed over.
/// Source: order-cart-examples 5, kimsufi-notifier 36.
std::vector<LabelFault> label_faults_in(std::string_view message);

} // namespace client
