#pragma once
#include "domain/cart_prices.h"
#include "domain/order.h"
#include "store/database.h"

#include <optional>
#include <string>
#include <vector>

namespace store {

/// A cart that was bought.
struct Checkout {
    std::int64_t id{0};
    std::int64_t cart{0};
    domain::MemberId member{};
    domain::Instant placed_at{};
    domain::Totals first{}; ///< what is paid first
    bool waives_retraction{false};
    bool waits_for_member{false}; ///< no card is charged before the member asks for it
};

/// What one order of a server is.
struct ServerOrder {
    domain::Uuid order{};
    std::int64_t item{0};
    int unit{1}; ///< from 1 to the quantity of the item
    std::string plan_code{};
    std::string pricing_mode{};
    std::vector<std::string> options{}; ///< codes of their plans

    /// Label to value; those of options are told by the code of their plan.
    struct Choice {
        std::string option{}; ///< empty: of the server itself
        std::string label{};
        std::string value{};
    };
    std::vector<Choice> configuration{};
};

/// Rows of `checkouts`, what was bought, and the hold on its charge.
class CheckoutStore {
public:
    explicit CheckoutStore(Session& session) : session_{session} {}

    /// Returns its id; nullopt if the cart is checked out already.
    std::optional<std::int64_t> add(const Checkout& checkout);

    void add_lines(std::int64_t checkout, const domain::CartLines& lines);

    /// The orders must be there.
    void add_orders(std::int64_t checkout, const std::vector<ServerOrder>& orders);

    std::optional<Checkout> of_cart(std::int64_t cart);
    domain::CartLines lines_of(std::int64_t checkout);

    /// The member asks to be charged for what is on the document: nothing of it is held any more.
    void end_hold_on(std::int64_t invoice);

    /// The same for what was bought together with the order.
    void end_hold_of(domain::OrderId order);

private:
    Session& session_;
};

} // namespace store
