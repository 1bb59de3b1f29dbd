#include "gateway/ovh_supplier.h"

#include "gateway/ovh_cart_filler.h"
#include "gateway/ovh_catalogue_reader.h"
#include "gateway/ovh_values.h"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <set>

namespace gateway {
namespace {

using domain::CartFound;
using domain::ServerWish;

template <class Value> SupplierReply<Value> done(Value value) { return {SupplierOutcome::done, std::move(value), ""}; }

/// An answer that does not hold what it must: what was asked for may have been done.
template <class Value> SupplierReply<Value> unreadable(const std::string& what)
{
    return {SupplierOutcome::unknown, Value{}, "the supplier's answer does not tell " + what};
}

std::string order_path(std::int64_t order) { return "/me/order/" + std::to_string(order); }

/// A service has a name of its own once it is delivered: before, "*001" and the like stand there.
bool is_placeholder(const std::string& name) { return name.empty() || name.starts_with('*'); }

class OvhSupplier final : public Supplier {
public:
    OvhSupplier(OvhSettings settings, std::string subsidiary) : client_{std::move(settings)}, subsidiary_{std::move(subsidiary)} {}

    SupplierReply<std::optional<std::string>> find_cart(const std::string& name) override
    {
        using Id = std::optional<std::string>;
        const auto list = client_.get(ovh_path("/order/cart", {{"description", name}}));
        if (!list.ok()) return without_value<Id>(list);
        Id found;
        for (const auto& item : list.body().items({})) {
            const auto id = item.text({});
            const auto cart = look_at_cart(id);
            if (cart.outcome == SupplierOutcome::absent) continue; // expired
            if (!cart.done()) return {cart.outcome, std::nullopt, cart.message};
            if (cart.value.is_frozen) return done(Id{id});
            if (!found) found = id;
        }
        return done(found);
    }

    SupplierReply<std::string> open_cart(const std::string& name) override
    {
        const auto reply = client_.post("/order/cart", ovh_body({{"ovhSubsidiary", subsidiary_}, {"description", name}}));
        if (!reply.ok()) return without_value<std::string>(reply);
        auto id = reply.body().text({"cartId"});
        return id.empty() ? unreadable<std::string>("the cart's id") : done(id);
    }

    SupplierReply<CartFound> fill(const std::string& cart, const ServerWish& wish) override
    {
        return OvhCartFiller{client_, cart, wish}.fill();
    }

    SupplierReply<SupplierPrice> dry_run(const std::string& cart) override
    {
        const auto reply = client_.get("/order/cart/" + cart + "/checkout");
        if (!reply.ok()) return without_value<SupplierPrice>(reply);
        const auto net = ovh_money(reply.body().at({"prices", "withoutTax"}));
        const auto gross = ovh_money(reply.body().at({"prices", "withTax"}));
        if (!net || !gross) return unreadable<SupplierPrice>("a price in a currency of ours");
        return done(SupplierPrice{*net, *gross});
    }

    SupplierReply<std::int64_t> check_out(const std::string& cart) override
    {
        const auto reply = client_.post("/order/cart/" + cart + "/checkout",
            ovh_body({{"autoPayWithPreferredPaymentMethod", true}, {"waiveRetractationPeriod", true}}));
        if (!reply.ok()) return without_value<std::int64_t>(reply);
        const auto order = reply.body().number({"orderId"});
        return order ? done(*order) : unreadable<std::int64_t>("the number of the order");
    }

    SupplierReply<CartFound> look_at_cart(const std::string& cart) override
    {
        const auto reply = client_.get("/order/cart/" + cart);
        if (!reply.ok()) return without_value<CartFound>(reply);
        return done(cart_found(reply.body()));
    }

    SupplierReply<bool> drop_cart(const std::string& cart) override
    {
        const auto reply = client_.remove("/order/cart/" + cart);
        return reply.ok() ? done(true) : without_value<bool>(reply);
    }

    SupplierReply<std::vector<std::int64_t>> orders_since(domain::Instant since) override
    {
        using Orders = std::vector<std::int64_t>;
        const auto reply = client_.get(ovh_path("/me/order", {{"date.from", ovh_datetime_text(since)}}));
        if (!reply.ok()) return without_value<Orders>(reply);
        Orders orders;
        for (const auto& item : reply.body().items({}))
            if (const auto order = item.number({})) orders.push_back(*order);
        return done(orders);
    }

    SupplierReply<bool> is_order_of(std::int64_t order, const ServerWish& wish, domain::Money gross) override
    {
        const auto head = client_.get(order_path(order));
        if (!head.ok()) return without_value<bool>(head);
        if (ovh_money(head.body().at({"priceWithTax"})) != gross) return done(false);
        const auto details = details_of(order);
        if (!details.done()) return {details.outcome, false, details.message};
        std::set<std::string> wanted;
        for (const auto& option : wish.options) wanted.insert(option.plan);
        bool has_server = false;
        for (const auto id : details.value) {
            const auto extension = client_.get(order_path(order) + "/details/" + std::to_string(id) + "/extension");
            if (outcome_of(extension) == SupplierOutcome::absent) continue;
            if (!extension.ok()) return without_value<bool>(extension);
            const auto plan = extension.body().text({"order", "plan", "code"});
            wanted.erase(plan);
            if (plan == wish.plan) has_server = has_server || fits(extension.body(), wish);
        }
        return done(has_server && wanted.empty());
    }

