#include "client/order_api.h"

#include "client/failure.h"
#include "http/json_text.h"

#include <algorithm>

namespace client {
namespace {

using gateway::ovh_path;
using gateway::OvhReply;
using http::JsonText;

std::string cart_path(const std::string& cart) { return "/order/cart/" + gateway::url_escaped(cart); }

std::string item_path(const std::string& cart, std::int64_t item) { return cart_path(cart) + "/item/" + std::to_string(item); }

std::string order_path(std::int64_t order) { return "/me/order/" + std::to_string(order); }

JsonText body_of(const CartLine& line)
{
    return JsonText::object()
        .set("planCode", line.plan_code)
        .set("duration", line.term.duration)
        .set("pricingMode", line.term.mode)
        .set("quantity", line.quantity);
}

std::vector<Offer> offers_in(gateway::JsonNode array)
{
    std::vector<Offer> offers;
    for (const auto& node : array.items({})) offers.push_back(offer_in(node));
    return offers;
}

/// Absent on some installations: then there is nothing to tell.
bool is_missing(const OvhReply& reply) { return reply.outcome() == gateway::OvhOutcome::refused && reply.status() == 404; }

} // namespace

std::optional<Quotation> CheckoutReply::placed() const
{
    if (!reply.ok() || !reply.body().number({"orderId"})) return std::nullopt;
    return quotation_in(reply.body());
}

OvhReply OrderApi::got(OvhReply reply, const std::string& doing)
{
    if (!reply.ok()) throw failure_of(reply, doing);
    return reply;
}

Account OrderApi::account()
{
    const auto reply = got(client_.get("/me"), "read your account");
    return {.nichandle = reply.body().text({"nichandle"}),
        .subsidiary = reply.body().text({"ovhSubsidiary"}),
        .currency = reply.body().text({"currency", "code"})};
}

std::vector<std::int64_t> OrderApi::payment_methods(bool preferred_only)
{
    const auto path = ovh_path("/me/payment/method", {{"default", preferred_only ? "true" : ""}});
    return numbers_in(got(client_.get(path), "read your payment methods").body());
}

Cart OrderApi::create_cart(const std::string& subsidiary, const std::string& description)
{
    auto body = JsonText::object().set("ovhSubsidiary", subsidiary);
    if (!description.empty()) body.set("description", description);
    return cart_in(got(client_.post("/order/cart", body.dump()), "create a cart").body());
}

std::vector<std::string> OrderApi::carts() { return texts_in(got(client_.get("/order/cart"), "list your carts").body()); }

Cart OrderApi::cart(const std::string& id) { return cart_in(got(client_.get(cart_path(id)), "read the cart").body()); }

void OrderApi::remove_cart(const std::string& id) { got(client_.remove(cart_path(id)), "delete the cart"); }

void OrderApi::assign(const std::string& cart) { got(client_.post(cart_path(cart) + "/assign"), "assign the cart to you"); }

std::vector<Offer> OrderApi::offers(const std::string& cart, const std::string& product, const std::string& plan_code)
{
    const auto path = ovh_path(cart_path(cart) + '/' + gateway::url_escaped(product), {{"planCode", plan_code}});
    return offers_in(got(client_.get(path), "read the offers").body());
}

std::vector<Offer> OrderApi::options(const std::string& cart, const std::string& product, const std::string& plan_code)
{
    const auto path = ovh_path(cart_path(cart) + '/' + gateway::url_escaped(product) + "/options", {{"planCode", plan_code}});
    return offers_in(got(client_.get(path), "read the options of " + plan_code).body());
}

Item OrderApi::add(const std::string& cart, const std::string& product, const CartLine& line)
{
    const auto path = cart_path(cart) + '/' + gateway::url_escaped(product);
    return item_in(got(client_.post(path, body_of(line).dump()), "add " + line.plan_code).body());
}

Item OrderApi::add_option(const std::string& cart, const std::string& product, std::int64_t parent, const CartLine& line)
{
    const auto path = cart_path(cart) + '/' + gateway::url_escaped(product) + "/options";
    return item_in(got(client_.post(path, body_of(line).set("itemId", parent).dump()), "add " + line.plan_code).body());
}

Item OrderApi::item(const std::string& cart, std::int64_t id)
{
    return item_in(got(client_.get(item_path(cart, id)), "read the cart's item").body());
}

void OrderApi::remove_item(const std::string& cart, std::int64_t id) { got(client_.remove(item_path(cart, id)), "remove the item"); }

std::vector<Requirement> OrderApi::requirements(const std::string& cart, std::int64_t item)
{
    const auto reply = got(client_.get(item_path(cart, item) + "/requiredConfiguration"), "read what the item needs");
    std::vector<Requirement> requirements;
    for (const auto& node : reply.body().items({})) requirements.push_back(requirement_in(node));
    return requirements;
}

std::vector<ItemConfiguration> OrderApi::configurations(const std::string& cart, std::int64_t item, const std::string& label)
{
    const auto path = item_path(cart, item) + "/configuration";
    const auto ids = numbers_in(got(client_.get(ovh_path(path, {{"label", label}})), "read the configuration").body());
    std::vector<ItemConfiguration> all;
    for (const auto id : ids) {
        auto each = configuration_in(got(client_.get(path + '/' + std::to_string(id)), "read the configuration").body());
        if (label.empty() || each.label == label) all.push_back(std::move(each));
    }
    return all;
}

void OrderApi::configure(const std::string& cart, std::int64_t item, const std::string& label, const std::string& value)
{
    const auto path = item_path(cart, item) + "/configuration";
    bool stands = false;
    for (const auto& each : configurations(cart, item, label)) {
        if (each.value == value && !stands) stands = true;
        else got(client_.remove(path + '/' + std::to_string(each.id)), "replace " + label);
    }
    if (!stands)
        got(client_.post(path, JsonText::object().set("label", label).set("value", value).dump()), "set " + label + " to " + value);
}

Quotation OrderApi::summary(const std::string& cart)
{
    return quotation_in(got(client_.get(cart_path(cart) + "/summary"), "read the cart's summary").body());
}

OvhReply OrderApi::dry_run(const std::string& cart) { return client_.get(cart_path(cart) + "/checkout"); }

CheckoutReply OrderApi::checkout(const std::string& cart, const CheckoutTerms& terms)
{
    const auto body = JsonText::object()
                          .set("autoPayWithPreferredPaymentMethod", terms.auto_pay)
                          .set("waiveRetractationPeriod", terms.waive_retraction)
                          .dump();
    return {client_.post(cart_path(cart) + "/checkout", body)};
}

std::vector<std::int64_t> OrderApi::orders(const std::string& from)
{
    auto ids = numbers_in(got(client_.get(ovh_path("/me/order", {{"date.from", from}})), "list your orders").body());
    std::ranges::sort(ids, std::greater{});
    return ids;
}

PlacedOrder OrderApi::order(std::int64_t id)
{
    return placed_order_in(got(client_.get(order_path(id)), "read order " + std::to_string(id)).body());
}

std::string OrderApi::order_status(std::int64_t id)
{
    return got(client_.get(order_path(id) + "/status"), "read the status of order " + std::to_string(id)).body().text({});
}

std::vector<OrderDetail> OrderApi::order_details(std::int64_t id)
{
    const auto path = order_path(id) + "/details";
    const auto doing = "read order " + std::to_string(id);
    std::vector<OrderDetail> details;
    for (const auto detail : numbers_in(got(client_.get(path), doing).body())) {
        const auto own = path + '/' + std::to_string(detail);
        details.push_back(order_detail_in(got(client_.get(own), doing).body()));
        read_extension(details.back(), own);
    }
    return details;
}

/// EU and CA tell the plan by the extension; US what was made by the operations, as our own servers do for each of several.
void OrderApi::read_extension(OrderDetail& detail, const std::string& path)
{
    const std::string doing = "read a line of the order";
    auto extension = client_.get(path + "/extension");
    const bool has_extension = !is_missing(extension);
    if (has_extension) {
        const auto reply = got(std::move(extension), doing);
        detail.plan_code = reply.body().text({"order", "plan", "code"});
        for (const auto& each : reply.body().items({"order", "configurations"})) detail.configuration.push_back(configuration_in(each));
    }
    if (has_extension && detail.quantity == "1") return;
    auto operations = client_.get(path + "/operations");
    if (is_missing(operations)) return;
    for (const auto id : numbers_in(got(std::move(operations), doing).body())) {
        const auto operation = got(client_.get(path + "/operations/" + std::to_string(id)), doing);
        if (auto name = operation.body().text({"resource", "name"}); !name.empty()) detail.resources.push_back(std::move(name));
    }
}

std::vector<FollowUpStep> OrderApi::follow_up(std::int64_t id)
{
    const auto reply = client_.get(order_path(id) + "/followUp");
    if (is_missing(reply)) return {};
    if (!reply.ok()) throw failure_of(reply, "read what became of order " + std::to_string(id));
    std::vector<FollowUpStep> steps;
    for (const auto& node : reply.body().items({})) steps.push_back(follow_up_step_in(node));
    return steps;
}

OvhReply OrderApi::pay(std::int64_t order, std::int64_t payment_method)
{
    const auto method = JsonText::object().set("id", payment_method);
    return client_.post(order_path(order) + "/pay", JsonText::object().set("paymentMethod", method).dump());
}

OvhReply OrderApi::pay_with_mean(std::int64_t order, const std::string& mean, std::optional<std::int64_t> mean_id)
{
    auto body = JsonText::object().set("paymentMean", mean);
    if (mean_id) body.set("paymentMeanId", *mean_id);
    return client_.post(order_path(order) + "/payWithRegisteredPaymentMean", body.dump());
}

std::vector<std::int64_t> OrderApi::registered_methods(std::int64_t order)
{
    const auto reply = client_.get(order_path(order) + "/paymentMethods");
    if (is_missing(reply)) return {};
    if (!reply.ok()) throw failure_of(reply, "read how order " + std::to_string(order) + " can be paid");
    return numbers_in(reply.body().at({"registered"}));
}

std::vector<std::string> OrderApi::registered_means(std::int64_t order)
{
    const auto reply = client_.get(order_path(order) + "/availableRegisteredPaymentMean");
    if (is_missing(reply)) return {};
    if (!reply.ok()) throw failure_of(reply, "read how order " + std::to_string(order) + " can be paid");
    std::vector<std::string> means;
    for (const auto& node : reply.body().items({})) means.push_back(node.text({"paymentMean"}));
    return means;
}

} // namespace client
