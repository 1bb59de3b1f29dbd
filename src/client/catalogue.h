#pragma once
#include "client/console.h"
#include "client/order_api.h"

#include <string>
#include <vector>

namespace client {

/// A plan of a catalogue.
struct CataloguePlan {
    std::string code{};
    std::string name{};
    std::string family{};
    std::optional<Amount> setup{};     ///< once, without tax
    std::optional<Amount> recurring{}; ///< each month, without commitment and tax
    std::vector<std::string> datacenters{};
};

/// The plans of a range: of the public catalogue or, where there is none, of the formatted one. "dedicated" reads
/// baremetalServers, as its public catalogue is called. `search`: a part of code or name, in any case; empty: all.
/// @throws Failure
std::vector<CataloguePlan> read_catalogue(
    OrderApi& api, const std::string& range, const std::string& subsidiary, const std::string& search);

void print_catalogue(const std::vector<CataloguePlan>& plans, const Console& console);

struct OptionsQuestion {
    std::string plan_code{};
    std::string product{}; ///< the cart's name for its kind; empty: found out
    std::string subsidiary{};
    Term term{};
    bool only_command{false};
};

/// What a plan can be ordered with: terms, families of options with prices, labels, and a command that orders it. Looks by a
/// cart that is deleted again. @throws Failure
void print_options(OrderApi& api, const Console& console, const OptionsQuestion& question);

} // namespace client
