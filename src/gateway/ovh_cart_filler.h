#pragma once
#include "gateway/ovh_client.h"
#include "gateway/supplier.h"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace gateway {

/// What a cart says of itself; besides OVH's fields ours tells the number of its order.
domain::CartFound cart_found(JsonNode cart);

/// Brings a cart to what is wished, from whatever it holds: calls whose answers were lost may have left anything in it. Each thing is
/// read before it is changed, so that a second run finds nothing left to do.
class OvhCartFiller {
public:
    /// All must live as long as this.
    OvhCartFiller(OvhClient& client, const std::string& cart, const domain::ServerWish& wish)
        : client_{client}, path_{"/order/cart/" + cart}, cart_{cart}, wish_{wish}
    {
    }

    SupplierReply<domain::CartFound> fill();

private:
    struct Item {
        std::int64_t id{};
        std::optional<std::int64_t> parent{};
        std::string plan{};
        std::string mode{};
        std::string duration{};
        std::int64_t quantity{};
        bool is_wanted{false};
    };

    bool assign(const std::string& name);
    bool read_items(JsonNode cart);
    bool remove_unwanted();
    bool add_server();
    bool add_options();
    bool configure_all();
    bool configure(std::int64_t item, const std::map<std::string, std::string>& wanted);
    bool add(const std::string& path, const std::string& plan, const std::string& duration, std::optional<std::int64_t> parent);
    std::optional<std::string> duration_of(const std::string& path, const std::string& plan);

    bool went_well(const OvhReply& reply);
    bool in_time();

    OvhClient& client_;
    const std::string path_;
    const std::string& cart_;
    const domain::ServerWish& wish_;
    std::vector<Item> items_{};
    std::int64_t server_{0};
    const std::chrono::steady_clock::time_point until_{std::chrono::steady_clock::now() + std::chrono::seconds{60}};
    SupplierOutcome outcome_{SupplierOutcome::done};
    std::string message_{};
};

} // namespace gateway
