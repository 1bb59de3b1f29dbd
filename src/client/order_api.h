#pragma once
#include "client/offer.h"
#include "client/order_models.h"
#include "gateway/ovh_client.h"

#include <optional>
#include <string>
#include <vector>

namespace client {

struct Account {
    std::string nichandle{};
    std::string subsidiary{};
    std::string currency{};
};

/// A plan that is put into a cart.
struct CartLine {
    std::string plan_code{};
    Term term{};
    std::int64_t quantity{1};
};

/// What comes of a checkout: the quotation if it was placed; `taken` tells otherwise whether it can have been.
struct CheckoutReply {
    gateway::OvhReply reply{};
    std::optional<Quotation> placed() const;
};

struct CheckoutTerms {
    bool auto_pay{false}; ///< at once, with the preferred payment method
    bool waive_retraction{false};
};

/// The order routes of the OVH API, typed. A call that does not succeed is a Failure, but for checkout, whose unknown outcome
/// is a result. Ids come from users and are escaped.
class OrderApi {
public:
    explicit OrderApi(gateway::OvhClient& client) : client_{client} {}

    gateway::OvhClient& client() const { return client_; }
    const std::string& url() const { return client_.settings().url; }
    bool has_login() const { return client_.settings().credentials.any(); }

    Account account();
    std::vector<std::int64_t> payment_methods(bool preferred_only);

    Cart create_cart(const std::string& subsidiary, const std::string& description);
    std::vector<std::string> carts();
    Cart cart(const std::string& id);
    void remove_cart(const std::string& id);
    void assign(const std::string& cart);

    /// `product` is a cart's name for a kind of plans: dedicated, baremetalServers, eco, vps.
    std::vector<Offer> offers(const std::string& cart, const std::string& product, const std::string& plan_code = "");
    std::vector<Offer> options(const std::string& cart, const std::string& product, const std::string& plan_code);
    Item add(const std::string& cart, const std::string& product, const CartLine& line);
    Item add_option(const std::string& cart, const std::string& product, std::int64_t parent, const CartLine& line);

    Item item(const std::string& cart, std::int64_t id);
    void remove_item(const std::string& cart, std::int64_t id);
    std::vector<Requirement> requirements(const std::string& cart, std::int64_t item);
    std::vector<ItemConfiguration> configurations(const std::string& cart, std::int64_t item, const std::string& label = "");

    /// Set is replace: what stands under the label is removed first, since OVH takes a second one and refuses it at checkout
    /// (kimsufi-notifier 30, 36). The same value again changes nothing.
    void configure(const std::string& cart, std::int64_t item, const std::string& label, const std::string& value);

    Quotation summary(const std::string& cart);
    gateway::OvhReply dry_run(const std::string& cart);
    CheckoutReply checkout(const std::string& cart, const CheckoutTerms& terms);

    std::vector<std::int64_t> orders(const std::string& from = "");
    PlacedOrder order(std::int64_t id);
    std::string order_status(std::int64_t id);
    /// With what its extension (EU, CA) and its operations (US) tell, where the server has them.
    std::vector<OrderDetail> order_details(std::int64_t id);
    std::vector<FollowUpStep> follow_up(std::int64_t id);

    gateway::OvhReply pay(std::int64_t order, std::int64_t payment_method);
    gateway::OvhReply pay_with_mean(std::int64_t order, const std::string& mean, std::optional<std::int64_t> mean_id);
    std::vector<std::int64_t> registered_methods(std::int64_t order);
    std::vector<std::string> registered_means(std::int64_t order);

private:
    void read_extension(OrderDetail& detail, const std::string& path);
    gateway::OvhReply got(gateway::OvhReply reply, const std::string& doing);
    gateway::OvhClient& client_;
};

} // namespace client
