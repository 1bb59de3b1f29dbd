#pragma once
#include "client/console.h"
#include "client/follow.h"
#include "client/journal.h"
#include "client/order_api.h"

#include <functional>
#include <optional>
#include <string>

namespace client {

/// What is left to decide when a cart is bought.
struct PurchaseDecisions {
    bool yes{false};                ///< agreed to whatever the dry run says, within --max-total
    std::optional<bool> auto_pay{}; ///< nullopt: not said
    bool cheapest{false};           ///< options of mandatory families
    bool another{false};            ///< also if the same purchase is under way
    bool follow{true};              ///< once it is placed
};

/// Buys carts, each under a journal of its own, so that whatever happens on the way no second order is made: what was sent is
/// written down before, what came of it right after, and what nobody knows is looked up before anything is sent again.
class Purchase {
public:
    Purchase(OrderApi& api, const Console& console, std::string journal_folder, FollowTerms follow)
        : api_{api}, console_{console}, folder_{std::move(journal_folder)}, follow_{std::move(follow)}
    {
    }

    /// The whole way from a plan to a server.
    Exit order(PurchaseWish wish, const PurchaseDecisions& decisions);

    /// A cart that is filled and configured.
    Exit checkout(const std::string& cart, const PurchaseWish& limits, const PurchaseDecisions& decisions);

    /// Goes on where a purchase stopped. Without an id: with the only one that has not ended.
    Exit resume(const std::string& id, const PurchaseDecisions& decisions);

private:
    void refuse_twin(const PurchaseWish& wish) const;
    PurchaseWish completed(PurchaseWish wish, const std::string& cart, const PurchaseDecisions& decisions);
    void require_open_cart(PurchaseJournal& journal);
    void fill(PurchaseJournal& journal);
    Exit buy(PurchaseJournal& journal, PurchaseDecisions decisions);
    Quotation agree(PurchaseJournal& journal, PurchaseDecisions& decisions);
    void decide_payment(PurchaseWish& wish, const PurchaseDecisions& decisions);
    std::optional<Exit> send(PurchaseJournal& journal);
    std::optional<Exit> find_out(PurchaseJournal& journal);
    std::optional<std::int64_t> order_like(const PurchaseState& state);
    bool is_like(const PurchaseState& state, std::int64_t order);
    Exit placed(PurchaseJournal& journal, const PurchaseDecisions& decisions);
    void give_up(PurchaseJournal& journal);
    void drop_cart(const std::string& cart);
    Exit end_with(PurchaseJournal& journal, Exit exit);
    void pause(std::chrono::milliseconds duration) const;

    OrderApi& api_;
    const Console& console_;
    std::string folder_;
    FollowTerms follow_;
};

} // namespace client