    SupplierReply<std::string> status(std::int64_t order) override
    {
        const auto reply = client_.get(order_path(order) + "/status");
        if (!reply.ok()) return without_value<std::string>(reply);
        const auto status = reply.body().text({});
        return status.empty() ? unreadable<std::string>("a status") : done(status);
    }

    SupplierReply<std::string> server_name(std::int64_t order, const std::string& plan) override
    {
        const auto details = details_of(order);
        if (!details.done()) return {details.outcome, "", details.message};
        for (const auto id : details.value) {
            const auto path = order_path(order) + "/details/" + std::to_string(id);
            const auto extension = client_.get(path + "/extension");
            if (outcome_of(extension) == SupplierOutcome::absent) { // OVH in the US tells it by operations
                if (auto name = name_by_operations(path); !name.done() || !name.value.empty()) return name;
                continue;
            }
            if (!extension.ok()) return without_value<std::string>(extension);
            if (extension.body().text({"order", "plan", "code"}) != plan) continue;
            const auto detail = client_.get(path);
            if (!detail.ok()) return without_value<std::string>(detail);
            const auto name = detail.body().text({"domain"});
            if (!is_placeholder(name)) return done(name);
        }
        return done(std::string{});
    }

    /// Bills and refunds, told apart by the path that is before their numbers.
    SupplierReply<std::vector<std::string>> bills_since(domain::Instant since) override
    {
        using Ids = std::vector<std::string>;
        Ids ids;
        for (const std::string kind : {"bill", "refund"}) {
            const auto reply = client_.get(ovh_path("/me/" + kind, {{"date.from", ovh_datetime_text(since)}}));
            if (outcome_of(reply) == SupplierOutcome::absent) continue;
            if (!reply.ok()) return without_value<Ids>(reply);
            for (const auto& item : reply.body().items({})) ids.push_back(kind + '/' + item.text({}));
        }
        return done(ids);
    }

    SupplierReply<SupplierBill> bill(const std::string& id) override
    {
        const auto slash = id.find('/');
        const bool gives_back = id.substr(0, slash) == "refund";
        const auto signed_as = [&](domain::Money amount) { // whatever sign a refund has there
            return gives_back ? domain::Money{-std::abs(amount.minor), amount.currency} : amount;
        };
        const auto path = "/me/" + id.substr(0, slash) + '/' + url_escaped(id.substr(slash + 1));
        const auto reply = client_.get(path);
        if (!reply.ok()) return without_value<SupplierBill>(reply);
        const auto net = ovh_money(reply.body().at({"priceWithoutTax"}));
        const auto gross = ovh_money(reply.body().at({"priceWithTax"}));
        const auto date = domain::instant_from(reply.body().text({"date"}));
        if (!net || !gross || !date) return unreadable<SupplierBill>("date and prices of " + id);
        SupplierBill bill{.id = id, .billed_at = *date, .net = signed_as(*net), .gross = signed_as(*gross)};
        const auto details = client_.get(path + "/details");
        if (outcome_of(details) == SupplierOutcome::absent) return done(bill);
        if (!details.ok()) return without_value<SupplierBill>(details);
        for (const auto& item : details.body().items({})) {
            const auto detail = client_.get(path + "/details/" + url_escaped(item.text({})));
            if (!detail.ok()) return without_value<SupplierBill>(detail);
            const auto total = ovh_money(detail.body().at({"totalPrice"}));
            if (total) bill.lines.push_back({detail.body().text({"domain"}), detail.body().text({"description"}), signed_as(*total)});
        }
        return done(bill);
    }

    SupplierReply<domain::SupplierCatalogue> catalogue() override { return read_ovh_catalogue(client_, subsidiary_); }

private:
    SupplierReply<std::vector<std::int64_t>> details_of(std::int64_t order)
    {
        using Ids = std::vector<std::int64_t>;
        const auto reply = client_.get(order_path(order) + "/details");
        if (!reply.ok()) return without_value<Ids>(reply);
        Ids ids;
        for (const auto& item : reply.body().items({}))
            if (const auto id = item.number({})) ids.push_back(*id);
        return done(ids);
    }

    SupplierReply<std::string> name_by_operations(const std::string& path)
    {
        const auto operations = client_.get(path + "/operations");
        if (outcome_of(operations) == SupplierOutcome::absent) return done(std::string{});
        if (!operations.ok()) return without_value<std::string>(operations);
        for (const auto& item : operations.body().items({})) {
            const auto operation = client_.get(path + "/operations/" + std::to_string(item.number({}).value_or(0)));
            if (!operation.ok()) return without_value<std::string>(operation);
            const auto name = operation.body().text({"resource", "name"});
            if (!is_placeholder(name)) return done(name);
        }
        return done(std::string{});
    }

    /// What was chosen for the plan is what was wished.
    static bool fits(JsonNode extension, const ServerWish& wish)
    {
        std::map<std::string, std::string> chosen;
        for (const auto& each : extension.items({"order", "configurations"})) chosen[each.text({"label"})] = each.text({"value"});
        return std::ranges::all_of(wish.configuration, [&](const auto& wished) {
            const auto it = chosen.find(wished.first);
            return it != chosen.end() && it->second == wished.second;
        });
    }

    OvhClient client_;
    std::string subsidiary_;
};

} // namespace

std::unique_ptr<Supplier> make_ovh_supplier(OvhSettings settings, std::string subsidiary)
{
    return std::make_unique<OvhSupplier>(std::move(settings), std::move(subsidiary));
}

} // namespace gateway
