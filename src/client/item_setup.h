#pragma once
#include "client/console.h"
#include "client/failure.h"
#include "client/missing_labels.h"
#include "client/order_api.h"

#include <map>
#include <string>
#include <vector>

namespace client {

/// An item of a cart with the labels that it knows.
struct ConfigurableItem {
    Item item{};
    std::vector<Requirement> requirements{};
};

std::vector<ConfigurableItem> configurable_items(OrderApi& api, const std::string& cart);

/// Sets each label on the items that know it; one that none knows goes to the servers, where the server may refuse it.
/// @throws Failure (usage) before anything is sent if a value is not among those allowed.
void configure_items(OrderApi& api, const std::string& cart, const std::vector<ConfigurableItem>& items,
    const std::map<std::string, std::string>& configuration);

/// The command that sets the label the fault is about.
std::string configure_command(const std::string& cart, const LabelFault& fault, const std::vector<ConfigurableItem>& items);

/// The values that the label may have: as the fault tells, else as the item's requirements do; empty: unknown.
std::vector<std::string> allowed_values(const LabelFault& fault, const std::vector<ConfigurableItem>& items);

/// Validates the cart as its checkout would. Labels that it complains about are asked for where somebody can answer and noted
/// in `answers`; else the failure holds the commands that set them.
/// @throws Failure
Quotation validated_quotation(OrderApi& api, const Console& console, const std::string& cart, std::map<std::string, std::string>& answers);

/// The failure of a refused checkout or dry run, with a command for each label that it complains about and each option that is missing.
Failure checkout_failure(OrderApi& api, const std::string& cart, const gateway::OvhReply& reply, const std::string& doing);

} // namespace client
