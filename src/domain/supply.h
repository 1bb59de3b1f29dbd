#pragma once
#include "domain/calendar.h"
#include "domain/money.h"
#include "domain/order.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// How an order is delivered by a supplier: the steps, and what each answer, or none, leads to. The one rule behind them: once a
// checkout was sent there is never a second cart, because nobody can say that the first one was not bought.
namespace domain {

enum class SupplyStep {
    fresh,         ///< nothing was asked of the supplier, or its cart expired before it was bought
    cart,          ///< there is a cart; what is in it is not certain
    filled,        ///< the cart holds what is wanted, at a price that fits
    checkout_sent, ///< the cart may have been bought
    ordered,       ///< it was, and the number of the supplier's order is known
    delivered,
    cancelled, ///< by the supplier, or by us before anything was bought
};

std::string_view to_text(SupplyStep step);

/// @throws std::domain_error if there is no such step.
SupplyStep supply_step_from(std::string_view text);

/// True if a supply may go from one step to the other.
bool may_become(SupplyStep from, SupplyStep to);

/// True if nothing is left to be done.
bool is_over(SupplyStep step);

/// True if nothing of it can have been bought.
bool is_unbought(SupplyStep step);

/// The journal of one order at its supplier.
struct Supply {
    OrderId order{};
    Uuid uuid{}; ///< of the order; names the cart at the supplier
    std::string supplier{};
    SupplyStep step{};
    std::string held_reason{}; ///< not empty: a person must decide
    std::string cart{};
    std::optional<std::int64_t> supplier_order{};
    std::string status{};         ///< in the supplier's words
    std::optional<Money> net{};   ///< what the supplier takes first
    std::optional<Money> gross{}; ///< the same with its tax
    bool price_accepted{false};
    std::optional<Instant> sent_at{};
    std::optional<Instant> delivered_at{}; ///< when the supplier first said so
    std::string server_name{};
    int attempts{0}; ///< looks in a row that brought nothing
    std::string last_error{};
    Instant look_at{};
    int starts{0}; ///< how often an operator let it go on
    std::int64_t version{1};
};

/// What is ordered from a supplier, in its own words.
struct ServerWish {
    struct Option {
        std::string plan{};
        std::map<std::string, std::string> configuration{};
    };
    std::string product{}; ///< "baremetalServers", "eco"
    std::string plan{};
    std::string pricing_mode{};
    Interval duration{};
    std::map<std::string, std::string> configuration{};
    std::vector<Option> options{};
};

/// What a status of the supplier's order asks of us.
enum class StatusCourse { wait, delivered, cancelled, person };

/// OVH's eight statuses (reference §6): cancelled and delivered are final, notPaid and documentsRequested need a person, the others,
/// and one that we have never heard of, are waited for.
StatusCourse course_of(std::string_view status);

/// What a person can do about a status that needs one; "" for others.
std::string remedy_for(std::string_view status, std::int64_t supplier_order);

/// The pause after `attempts` looks that brought nothing: doubled each time, from `first` to `longest`.
std::chrono::milliseconds supply_pause(int attempts, std::chrono::milliseconds first, std::chrono::milliseconds longest);

/// What is done about a checkout whose outcome is not known.
enum class CheckoutCourse {
    send_again, ///< it was not carried out
    take_order, ///< it was, and the order is known
    search,     ///< it was, and the order must be found
    hold,       ///< nobody but a person can tell
};

/// A cart as it is found after its checkout was sent.
struct CartFound {
    bool is_there{true};
    bool is_frozen{false};
    std::optional<std::int64_t> order{}; ///< ours tells it; OVH does not
};

CheckoutCourse course_after_checkout(const CartFound& cart);

/// What is done after a search. `matching`: orders of this plan, configuration and price that belong to no other supply;
/// `unresolved`: supplies that look for such an order, this one included; `looks`: searches before this one. Orders may show up late.
enum class SearchCourse { take_it, look_again, hold };
SearchCourse course_after_search(std::size_t matching, std::size_t unresolved, int looks);

/// How long after a delivery a refusal may still mean "not yet".
inline constexpr std::chrono::minutes settling_time{10};

/// True for the two refusals of a server that was just delivered and is not ready; whatever else is refused stays refused.
bool is_not_ready_yet(std::string_view message);

/// True if the price is above the cost by more than `tolerance_permille` thousandths of it, or in another currency.
bool is_too_dear(Money price, Money cost, int tolerance_permille);

} // namespace domain
