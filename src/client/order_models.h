#pragma once
#include "client/amount.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace client {

struct Cart {
    std::string id{};
    std::string description{};
    std::string expire{};
    std::vector<std::int64_t> items{};
    bool read_only{false};                  ///< it was ordered
    std::optional<std::int64_t> order_id{}; ///< our own servers tell it, OVH does not
};

struct Item {
    std::int64_t id{0};
    std::optional<std::int64_t> parent{};
    std::string plan_code{};
    std::string duration{};
    std::string pricing_mode{};
    std::int64_t quantity{1};
    std::vector<std::int64_t> options{};
};

/// A label that an item knows. OVH's `required` is unreliable (ovhcloud-cli 246): only the dry run judges.
struct Requirement {
    std::string label{};
    std::string type{};
    bool required{false};
    std::vector<std::string> allowed{}; ///< empty: any
};

struct ItemConfiguration {
    std::int64_t id{0};
    std::string label{};
    std::string value{};
};

struct OrderLine {
    std::optional<std::int64_t> item{};
    std::string description{};
    std::string type{}; ///< DURATION, INSTALLATION, GIFT, …
    std::string domain{};
    std::int64_t quantity{1};
    Amount unit_price{};
    Amount total{};
};

/// An order before (summary, dry run) and when it is placed.
struct Quotation {
    std::optional<std::int64_t> order_id{};
    std::vector<OrderLine> lines{};
    std::vector<std::string> contracts{};
    Amount without_tax{};
    Amount tax{};
    Amount with_tax{};

    Amount setup() const;     ///< part of the first payment, without tax
    Amount reduction() const; ///< given on the first payment, without tax; not positive
    Amount recurring() const; ///< what each later duration costs, without tax
};

/// An order as /me/order tells it. Its password and its links, which open it to anyone, are not even read.
struct PlacedOrder {
    std::int64_t id{0};
    std::string date{};
    std::string expiration_date{};
    Amount with_tax{};
};

struct OrderDetail {
    std::int64_t id{0};
    std::string description{};
    std::string domain{};
    std::string quantity{};
    Amount total{};
    std::string plan_code{};                        ///< of its extension; empty if there is none
    std::vector<ItemConfiguration> configuration{}; ///< without ids
    std::vector<std::string> resources{};           ///< names of what its operations made (US)
};

struct FollowUpEvent {
    std::string date{};
    std::string label{};
    std::string description{};
};

struct FollowUpStep {
    std::string step{};
    std::string status{};
    std::vector<FollowUpEvent> history{};
};

// From the server's JSON. @throws Failure where a price cannot be read.
Cart cart_in(gateway::JsonNode node);
Item item_in(gateway::JsonNode node);
Requirement requirement_in(gateway::JsonNode node);
ItemConfiguration configuration_in(gateway::JsonNode node);
Quotation quotation_in(gateway::JsonNode node);
PlacedOrder placed_order_in(gateway::JsonNode node);
OrderDetail order_detail_in(gateway::JsonNode node);
FollowUpStep follow_up_step_in(gateway::JsonNode node);

/// The whole numbers of a bare array.
std::vector<std::int64_t> numbers_in(gateway::JsonNode array);
std::vector<std::string> texts_in(gateway::JsonNode array);

} // namespace client
