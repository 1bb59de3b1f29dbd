#pragma once
#include "fake/documents.h"
#include "fake/shop.h"
#include "service/corrections.h"

#include <string>

namespace fake {

/// A product of a case's own, so that its price list and its tax can be changed and its accounts in the ledger are its
/// alone. Its tax is 8.1 % from the year 1000 on.
struct OwnProduct {
    explicit OwnProduct(const std::string& mode = "advance")
    {
        fake::change("INSERT INTO products (sku, position, name, description, billing_interval, billing_mode, parameter_kind,"
                     " requires_membership, vat_class) VALUES (?, 99, 'Test', '', 'P1M', ?, 'machine', FALSE, ?)",
            sku, mode, vat_class);
        set_vat("1000-01-01", 810);
    }
    void set_vat(const std::string& from, int basis_points) const
    {
        fake::change("INSERT INTO vat_rates (vat_class, valid_from, basis_points) VALUES (?, ?, ?)", vat_class, from, basis_points);
    }

    std::string vat_class = new_name().substr(0, 30);
    std::string sku = "test-" + vat_class;
};

/// Bills nico and others, day by day, with orders whose price a case chooses.
struct BillingDesk : Shop {
    service::Corrections corrections{clock, {}};

    BillingDesk() = default;
    BillingDesk(const BillingDesk&) = delete;
    BillingDesk& operator=(const BillingDesk&) = delete;
    /// A case that fails leaves nothing over which another one's run would stumble.
    ~BillingDesk() { fake::change("UPDATE orders SET next_due_on = NULL WHERE member_id = ?", number(nico.member)); }

    void go(const std::string& to) { clock.set(domain::Instant{domain::Day{day(to)}} + std::chrono::hours{10}); }

    service::BilledSlice bill(domain::MemberId member, domain::Day on) { return billing.bill(member, member, on); }
    service::BilledSlice bill(const std::string& on)
    {
        go(on);
        return bill(nico.member, day(on));
    }
    void bill_daily(domain::MemberId member, const std::string& from, const std::string& through)
    {
        for (domain::Day on = day(from); on <= domain::Day{day(through)}; on += std::chrono::days{1}) bill(member, on);
    }

    /// An active order that starts on the day and costs so much a month, with VAT.
    static domain::Order running(
        domain::MemberId member, const std::string& from, std::int64_t monthly, const std::string& sku = "ipv6-only-vm")
    {
        auto order = machine_order(member);
        order.sku = sku;
        order.status = domain::OrderStatus::active;
        order.started_on = day(from);
        order.placed_at = domain::Instant{domain::Day{day(from)}} + std::chrono::hours{10};
        order.charge.recurring = {monthly};
        return added(order);
    }
    domain::Order running(const std::string& from, std::int64_t monthly, const std::string& sku = "ipv6-only-vm") const
    {
        return running(nico.member, from, monthly, sku);
    }

    /// From the day on the order has another price.
    static void reprice(const domain::Order& order, const std::string& from, std::int64_t monthly)
    {
        in_transaction([&](store::Session& session) {
            store::OrderStore orders{session};
            const auto before = orders.lock(order.uuid).value();
            auto after = before;
            after.charge.recurring.minor = monthly;
            orders.change(before, after, day(from), "nico", monday);
        });
    }
    /// On the day it becomes known that the order ends.
    static void end(const domain::Order& order, const std::string& known_on, const std::string& ends_on)
    {
        in_transaction([&](store::Session& session) {
            store::OrderStore orders{session};
            orders.set_end(orders.lock(order.uuid).value(), day(ends_on), day(known_on), "nico", "test", monday);
        });
    }

    std::string give_credit(domain::MemberId member, std::int64_t minor, const std::string& reference = new_name())
    {
        in_transaction([&](store::Session& session) {
            corrections.give_credit(session, {.member = member, .amount = {minor}, .reference = reference, .reason = "test"}, "op");
        });
        return reference;
    }

    static std::string next_due(const domain::Order& order)
    {
        return text("SELECT COALESCE(CAST(next_due_on AS CHAR), 'settled') FROM orders WHERE id = ?", number(order.id));
    }
    static bool is_in_errors(domain::MemberId member)
    {
        return count("SELECT COUNT(*) FROM billing_errors WHERE member_id = ?", number(member)) == 1;
    }
};

} // namespace fake
