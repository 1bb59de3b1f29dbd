#pragma once
#include "fake/card_desk.h"
#include "service/carts.h"
#include "service/checkouts.h"
#include "service/unpaid_orders.h"
#include "store/cart_store.h"
#include "store/checkout_store.h"

#include <string>
#include <vector>

namespace fake {

/// A catalogue of the case's own: the server SERVER with a required and a free label, a mandatory and exclusive family with two options,
/// and a free one with an option that has a label of its own; monthly in francs and euros, and yearly.
struct ServerPlans {
    ServerPlans()
    {
        const auto core = add(server, "server", "Core", "core");
        const auto small = add(small_memory, "option", "64 GB memory", "memory");
        const auto large = add(large_memory, "option", "128 GB memory", "memory");
        const auto block = add(address, "option", "An IPv4 block", "ip");
        price(core, "CHF", 9900, 10900);
        price(core, "EUR", 10400, 11500);
        price(core, "CHF", 0, 119900, "upfront12", "P12M");
        price(small, "CHF", 0, 1200);
        price(small, "EUR", 0, 1300);
        price(large, "CHF", 333, 3601);
        price(block, "CHF", 1000, 299);
        label(core, "dedicated_datacenter", true, R"(["gla","zrh"])");
        label(core, "comment", false, std::nullopt);
        label(block, "ptr", true, std::nullopt);
        family(core, "memory", true, true, {small, large});
        family(core, "ip", false, false, {block});
    }

    static std::int64_t add(const std::string& code, const std::string& kind, const std::string& name, const std::string& family)
    {
        return in_transaction([&](store::Session& session) {
            return store::insert(session, "INSERT INTO plans (code, kind, name, family) VALUES (?, ?, ?, ?)", code, kind, name, family);
        });
    }
    static void price(std::int64_t plan, const std::string& currency, std::int64_t setup, std::int64_t recurring,
        const std::string& mode = "default", const std::string& duration = "P1M", const std::string& from = "2020-01-01")
    {
        fake::change("INSERT INTO plan_prices (plan_id, currency, pricing_mode, duration, valid_from, setup_minor, recurring_minor)"
                     " VALUES (?, ?, ?, ?, ?, ?, ?)",
            plan, currency, mode, duration, from, setup, recurring);
    }
    static void label(std::int64_t plan, const std::string& name, bool required, const std::optional<std::string>& allowed)
    {
        fake::change("INSERT INTO plan_labels (plan_id, label, position, type, required, allowed_values) VALUES (?, ?, 1, 'String', ?, ?)",
            plan, name, required, allowed);
    }
    static void family(std::int64_t plan, const std::string& name, bool mandatory, bool exclusive, const std::vector<std::int64_t>& options)
    {
        fake::change("INSERT INTO plan_option_families (plan_id, family, position, mandatory, exclusive) VALUES (?, ?, 1, ?, ?)", plan,
            name, mandatory, exclusive);
        for (const auto option : options)
            fake::change("INSERT INTO plan_options (plan_id, family, option_id, position) VALUES (?, ?, ?, 1)", plan, name, option);
    }
    static std::int64_t id_of(const std::string& code) { return count("SELECT id FROM plans WHERE code = ?", code); }

    std::string server = "core-" + new_name();
    std::string small_memory = "ram-64-" + new_name();
    std::string large_memory = "ram-128-" + new_name();
    std::string address = "ipv4-" + new_name();
};

/// nico, who pays by card, and the services that sell out of carts.
struct CartDesk : CardDesk {
    ServerPlans plans{};
    service::Carts carts{database(), clock};
    service::Checkouts checkouts{database(), clock, one_stop_shop, "CH"};
    service::UnpaidOrders unpaid{database(), clock, corrections, std::chrono::days{14}};

    domain::Uuid new_cart(const std::string& subsidiary = "CH") { return carts.create({.subsidiary = subsidiary}).cart.uuid; }
    domain::Uuid own_cart(const std::string& subsidiary = "CH")
    {
        const auto uuid = new_cart(subsidiary);
        carts.assign(uuid, nico);
        return uuid;
    }

