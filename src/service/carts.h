#pragma once
#include "domain/cart.h"
#include "gateway/clock.h"
#include "store/database.h"

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace service {

/// Who uses a cart: a member, or somebody who merely knows its uuid.
using CartUser = std::optional<domain::Identity>;

struct NewCart {
    std::string subsidiary{};
    std::string description{};
    std::optional<domain::Instant> expires_at{}; ///< a day from now without it
};

struct CartChanges {
    std::optional<std::string> description{};
    std::optional<domain::Instant> expires_at{};
};

struct ItemChanges {
    std::optional<std::string> duration{};
    std::optional<std::int64_t> quantity{};
};

/// Carts and what is in them, until they are bought. An unassigned cart is used by whoever knows its uuid, an assigned one too, but for
/// other members: to them it is not there. Each call is a transaction of its own. What is missing is domain::Refusal not_found, what is
/// expired cart_expired, and what would change a cart that was bought cart_checked_out.
class Carts {
public:
    Carts(store::Database& database, gateway::Clock& clock) : database_{database}, clock_{clock} {}

    /// Nobody's yet, whoever creates it. @throws domain::Refusal unknown_subsidiary, expiry_out_of_range
    domain::CartContent create(const NewCart& wish);

    domain::CartContent read(const domain::Uuid& uuid, const CartUser& user);

    /// The member's carts that are not expired, the newest first, a thousand at most.
    std::vector<domain::Uuid> list(domain::MemberId member, const std::optional<std::string>& description);

    /// @throws domain::Refusal expiry_out_of_range
    domain::CartContent change(const domain::Uuid& uuid, const CartUser& user, const CartChanges& changes);

    /// An unassigned cart may be deleted by every member who knows its uuid, an expired one, too.
    void remove(const domain::Uuid& uuid, const domain::Identity& who);

    /// Twice by the same member is once. @throws domain::Refusal cart_full if the member has too many open carts
    void assign(const domain::Uuid& uuid, const domain::Identity& who);

    /// A cart, and the item in it that it is about.
    using ItemIn = std::pair<domain::CartContent, std::int64_t>;

    /// `product` is the name under which the API sold it.
    /// @throws domain::Refusal unknown_plan, unknown_pricing, quantity_out_of_range, cart_full
    ItemIn add_server(const domain::Uuid& uuid, const CartUser& user, const std::string& product, const domain::CartWish& wish);

    /// @throws domain::Refusal unknown_option, option_taken, unknown_pricing, quantity_out_of_range, cart_full
    ItemIn add_option(
        const domain::Uuid& uuid, const CartUser& user, const std::string& product, std::int64_t server, const domain::CartWish& wish);

    /// Another quantity keeps the price, another duration takes that of today; options follow their server.
    /// @throws domain::Refusal unknown_pricing, quantity_out_of_range
    ItemIn change_item(const domain::Uuid& uuid, const CartUser& user, std::int64_t item, const ItemChanges& changes);

    /// A server takes its options along.
    void remove_item(const domain::Uuid& uuid, const CartUser& user, std::int64_t item);

    /// What can be configured, and what must be: the same rows that a checkout looks at.
    std::vector<domain::PlanLabel> labels_of(const domain::Uuid& uuid, const CartUser& user, std::int64_t item);

    /// @throws domain::Refusal unknown_label, label_taken, value_not_allowed
    domain::CartConfiguration configure(
        const domain::Uuid& uuid, const CartUser& user, std::int64_t item, const std::string& label, const std::string& value);

    void remove_configuration(const domain::Uuid& uuid, const CartUser& user, std::int64_t item, std::int64_t configuration);

    /// Deletes carts that expired a week ago and more, some at a time. For the worker.
    void sweep();

private:
    /// `work` gets the cart with the right to change it, and tells what came of it.
    template <class Work> auto in_change(const domain::Uuid& uuid, const CartUser& user, Work work);

    ItemIn item_now(store::Session& session, const domain::CartContent& before, std::int64_t item);
    std::vector<domain::Plan> plans_of(store::Session& session, const domain::CartContent& content);

    store::Database& database_;
    gateway::Clock& clock_;
};

/// The cart as far as the user may see it. @throws domain::Refusal not_found
domain::Cart visible_cart(store::Session& session, const domain::Uuid& uuid, const CartUser& user);

/// "The requested object (itemId = 7) does not exist"
domain::Refusal no_such_object(const std::string& what, const std::string& given);

/// The item of the cart. @throws domain::Refusal not_found
const domain::CartItem& item_of(const domain::CartContent& content, std::int64_t item);

/// Turns a fault into a refusal. @throws domain::Refusal if there is one
void refuse(const std::optional<domain::CartFault>& fault);

} // namespace service
