#pragma once
#include "fake/killed.h"
#include "gateway/supplier.h"

#include <functional>
#include <map>
#include <mutex>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace fake {

/// A supplier in memory, with which anything can go wrong at each call.
struct FakeSupplier final : gateway::Supplier {
    enum class Trouble {
        none,
        unheard,     ///< nothing is done, and nobody says so
        lost,        ///< it is done, and nobody says so
        killed,      ///< the asking process dies before the call
        killed_after ///< … and after it
    };
    struct Cart {
        std::string name{};
        std::optional<domain::ServerWish> wish{};
        std::optional<std::int64_t> order{};
    };
    template <class Value> using Reply = gateway::SupplierReply<Value>;
    using Outcome = gateway::SupplierOutcome;

    std::function<Trouble(const std::string&)> trouble = [](const std::string&) { return Trouble::none; };
    bool carts_tell_their_order{true}; ///< OVH's do not
    gateway::SupplierPrice price{{10'000}, {10'810}};
    std::string dry_run_refusal{};
    std::string delivery_status{"delivered"};
    std::string details_refusal{};
    std::map<std::string, Cart> carts{};
    std::map<std::int64_t, domain::ServerWish> orders{};
    std::map<std::string, gateway::SupplierBill> bills{};
    std::map<std::string, int> calls{};

    static inline std::int64_t next_number{1'000};

    Reply<std::optional<std::string>> find_cart(const std::string& name) override
    {
        return call<std::optional<std::string>>("find_cart", [&] {
            std::optional<std::string> found;
            for (const auto& [id, cart] : carts)
                if (cart.name == name && (!found || cart.order)) found = id;
            return answer(found);
        });
    }
    Reply<std::string> open_cart(const std::string& name) override
    {
        return call<std::string>("open_cart", [&] {
            const auto id = "cart-" + std::to_string(++next_number);
            carts[id].name = name;
            return answer(id);
        });
    }
    Reply<domain::CartFound> fill(const std::string& id, const domain::ServerWish& wish) override
    {
        return call<domain::CartFound>("fill", [&]() -> Reply<domain::CartFound> {
            const auto cart = carts.find(id);
            if (cart == carts.end()) return {Outcome::absent, {}, "expired"};
            if (!cart->second.order) cart->second.wish = wish;
            return answer(domain::CartFound{true, cart->second.order.has_value(), cart->second.order});
        });
    }
    Reply<gateway::SupplierPrice> dry_run(const std::string&) override
    {
        return call<gateway::SupplierPrice>("dry_run", [&]() -> Reply<gateway::SupplierPrice> {
            if (!dry_run_refusal.empty()) return {Outcome::refused, {}, dry_run_refusal};
            return answer(price);
        });
    }
    Reply<std::int64_t> check_out(const std::string& id) override
    {
        return call<std::int64_t>("check_out", [&]() -> Reply<std::int64_t> {
            const auto cart = carts.find(id);
            if (cart == carts.end()) return {Outcome::absent, {}, "expired"};
            if (cart->second.order && !carts_tell_their_order) return {Outcome::refused, {}, "You are not allowed"};
            if (!cart->second.order) {
                cart->second.order = ++next_number;
                orders[next_number] = cart->second.wish.value();
            }
            return answer(*cart->second.order);
        });
    }
    Reply<domain::CartFound> look_at_cart(const std::string& id) override
    {
        return call<domain::CartFound>("look_at_cart", [&]() -> Reply<domain::CartFound> {
            const auto cart = carts.find(id);
            if (cart == carts.end()) return {Outcome::absent, {}, "expired"};
            const auto& order = cart->second.order;
            return answer(domain::CartFound{true, order.has_value(), carts_tell_their_order ? order : std::nullopt});
        });
    }
    Reply<bool> drop_cart(const std::string& id) override
    {
        return call<bool>("drop_cart", [&] { return answer(carts.erase(id) == 1); });
    }
    Reply<std::vector<std::int64_t>> orders_since(domain::Instant) override
    {
        return call<std::vector<std::int64_t>>("orders_since", [&] {
            std::vector<std::int64_t> numbers;
            for (const auto& [number, wish] : orders) numbers.push_back(number);
            return answer(numbers);
        });
    }
    Reply<bool> is_order_of(std::int64_t order, const domain::ServerWish& wish, domain::Money gross) override
    {
        return call<bool>("is_order_of", [&] {
            const auto& bought = orders.at(order);
            return answer(bought.plan == wish.plan && bought.configuration == wish.configuration && gross == price.gross);
        });
    }
    Reply<std::string> status(std::int64_t) override
    {
        return call<std::string>("status", [&] { return answer(delivery_status); });
    }
    Reply<std::string> server_name(std::int64_t order, const std::string&) override
    {
        return call<std::string>("server_name", [&]() -> Reply<std::string> {
            if (!details_refusal.empty()) return {Outcome::refused, "", details_refusal};
            return answer("ns" + std::to_string(order) + ".supplier.example");
        });
    }
    Reply<std::vector<std::string>> bills_since(domain::Instant since) override
    {
        return call<std::vector<std::string>>("bills_since", [&] {
            std::vector<std::string> ids;
            for (const auto& [id, bill] : bills)
                if (bill.billed_at >= since) ids.push_back(id);
            return answer(ids);
        });
    }
    Reply<gateway::SupplierBill> bill(const std::string& id) override
    {
        return call<gateway::SupplierBill>("bill", [&] { return answer(bills.at(id)); });
    }
    Reply<domain::SupplierCatalogue> catalogue() override { return {Outcome::refused, {}, "not here"}; }

private:
    template <class Value> static Reply<Value> answer(Value value) { return {Outcome::done, std::move(value), ""}; }

    template <class Value, class Work> Reply<Value> call(const std::string& name, const Work& work)
    {
        const std::lock_guard lock{mutex_};
        ++calls[name];
        const auto befalls = trouble(name);
        if (befalls == Trouble::killed) throw Killed{};
        if (befalls == Trouble::unheard) return {Outcome::unknown, {}, "no answer"};
        auto reply = work();
        if (befalls == Trouble::killed_after) throw Killed{};
        if (befalls == Trouble::lost) return {Outcome::unknown, {}, "no answer"};
        return reply;
    }

    std::mutex mutex_{};
};

} // namespace fake