    static domain::CartWish wish(const std::string& plan, std::int64_t quantity = 1)
    {
        return {.plan_code = plan, .pricing_mode = "default", .duration = "P1M", .quantity = quantity};
    }
    std::int64_t add_server(const domain::Uuid& cart, std::int64_t quantity = 1)
    {
        return carts.add_server(cart, {}, "dedicated", wish(plans.server, quantity)).second;
    }
    std::int64_t add_option(const domain::Uuid& cart, std::int64_t item, const std::string& plan)
    {
        return carts.add_option(cart, {}, "dedicated", item, wish(plan)).second;
    }
    std::int64_t configure(
        const domain::Uuid& cart, std::int64_t item, const std::string& label = "dedicated_datacenter", const std::string& value = "zrh")
    {
        return carts.configure(cart, {}, item, label, value).id;
    }
    /// A server with memory in a datacenter; returns its item.
    std::int64_t add_complete(const domain::Uuid& cart, std::int64_t quantity = 1)
    {
        const auto item = add_server(cart, quantity);
        add_option(cart, item, plans.small_memory);
        configure(cart, item);
        return item;
    }
    /// nico's cart that can be bought.
    domain::Uuid complete_cart(std::int64_t quantity = 1, const std::string& subsidiary = "CH")
    {
        const auto cart = own_cart(subsidiary);
        add_complete(cart, quantity);
        return cart;
    }

    service::Purchase check_out(const domain::Uuid& cart, bool pays_at_once = true)
    {
        return in_transaction(
            [&](store::Session& session) { return checkouts.place(session, cart, nico, {.pays_at_once = pays_at_once}); });
    }
    static domain::CartContent content_of(const domain::Uuid& cart)
    {
        return in_transaction([&](store::Session& session) {
            store::CartStore store{session};
            auto found = store.by_uuid(cart).value();
            auto items = store.items_of(found.id);
            return domain::CartContent{std::move(found), std::move(items)};
        });
    }

    static std::vector<domain::Uuid> orders_of(const service::Purchase& purchase)
    {
        std::vector<domain::Uuid> orders;
        const auto rows = database().read([&](store::Session& session) {
            return store::select<std::string>(session,
                "SELECT o.uuid FROM server_orders s JOIN orders o ON o.id = s.order_id WHERE s.checkout_id = ? ORDER BY o.id",
                purchase.checkout.value().id);
        });
        for (const auto& [uuid] : rows) orders.push_back(domain::Uuid::parse(uuid).value());
        return orders;
    }
    /// What the worker does with the jobs of the purchase.
    void start(const service::Purchase& purchase)
    {
        for (const auto& order : orders_of(purchase)) orders_work.start(order);
    }
    static std::string statuses_of(const service::Purchase& purchase)
    {
        return text(
            "SELECT GROUP_CONCAT(DISTINCT o.status) FROM server_orders s JOIN orders o ON o.id = s.order_id WHERE s.checkout_id = ?",
            purchase.checkout.value().id);
    }
    /// Documents on which something of the purchase stands.
    static std::vector<std::int64_t> invoices_of(const service::Purchase& purchase)
    {
        std::vector<std::int64_t> invoices;
        const auto rows = database().read([&](store::Session& session) {
            return store::select<std::int64_t>(session,
                "SELECT DISTINCT l.invoice_id FROM server_orders s JOIN invoice_lines l ON l.order_id = s.order_id WHERE s.checkout_id = ?"
                " ORDER BY l.invoice_id",
                purchase.checkout.value().id);
        });
        for (const auto& [invoice] : rows) invoices.push_back(invoice);
        return invoices;
    }
    static std::int64_t total_of(std::int64_t invoice) { return count("SELECT total_minor FROM invoices WHERE id = ?", invoice); }
    static bool is_held(const service::Purchase& purchase)
    {
        return count("SELECT waits_for_member FROM checkouts WHERE id = ?", purchase.checkout.value().id) == 1;
    }

    /// The words with which the business said no; "" if it did not.
    template <class Work> static std::string words_of(const Work& work)
    {
        try {
            work();
        } catch (const domain::Refusal& refusal) {
            return refusal.what();
        }
        return "";
    }
};

} // namespace fake
