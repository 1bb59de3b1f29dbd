#pragma once
#include "domain/supplier_catalogue.h"
#include "domain/supply.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gateway {

/// How a call to a supplier ended. `unknown`: it may have been carried out, or it cannot be made now; ask, or try again later.
enum class SupplierOutcome {
    done,
    refused, ///< it said no, for a reason that another try will not change
    absent,  ///< what was named is not there, or not any more
    unknown,
};

template <class Value> struct SupplierReply {
    SupplierOutcome outcome{SupplierOutcome::unknown};
    Value value{};
    std::string message{}; ///< what the supplier said, if it is not done

    bool done() const { return outcome == SupplierOutcome::done; }
};

/// What the supplier takes first for what is in a cart.
struct SupplierPrice {
    domain::Money net{};
    domain::Money gross{};
};

struct SupplierBillLine {
    std::string service{}; ///< what it is for: the name of a server, or a placeholder before its delivery
    std::string text{};
    domain::Money net{};
};

/// A document of the supplier's; negative amounts are given back.
struct SupplierBill {
    std::string id{};
    domain::Instant billed_at{};
    domain::Money net{};
    domain::Money gross{};
    std::vector<SupplierBillLine> lines{};
};

/// Somebody who delivers servers that we sell. One real implementation (the OVH API), one for tests. No call throws for what the
/// supplier or the network does, and none but check_out() buys anything.
class Supplier {
public:
    virtual ~Supplier() = default;

    /// The cart of ours with that name, one that was bought before any other.
    virtual SupplierReply<std::optional<std::string>> find_cart(const std::string& name) = 0;

    /// Opens an empty cart; returns its id.
    virtual SupplierReply<std::string> open_cart(const std::string& name) = 0;

    /// Makes the cart hold one server as wished, and nothing else, and makes it ours, whatever earlier tries left in it. A cart that
    /// was bought is left alone: look at what is returned.
    virtual SupplierReply<domain::CartFound> fill(const std::string& cart, const domain::ServerWish& wish) = 0;

    /// What the supplier would take, after it has checked everything.
    virtual SupplierReply<SupplierPrice> dry_run(const std::string& cart) = 0;

    /// Buys what is in the cart; returns the number of the order.
    virtual SupplierReply<std::int64_t> check_out(const std::string& cart) = 0;

    virtual SupplierReply<domain::CartFound> look_at_cart(const std::string& cart) = 0;

    /// Clears away a cart that was not bought.
    virtual SupplierReply<bool> drop_cart(const std::string& cart) = 0;

    /// The numbers of our orders from then on.
    virtual SupplierReply<std::vector<std::int64_t>> orders_since(domain::Instant since) = 0;

    /// True if the order is for what is wished, at that price with tax.
    virtual SupplierReply<bool> is_order_of(std::int64_t order, const domain::ServerWish& wish, domain::Money gross) = 0;

    /// In the supplier's words; see domain::course_of().
    virtual SupplierReply<std::string> status(std::int64_t order) = 0;

    /// The server that was delivered for the plan of the order; empty: it has no name yet.
    virtual SupplierReply<std::string> server_name(std::int64_t order, const std::string& plan) = 0;

    /// The ids of documents from then on.
    virtual SupplierReply<std::vector<std::string>> bills_since(domain::Instant since) = 0;

    virtual SupplierReply<SupplierBill> bill(const std::string& id) = 0;

    /// Everything that can be bought.
    virtual SupplierReply<domain::SupplierCatalogue> catalogue() = 0;
};

} // namespace gateway
