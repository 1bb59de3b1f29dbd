#include "gateway/ovh_cart_filler.h"

#include "gateway/ovh_values.h"

#include <algorithm>

namespace gateway {
namespace {

/// Months, or nothing for what is not counted in them: "P12M" and "P1Y" are the same.
std::optional<int> months_of(const std::string& duration)
{
    const auto interval = domain::interval_from(duration);
    if (!interval) return std::nullopt;
    if (interval->unit == domain::Interval::Unit::month) return interval->count;
    if (interval->unit == domain::Interval::Unit::year) return 12 * interval->count;
    return std::nullopt;
}

bool are_alike(const std::string& duration, domain::Interval wanted)
{
    const auto text = domain::to_text(wanted);
    return duration == text || (months_of(duration) && months_of(duration) == months_of(text));
}

} // namespace

domain::CartFound cart_found(JsonNode cart) { return {true, cart.flag({"readOnly"}), cart.number({"orderId"})}; }

SupplierReply<domain::CartFound> OvhCartFiller::fill()
{
    const auto cart = client_.get(path_);
    if (!cart.ok()) return without_value<domain::CartFound>(cart);
    const auto found = cart_found(cart.body());
    if (found.is_frozen) return {SupplierOutcome::done, found, ""};
    const bool filled = assign(cart.body().text({"description"})) && read_items(cart.body()) && remove_unwanted() && add_server()
        && add_options() && configure_all();
    return {filled ? SupplierOutcome::done : outcome_, found, message_};
}

/// Only ours are listed. One that is ours is not assigned again: nobody knows what OVH answers to that.
bool OvhCartFiller::assign(const std::string& name)
{
    const auto ours = client_.get(ovh_path("/order/cart", {{"description", name}}));
    if (!went_well(ours)) return false;
    for (const auto& item : ours.body().items({}))
        if (item.text({}) == cart_) return true;
    return went_well(client_.post(path_ + "/assign"));
}

bool OvhCartFiller::read_items(JsonNode cart)
{
    for (const auto& listed : cart.items({"items"})) {
        const auto reply = client_.get(path_ + "/item/" + std::to_string(listed.number({}).value_or(0)));
        if (outcome_of(reply) == SupplierOutcome::absent) continue; // went with its server
        if (!went_well(reply)) return false;
        const auto item = reply.body();
        items_.push_back({.id = item.number({"itemId"}).value_or(0),
            .parent = item.number({"parentItemId"}),
            .plan = item.text({"settings", "planCode"}),
            .mode = item.text({"settings", "pricingMode"}),
            .duration = item.text({"duration"}),
            .quantity = item.number({"settings", "quantity"}).value_or(0)});
    }
    return true;
}

/// Keeps one server as wished and of its options each wished one once.
bool OvhCartFiller::remove_unwanted()
{
    const auto fits = [&](const Item& item) {
        return item.mode == wish_.pricing_mode && are_alike(item.duration, wish_.duration) && item.quantity == 1;
    };
    for (auto& item : items_) {
        if (server_ != 0 || item.parent || item.plan != wish_.plan || !fits(item)) continue;
        item.is_wanted = true;
        server_ = item.id;
    }
    for (const auto& option : wish_.options) {
        const auto kept = std::ranges::find_if(items_, [&](const Item& item) {
            return !item.is_wanted && server_ != 0 && item.parent == server_ && item.plan == option.plan && fits(item);
        });
        if (kept != items_.end()) kept->is_wanted = true;
    }
    for (const auto& item : items_) {
        if (item.is_wanted) continue;
        const auto reply = client_.remove(path_ + "/item/" + std::to_string(item.id));
        if (outcome_of(reply) != SupplierOutcome::absent && !went_well(reply)) return false;
    }
    std::erase_if(items_, [](const Item& item) { return !item.is_wanted; });
    return true;
}

bool OvhCartFiller::add_server()
{
    if (server_ != 0) return true;
    const auto path = path_ + '/' + wish_.product;
    const auto duration = duration_of(path, wish_.plan);
    return duration && add(path, wish_.plan, *duration, std::nullopt);
}

bool OvhCartFiller::add_options()
{
    std::vector<std::string> there;
    for (const auto& item : items_) there.push_back(item.plan);
    for (const auto& option : wish_.options) {
        if (const auto it = std::ranges::find(there, option.plan); it != there.end()) {
            there.erase(it);
            continue;
        }
        const auto path = path_ + '/' + wish_.product + "/options";
        const auto duration = duration_of(path, option.plan);
        if (!duration || !add(path, option.plan, *duration, server_)) return false;
    }
    return true;
}

/// The duration in the words of the offer, which is not to be assumed. Options are offered for the plan of their server.
std::optional<std::string> OvhCartFiller::duration_of(const std::string& path, const std::string& plan)
{
    const auto offers = client_.get(ovh_path(path, {{"planCode", wish_.plan}}));
    if (!went_well(offers)) return std::nullopt;
    for (const auto& offer : offers.body().items({})) {
        if (offer.text({"planCode"}) != plan) continue;
        for (const auto& price : offer.items({"prices"}))
            if (price.text({"pricingMode"}) == wish_.pricing_mode && are_alike(price.text({"duration"}), wish_.duration))
                return price.text({"duration"});
    }
    outcome_ = SupplierOutcome::refused;
    message_ = "the supplier does not offer " + plan + " in mode " + wish_.pricing_mode + " for " + domain::to_text(wish_.duration);
    return std::nullopt;
}

bool OvhCartFiller::add(const std::string& path, const std::string& plan, const std::string& duration, std::optional<std::int64_t> parent)
{
    if (!in_time()) return false;
    const auto body = parent
        ? ovh_body({{"itemId", *parent}, {"planCode", plan}, {"duration", duration}, {"pricingMode", wish_.pricing_mode},
            {"quantity", std::int64_t{1}}})
        : ovh_body({{"planCode", plan}, {"duration", duration}, {"pricingMode", wish_.pricing_mode}, {"quantity", std::int64_t{1}}});
    const auto reply = client_.post(path, body);
    if (!went_well(reply)) return false;
    const auto id = reply.body().number({"itemId"}).value_or(0);
    if (!parent) server_ = id;
    items_.push_back({.id = id, .parent = parent, .plan = plan, .is_wanted = true});
    return true;
}

bool OvhCartFiller::configure_all()
{
    if (!configure(server_, wish_.configuration)) return false;
    std::vector<std::int64_t> done;
    for (const auto& option : wish_.options) {
        const auto item = std::ranges::find_if(items_, [&](const Item& each) {
            return each.parent == server_ && each.plan == option.plan && std::ranges::find(done, each.id) == done.end();
        });
        if (item == items_.end()) continue;
        done.push_back(item->id);
        if (!configure(item->id, option.configuration)) return false;
    }
    return true;
}

/// OVH takes a label twice and complains at checkout, so what is there is read first, and what is wrong is taken away.
bool OvhCartFiller::configure(std::int64_t item, const std::map<std::string, std::string>& wanted)
{
    const auto path = path_ + "/item/" + std::to_string(item) + "/configuration";
    const auto there = client_.get(path);
    if (!went_well(there)) return false;
    auto missing = wanted;
    for (const auto& listed : there.body().items({})) {
        const auto each = path + '/' + std::to_string(listed.number({}).value_or(0));
        const auto configuration = client_.get(each);
        if (!went_well(configuration)) return false;
        const auto it = missing.find(configuration.body().text({"label"}));
        if (it != missing.end() && it->second == configuration.body().text({"value"})) missing.erase(it);
        else if (!went_well(client_.remove(each))) return false;
    }
    for (const auto& [label, value] : missing)
        if (!in_time() || !went_well(client_.post(path, ovh_body({{"label", label}, {"value", value}})))) return false;
    return true;
}

bool OvhCartFiller::went_well(const OvhReply& reply)
{
    outcome_ = outcome_of(reply);
    message_ = reply.message();
    return reply.ok();
}

/// A run must not outlive the lease of the job that makes it.
bool OvhCartFiller::in_time()
{
    if (std::chrono::steady_clock::now() < until_) return true;
    outcome_ = SupplierOutcome::unknown;
    message_ = "the supplier answers too slowly";
    return false;
}

} // namespace gateway
