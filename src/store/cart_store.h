#pragma once
#include "domain/cart.h"
#include "store/database.h"

#include <optional>
#include <string>
#include <vector>

namespace store {

/// Rows of `carts` with what is in them.
class CartStore {
public:
    explicit CartStore(Session& session) : session_{session} {}

    void add(const domain::Cart& cart, domain::Instant now);

    std::optional<domain::Cart> by_uuid(const domain::Uuid& uuid);

    /// What every change begins with: counts the cart's version up, so that nobody else changes it until the transaction ends. Returns
    /// false if there is no such cart, or it is checked out. Must be the transaction's first statement: what it reads next is then new.
    bool begin_change(const domain::Uuid& uuid);

    void assign(std::int64_t cart, domain::MemberId member);
    void describe(std::int64_t cart, const std::string& description, domain::Instant expires_at);
    void freeze(std::int64_t cart);

    /// With all that is in it.
    void remove(std::int64_t cart);

    /// The member's carts that are not expired, the newest first; `description` exactly, if it is given.
    std::vector<domain::Uuid> of_member(
        domain::MemberId member, const std::optional<std::string>& description, domain::Instant now, int limit);

    /// How many carts the member has that can still be bought. The member gets no other one until the transaction ends.
    int count_open(domain::MemberId member, domain::Instant now);

    /// By id, each with its configurations.
    std::vector<domain::CartItem> items_of(std::int64_t cart);

    /// Returns its id.
    std::int64_t add_item(std::int64_t cart, const domain::CartItem& item);

    /// Writes duration, quantity and prices of the items anew.
    void update_items(const std::vector<domain::CartItem>& items);

    /// An item and its options, with their configurations.
    void remove_item(std::int64_t item);

    /// Returns its id.
    std::int64_t add_configuration(std::int64_t item, const std::string& label, const std::string& value);
    void remove_configuration(std::int64_t configuration);

    /// Deletes carts that expired before then and were never checked out, at most `limit`. Returns how many.
    std::size_t remove_expired(domain::Instant then, int limit);

private:
    void remove(const std::vector<std::int64_t>& carts);

    Session& session_;
};

} // namespace store
