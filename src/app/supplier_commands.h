#pragma once
#include <cstdint>
#include <optional>
#include <ostream>
#include <string>

namespace app {

// Our own stock.

/// @throws domain::Refusal reference_in_use, unknown_product
void add_server(std::ostream& out, const std::string& name, const std::string& plan, const std::string& datacenter);
void list_servers(std::ostream& out, const std::string& state);
/// @throws domain::Refusal not_found
void free_server(std::ostream& out, const std::string& name);
/// @throws domain::Refusal not_found
void retire_server(std::ostream& out, const std::string& name);

// What a supplier delivers. All throw domain::Refusal not_found for an order that none delivers.

void list_supplies(std::ostream& out, const std::string& step, bool held);
/// One supply as JSON.
void show_supply(std::ostream& out, const std::string& order);
/// Lets a supply that is held go on. @throws domain::Refusal order_state if it is not
void retry_supply(std::ostream& out, const std::string& order, bool accept_price);

struct SettleArguments {
    std::string order{};
    std::optional<std::int64_t> supplier_order{}; ///< the number of the supplier's order
    bool give_up{false};                          ///< nothing was bought: the order is cancelled and credited
};
/// Says what became of a supply that is held. @throws domain::Refusal order_state if it is not, or cannot become that
void settle_supply(std::ostream& out, const SettleArguments& arguments);

/// Takes the supplier's catalogue over. @throws domain::Refusal, domain::Unavailable, std::invalid_argument without a supplier
void import_catalogue(std::ostream& out, bool dry_run);

// What goes wrong on purpose in a sandbox. All throw domain::Refusal not_in_production elsewhere.

struct FaultArguments {
    std::string kind{};
    std::string method{};
    std::string path{"*"};
    int percent{100};
    std::optional<std::int64_t> times{};
    int seconds{0};
    std::int64_t seed{1};
};
void add_fault(std::ostream& out, const FaultArguments& arguments);
void list_faults(std::ostream& out);
void clear_faults(std::ostream& out);

} // namespace app
