#pragma once
#include "fake/billing_desk.h"

#include <string>
#include <vector>

namespace fake {

/// A day on which nothing of anybody is due, nor will be in the three years after it: a run bills all members, and other
/// cases leave theirs behind. What a case begins there is the only thing in its world.
inline domain::Day quiet_day()
{
    const domain::Day first = day(text("SELECT CAST(COALESCE(MIN(next_due_on), '2026-01-01') AS CHAR) FROM orders"));
    return (domain::Date{first}.year() - std::chrono::years{4}) / std::chrono::January / 1;
}

/// Many members who are all alike, made in bulk. Each holds a machine, hosting that is changed in its first month, and a
/// third order that ends in its second.
class Crowd {
public:
    Crowd(int members, domain::Day from, const std::string& sku) : name_{new_name().substr(0, 30)}, sku_{sku}
    {
        const auto count = std::to_string(members);
        run_sql("INSERT INTO members (uuid, uid, name, email, street, city, joined_at) SELECT UUID(), CONCAT('" + name_
            + "-', LPAD(seq, 6, '0')), 'Crowd', 'c@example.org', CONCAT('Street ', seq), 'Glarus', '2026-03-02' FROM seq_1_to_" + count);
        add_orders("3000 + RIGHT(m.uid, 6) % 7", from);
        add_orders("4001", from + std::chrono::days{3});
        add_orders("777", from + std::chrono::days{5});
        const auto on = quoted(from + std::chrono::days{13});
        run_sql("INSERT INTO order_versions (order_id, version, valid_until, cores, ram_mb, os_disk_gb, recurring_minor) SELECT o.id, "
                "o.version, "
            + on + ", o.cores, o.ram_mb, o.os_disk_gb, o.recurring_minor" + of_the_crowd("4001"));
        run_sql(
            "UPDATE orders o JOIN members m ON m.id = o.member_id SET o.recurring_minor = 5003, o.changes = 1, o.version = o.version + 1"
            " WHERE m.uid LIKE '"
            + name_ + "-%' AND o.recurring_minor = 4001");
        const auto end = quoted(from + std::chrono::days{47});
        run_sql("UPDATE orders o JOIN members m ON m.id = o.member_id SET o.ends_on = " + end + ", o.end_known_on = " + end
            + ", o.version = o.version + 1 WHERE m.uid LIKE '" + name_ + "-%' AND o.recurring_minor = 777");
    }

    std::vector<domain::MemberId> members() const
    {
        std::vector<domain::MemberId> ids;
        const auto pattern = name_ + "-%";
        const auto rows = database().read([&](store::Session& session) {
            return store::select<std::int64_t>(session, "SELECT id FROM members WHERE uid LIKE ? ORDER BY uid", pattern);
        });
        for (const auto& [id] : rows) ids.push_back(domain::MemberId{id});
        return ids;
    }
    std::int64_t documents() const
    {
        return count("SELECT COUNT(*) FROM invoices i JOIN members m ON m.id = i.member_id WHERE m.uid LIKE ?", name_ + "-%");
    }

private:
    static std::string quoted(domain::Day on) { return "'" + domain::to_text(domain::Date{on}) + "'"; }
    std::string of_the_crowd(const std::string& monthly) const
    {
        return " FROM orders o JOIN members m ON m.id = o.member_id WHERE m.uid LIKE '" + name_ + "-%' AND o.recurring_minor = " + monthly
            + " ORDER BY o.id";
    }
    void add_orders(const std::string& monthly, domain::Day from) const
    {
        run_sql("INSERT INTO orders (uuid, member_id, sku, cores, ram_mb, os_disk_gb, currency, setup_minor, recurring_minor,"
                " price_includes_vat, billing_interval, status, placed_at, started_on, next_due_on) SELECT UUID(), m.id, '"
            + sku_ + "', 2, 4096, 20, 'CHF', 100, " + monthly + ", TRUE, 'P1M', 'active', " + quoted(from) + ", " + quoted(from) + ", "
            + quoted(from) + " FROM members m WHERE m.uid LIKE '" + name_ + "-%' ORDER BY m.id");
    }

    std::string name_;
    std::string sku_;
};

/// Empty if both crowds were billed alike, member by member, else the first difference.
inline std::string difference(const Crowd& one, const Crowd& other)
{
    const auto left = one.members();
    const auto right = other.members();
    for (std::size_t i = 0; i < left.size(); ++i)
        if (const auto found = difference(history_of(left[i]), history_of(right[i])); !found.empty())
            return "member " + std::to_string(i) + ": " + found;
    return left.size() == right.size() ? "" : "not equally many";
}

} // namespace fake
