#pragma once
#include "domain/calendar.h"
#include "domain/member.h"
#include "domain/money.h"
#include "domain/plan.h"
#include "domain/refusal.h"
#include "domain/uuid.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// The rules of carts: what may be put in, and what is still missing before one can be bought.
namespace domain {

struct Cart {
    std::int64_t id{0};
    Uuid uuid{};
    std::optional<MemberId> member{}; ///< none: it belongs to whoever knows its uuid
    std::string subsidiary{};
    Currency currency{};
    std::string description{};
    Instant expires_at{};
    bool frozen{false};                     ///< checked out: it never changes again
    std::optional<std::int64_t> checkout{}; ///< the number of its purchase
};

/// What was chosen for an item.
struct CartConfiguration {
    std::int64_t id{0};
    std::string label{};
    std::string value{};
};

/// A server, or an option that goes with one, at the price of the moment it was put in.
struct CartItem {
    std::int64_t id{0};
    std::optional<std::int64_t> parent{}; ///< of an option: its server
    std::string product{};                ///< under which name of the API it was put in: "dedicated", "eco" …
    std::int64_t plan{0};
    std::string plan_code{};
    std::string name{};
    std::string family{}; ///< of an option: the family of its server that it is of
    std::string pricing_mode{};
    Interval duration{};
    int quantity{1};
    Money setup{};     ///< of one piece, once, without tax
    Money recurring{}; ///< of one piece, for each whole period, without tax
    std::vector<CartConfiguration> configurations{};
};

/// A cart with all that is in it, by id: an option comes after its server.
struct CartContent {
    Cart cart{};
    std::vector<CartItem> items{};

    /// nullptr if nothing of the number is in the cart.
    const CartItem* find(std::int64_t item) const;

    /// The options of a server, by id.
    std::vector<const CartItem*> options_of(const CartItem& server) const;
};

struct CartLimits {
    static constexpr std::size_t items = 50;
    static constexpr int open_carts = 100; ///< of one member
    static constexpr std::size_t description = 255;
    static constexpr std::size_t value = 255;
    static constexpr std::chrono::days lives{1}; ///< unless another expiry is wanted
    static constexpr std::chrono::days lives_at_most{30};
    static constexpr std::chrono::days kept_expired{7}; ///< then the worker deletes it
};

/// What somebody wants to put into a cart.
struct CartWish {
    std::string plan_code{};
    std::string pricing_mode{};
    std::string duration{};
    std::int64_t quantity{1};
};

/// Why something cannot be done with a cart, with the remedy.
struct CartFault {
    Reason reason{};
    std::string text{};
};

/// Whether the cart can be used at all. @returns the fault if it is expired, or if it would change and is checked out.
std::optional<CartFault> fault_of_use(const Cart& cart, Instant now);
std::optional<CartFault> fault_of_change(const Cart& cart, Instant now);

/// An expiry lies between now and thirty days from now.
std::optional<CartFault> fault_of_expiry(Instant expiry, Instant now);

/// A server can be put in if its plan is sold for what is wished, and there is room. `plan`: nullptr if there is none of the code.
std::optional<CartFault> fault_of_server(const CartContent& content, const Plan* plan, const CartWish& wish);

/// An option can be put in if its server takes it, no other of an exclusive family is there, and it is billed with its server:
/// in the same periods, and as often. `server_plan` is the plan of `server`.
std::optional<CartFault> fault_of_option(
    const CartContent& content, const CartItem& server, const Plan& server_plan, const Plan* plan, const CartWish& wish);

/// Another duration is a server's, and needs a price of today for it and for each of its options, in the modes they have. `plans`: those
/// of all items.
std::optional<CartFault> fault_of_duration(
    const CartContent& content, const CartItem& item, const std::vector<Plan>& plans, std::string_view duration);

/// The server and its options with their prices for the duration, of which there was no fault.
std::vector<CartItem> with_duration(
    const CartContent& content, const CartItem& server, const std::vector<Plan>& plans, std::string_view duration);

/// A quantity goes from 1 to what the plan allows; options have that of their server.
std::optional<CartFault> fault_of_quantity(const CartContent& content, const CartItem& item, const Plan& plan, std::int64_t quantity);

/// A label is set once, on an item whose plan knows it, to a value that the plan allows. `plans`: those of all items.
std::optional<CartFault> fault_of_configuration(
    const CartContent& content, const CartItem& item, const std::vector<Plan>& plans, const std::string& label, const std::string& value);

/// All that is missing before the cart can be bought, one text each: required labels, mandatory families, values that are no
/// longer possible. `plans`: those of all items.
std::vector<std::string> faults_of_checkout(const CartContent& content, const std::vector<Plan>& plans);

/// "Cluster X, 64 GB RAM, 2 x 1 TB NVMe, zrh": what a server with its options is, on documents; at most `max` bytes.
std::string detail_of(const CartContent& content, const CartItem& server, std::size_t max);

/// "*001" for the first server, "*001.002" for its second option: stands for the name of what is not delivered yet.
std::string placeholder_of(const CartContent& content, const CartItem& item);

/// The plan of the id; nullptr if it is not among them.
const Plan* find_plan(const std::vector<Plan>& plans, std::int64_t plan);

} // namespace domain
