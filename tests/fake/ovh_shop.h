#pragma once
#include "fake/http_server.h"
#include "gateway/json_document.h"
#include "http/json_text.h"

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace fake {

/// OVH's side of an order as OVH behaves, with its oddities: it takes a label twice and complains at checkout, its
/// `required` is wrong both ways, a cart does not tell its order. One plan, "s1", 10.00 EUR a month and 5.00 once, with the
/// mandatory family memory. What it does to a call, besides or instead, is up to the test.
class OvhShop {
    template <class Work> auto locked(Work work) const
    {
        const std::lock_guard lock{mutex_};
        return work();
    }

public:
    /// Before: whether the call is carried out at all. After: what the caller gets; nullopt: the true answer.
    struct Interference {
        bool carried_out{true};
        std::optional<Reaction> reaction{};
    };
    using Interfere = std::function<Interference(const std::string& method, const std::string& path)>;

    bool tells_order_of_cart{false};                                          ///< as our own servers do
    std::int64_t price_change{0};                                             ///< minor units that a checkout is dearer than its dry run
    std::vector<std::string> statuses{"checking", "delivering", "delivered"}; ///< of each order, one after the other
    Interfere interfere{};
    std::map<std::string, Reaction> fixed{}; ///< "METHOD path" → what is always answered

    std::string url() const { return server_.url() + "/1.0"; }
    std::size_t order_count() const
    {
        return locked([&] { return orders_.size(); });
    }
    std::size_t cart_count() const
    {
        return locked([&] { return carts_.size(); });
    }
    std::vector<HttpCall> calls() const { return server_.calls(); }

    int count(const std::string& method, const std::string& path) const
    {
        int count = 0;
        for (const auto& call : calls()) count += call.method == method && path_of(call) == path;
        return count;
    }
    int checkouts() const
    {
        int count = 0;
        for (const auto& call : calls()) count += call.method == "POST" && path_of(call).ends_with("/checkout");
        return count;
    }

    /// Another order of the same account, as a neighbour script would make it.
    std::int64_t order_by_somebody_else(const std::string& plan, std::int64_t minor, const std::string& datacenter)
    {
        return locked([&] { return place(plan, minor, {{1, "dedicated_datacenter", datacenter}}); });
    }

private:
    using JsonText = http::JsonText;
    struct Label {
        std::int64_t id{};
        std::string name{}, value{};
    };
    struct Item {
        std::int64_t id{}, parent{0}, quantity{1};
        std::string plan{};
        std::vector<Label> labels{};
    };
    struct Cart {
        bool assigned{false}, frozen{false};
        std::string description{};
        std::vector<Item> items{};
        std::int64_t order{0};
    };
    struct Order {
        std::string plan{};
        std::int64_t minor{0};
        std::vector<Label> labels{};
        std::size_t looks{0};
        bool paid{true};
    };
    struct Refused {
        int status{};
        std::string message{}, code{};
    };

    static std::string path_of(const HttpCall& call)
    {
        const auto target = call.target.substr(0, call.target.find('?'));
        return target.starts_with("/1.0") ? target.substr(4) : target;
    }

    Reaction react(const HttpCall& call)
    {
        const auto path = path_of(call);
        const auto meddling = interfere ? interfere(call.method, path) : Interference{};
        Reaction reaction{.status = 503, .body = R"({"message":"not now"})"};
        if (const auto found = fixed.find(call.method + ' ' + path); found != fixed.end()) return found->second;
        if (meddling.carried_out) {
            try {
                reaction = {.body = locked([&] { return answer(call, path).dump(); })};
            } catch (const Refused& refused) {
                reaction = {.status = refused.status,
                    .body = JsonText::object().set("message", refused.message).set("errorCode", refused.code).dump()};
            }
        }
        return meddling.reaction ? *meddling.reaction : reaction;
    }

    static JsonText price(std::int64_t minor)
    {
        return JsonText::object()
            .set("currencyCode", "EUR")
            .set("priceInUcents", minor * 1'000'000)
            .set("text", "…")
            .set(
                "value", JsonText::ready(std::to_string(minor / 100) + '.' + std::to_string(minor / 10 % 10) + std::to_string(minor % 10)));
    }

    static JsonText pricing(const char* capacity, std::int64_t minor, const char* duration = "P1M", const char* mode = "default")
    {
        return JsonText::object()
            .set("capacities", JsonText::array().push(capacity))
            .set("description", "")
            .set("duration", duration)
            .set("price", price(minor))
            .set("pricingMode", mode);
    }

    static std::int64_t monthly_of(const std::string& plan)
    {
        static const std::map<std::string, std::int64_t> prices{{"s1", 1000}, {"ram-8", 100}, {"ram-32", 300}, {"disk", 50}};
        const auto found = prices.find(plan);
        if (found == prices.end()) throw Refused{400, "Plan code not found", ""};
        return found->second;
    }

    static JsonText option(const char* plan, const char* family, bool mandatory)
    {
        return JsonText::object()
            .set("planCode", plan)
            .set("productName", plan)
            .set("family", family)
            .set("mandatory", mandatory)
            .set("exclusive", true)
            .set("prices", JsonText::array().push(pricing("renew", monthly_of(plan))));
    }

    JsonText answer(const HttpCall& call, const std::string& path)
    {
        const auto parts = split(path);
        const gateway::JsonDocument body{call.body};
        if (path == "/auth/time") return JsonText{std::chrono::system_clock::to_time_t(std::chrono::system_clock::now())};
        if (path == "/me")
            return JsonText::object()
                .set("nichandle", "xx1-ovh")
                .set("ovhSubsidiary", "FR")
                .set("currency", JsonText::object().set("code", "EUR"));
        if (path == "/me/payment/method") return JsonText::array().push(7);
        if (parts.size() >= 2 && parts[0] == "order" && parts[1] == "cart") return of_carts(call, parts, body.root());
        if (parts.size() >= 2 && parts[0] == "me" && parts[1] == "order") return of_orders(call, parts);
        throw Refused{404, "Got an invalid (or empty) URL", ""};
    }

    JsonText of_carts(const HttpCall& call, const std::vector<std::string>& parts, gateway::JsonNode body)
    {
        if (parts.size() == 2 && call.method == "POST") {
            const auto id = "cart-" + std::to_string(carts_.size() + 1);
            carts_[id].description = body.text({"description"});
            return cart_json(id);
        }
        if (parts.size() == 2) {
            auto ids = JsonText::array();
            for (const auto& [id, cart] : carts_)
                if (cart.assigned) ids.push(id);
            return ids;
        }
        const auto& id = parts[2];
        const auto found = carts_.find(id);
        if (found == carts_.end()) throw Refused{404, "The requested object (cartId = " + id + ") does not exist", ""};
        auto& cart = found->second;
        if (parts.size() == 3 && call.method == "DELETE") return carts_.erase(found), JsonText::null();
        if (parts.size() == 3) return cart_json(id);
        if (parts[3] == "assign") return cart.assigned = true, JsonText::null();
        if (parts[3] == "summary") return quotation(cart, 0);
        if (parts[3] == "checkout") return call.method == "GET" ? dry_run(cart) : checkout(cart);
        if (parts[3] == "item") return of_items(call, cart, parts, body);
        if (parts[3] != "dedicated") throw Refused{404, "Got an invalid (or empty) URL", ""};
        return of_offers(call, cart, parts.size() == 5, body);
    }

    JsonText of_offers(const HttpCall& call, Cart& cart, bool options, gateway::JsonNode body)
    {
        if (call.method == "POST") {
            const Item item{.id = ++last_id_,
                .parent = body.number({"itemId"}).value_or(0),
                .quantity = body.number({"quantity"}).value_or(0),
                .plan = body.text({"planCode"})};
            monthly_of(item.plan);
            if (body.text({"duration"}) != "P1M" || body.text({"pricingMode"}) != "default") throw Refused{400, "no such duration", ""};
            cart.items.push_back(item);
            return item_json(item);
        }
        if (options)
            return JsonText::array()
                .push(option("ram-8", "memory", true))
                .push(option("ram-32", "memory", true))
                .push(option("disk", "storage", false));
        auto prices = JsonText::array()
                          .push(pricing("renew", 1000))
                          .push(pricing("renew", 10'800, "P12M", "upfront12"))
                          .push(pricing("installation", 500));
        return JsonText::array().push(JsonText::object().set("planCode", "s1").set("productName", "A server").set("prices", prices));
    }

    JsonText of_items(const HttpCall& call, Cart& cart, const std::vector<std::string>& parts, gateway::JsonNode body)
    {
        auto* item = parts.size() > 4 ? find(cart, std::stoll(parts[4])) : nullptr;
        if (!item) throw Refused{404, "no such item", ""};
        if (parts.size() == 5 && call.method == "DELETE") {
            std::erase_if(cart.items, [id = item->id](const Item& each) { return each.id == id || each.parent == id; });
            return JsonText::null();
        }
        if (parts.size() == 5) return item_json(*item);
        if (parts[5] == "requiredConfiguration") return item->parent ? JsonText::array() : requirements();
        if (parts.size() == 6 && call.method == "POST") {
            item->labels.push_back({++last_id_, body.text({"label"}), body.text({"value"})});
            return label_json(item->labels.back());
        }
        if (parts.size() == 6) {
            auto ids = JsonText::array();
            for (const auto& label : item->labels) ids.push(label.id);
            return ids;
        }
        const auto id = std::stoll(parts[6]);
        for (auto label = item->labels.begin(); label != item->labels.end(); ++label) {
            if (label->id != id) continue;
            if (call.method == "DELETE") return item->labels.erase(label), JsonText::null();
            return label_json(*label);
        }
        throw Refused{404, "no such configuration", ""};
    }

    /// As measured at OVH: what is demanded is declared optional, and the other way round (ovhcloud-cli 246).
    static JsonText requirements()
    {
        const auto requirement = [](const char* label, bool required, JsonText allowed) {
            return JsonText::object()
                .set("label", label)
                .set("required", required)
                .set("type", "String")
                .set("allowedValues", allowed)
                .set("fields", JsonText::array());
        };
        return JsonText::array()
            .push(requirement("dedicated_datacenter", false, JsonText::array().push("gra").push("rbx")))
            .push(requirement("region", true, JsonText::array().push("europe")));
    }

    JsonText dry_run(const Cart& cart) const
    {
        if (!cart.assigned) throw Refused{403, "You are not allowed", ""};
        std::string message;
        for (const auto& item : cart.items) {
            if (item.parent) continue;
            std::map<std::string, int> times;
            for (const auto& label : item.labels) ++times[label.name];
            const auto complain = [&](const std::string& label, const char* what) {
                message +=
                    (message.empty() ? "" : "\n") + std::string{"Custom field "} + label + " is " + what + " for product " + item.plan;
            };
            if (!times["dedicated_datacenter"]) complain("dedicated_datacenter", "mandatory");
            for (const auto& [label, count] : times)
                if (count > 1) complain(label, "duplicated");
        }
        if (!message.empty()) throw Refused{400, message, ""};
        return quotation(cart, 0);
    }

    JsonText checkout(Cart& cart)
    {
        if (cart.frozen) throw Refused{409, "the cart was ordered already", ""};
        dry_run(cart);
        const auto& server = cart.items.front();
        cart.frozen = true;
        cart.order = place(server.plan, total(cart) + price_change, server.labels);
        return quotation(cart, price_change, cart.order);
    }

    std::int64_t place(const std::string& plan, std::int64_t minor, const std::vector<Label>& labels)
    {
        const auto id = 1000 + static_cast<std::int64_t>(orders_.size());
        orders_[id] = {.plan = plan, .minor = minor, .labels = labels};
        return id;
    }

    JsonText of_orders(const HttpCall& call, const std::vector<std::string>& parts)
    {
        if (parts.size() == 2) {
            auto ids = JsonText::array();
            for (const auto& [id, order] : orders_) ids.push(id);
            return ids;
        }
        const auto id = std::stoll(parts[2]);
        const auto found = orders_.find(id);
        if (found == orders_.end()) throw Refused{404, "This order does not exist", ""};
        auto& order = found->second;
        const auto secret = JsonText{"https://example.net/order?secret=opens-it-to-anyone"};
        if (parts.size() == 3)
            return JsonText::object()
                .set("orderId", id)
                .set("date", "2026-11-29T10:00:00+00:00")
                .set("password", "opens-it-to-anyone")
                .set("url", secret)
                .set("pdfUrl", secret)
                .set("priceWithTax", price(order.minor));
        const auto& what = parts[3];
        if (what == "status") return JsonText{statuses[std::min(order.looks++, statuses.size() - 1)]};
        if (what == "pay") return order.paid = true, ++payments, JsonText::null();
        if (what == "paymentMethods") return JsonText::object().set("registered", JsonText::array().push(7).push(9));
        if (what == "followUp")
            return JsonText::array().push(JsonText::object()
                                              .set("step", "DELIVERING")
                                              .set("status", "DOING")
                                              .set("history",
                                                  JsonText::array().push(JsonText::object()
                                                                             .set("date", "2026-11-29T10:01:00+00:00")
                                                                             .set("label", "ORDER_STARTED")
                                                                             .set("description", "started"))));
        if (what != "details") throw Refused{404, "Got an invalid (or empty) URL", ""};
        if (parts.size() == 4) return JsonText::array().push(id * 10);
        if (parts.size() == 5)
            return JsonText::object()
                .set("orderDetailId", id * 10)
                .set("description", "A server")
                .set("domain", order.looks < statuses.size() ? "*001" : "ns" + std::to_string(id) + ".example.net")
                .set("quantity", "1")
                .set("totalPrice", price(order.minor));
        auto labels = JsonText::array();
        for (const auto& label : order.labels) labels.push(JsonText::object().set("label", label.name).set("value", label.value));
        if (parts[5] == "extension")
            return JsonText::object().set(
                "order", JsonText::object().set("plan", JsonText::object().set("code", order.plan)).set("configurations", labels));
        static_cast<void>(call);
        throw Refused{404, "Got an invalid (or empty) URL", ""};
    }

    static std::vector<std::string> split(const std::string& path)
    {
        std::vector<std::string> parts;
        for (std::size_t at = 1; at <= path.size();) {
            const auto end = std::min(path.find('/', at), path.size());
            parts.push_back(path.substr(at, end - at));
            at = end + 1;
        }
        return parts;
    }

    static Item* find(Cart& cart, std::int64_t id)
    {
        for (auto& item : cart.items)
            if (item.id == id) return &item;
        return nullptr;
    }

    static std::int64_t total(const Cart& cart)
    {
        std::int64_t net = 0;
        for (const auto& item : cart.items) net += monthly_of(item.plan) * item.quantity + (item.parent ? 0 : 500 * item.quantity);
        return net + net / 5;
    }

    static JsonText line(const Item& item, const char* type, std::int64_t minor)
    {
        return JsonText::object()
            .set("cartItemID", item.id)
            .set("description", item.plan)
            .set("detailType", type)
            .set("domain", "*001")
            .set("quantity", item.quantity)
            .set("unitPrice", price(minor))
            .set("totalPrice", price(minor * item.quantity));
    }

    static JsonText quotation(const Cart& cart, std::int64_t dearer, std::int64_t order = 0)
    {
        auto lines = JsonText::array();
        for (const auto& item : cart.items) {
            lines.push(line(item, "DURATION", monthly_of(item.plan)));
            if (!item.parent) lines.push(line(item, "INSTALLATION", 500));
        }
        const auto with_tax = total(cart) + dearer, tax = total(cart) / 6;
        auto json =
            JsonText::object()
                .set("details", lines)
                .set("contracts", JsonText::array())
                .set("prices",
                    JsonText::object().set("withTax", price(with_tax)).set("tax", price(tax)).set("withoutTax", price(with_tax - tax)));
        return order ? json.set("orderId", order).set("url", "https://example.net/?secret=opens-it-to-anyone") : json;
    }

    JsonText cart_json(const std::string& id) const
    {
        const auto& cart = carts_.at(id);
        auto items = JsonText::array();
        for (const auto& item : cart.items) items.push(item.id);
        auto json = JsonText::object()
                        .set("cartId", id)
                        .set("description", cart.description)
                        .set("expire", "2026-11-30T10:00:00+00:00")
                        .set("items", items)
                        .set("readOnly", cart.frozen);
        if (tells_order_of_cart && cart.order) json.set("orderId", cart.order);
        return json;
    }

    static JsonText item_json(const Item& item)
    {
        return JsonText::object()
            .set("itemId", item.id)
            .set("parentItemId", item.parent ? JsonText{item.parent} : JsonText::null())
            .set("duration", "P1M")
            .set("options", JsonText::array())
            .set("settings", JsonText::object().set("planCode", item.plan).set("pricingMode", "default").set("quantity", item.quantity));
    }

    static JsonText label_json(const Label& label)
    {
        return JsonText::object().set("id", label.id).set("label", label.name).set("value", label.value);
    }

public:
    int payments{0};

private:
    mutable std::mutex mutex_;
    std::map<std::string, Cart> carts_{};
    std::map<std::int64_t, Order> orders_{};
    std::int64_t last_id_{0};
    HttpServer server_{[this](const HttpCall& call) { return react(call); }}; ///< ends first
};

} // namespace fake
