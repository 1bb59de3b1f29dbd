// book MEMBERS ORDERS DAY SEED [HISTORY]: fills the database of UNCLOUD_CONFIG with members that have ORDERS running orders
// each, all due on DAY, as a book looks that has been billed for HISTORY months (default 1). Seeded: the same arguments give
// the same book.
#include "app/app.h"
#include "gateway/random_uuid.h"
#include "store/statement.h"

#include <cstdlib>
#include <iostream>
#include <random>
#include <stdexcept>

namespace {

using Numbers = std::vector<std::int64_t>;
using Texts = std::vector<std::string>;

constexpr std::int64_t members_at_a_time = 1000;

struct Kind {
    const char* sku;
    bool machine;
};
constexpr Kind kinds[] = {{"ipv6-only-vm", true}, {"membership", false}, {"django-hosting", true}, {"ipv6-only-vm", true}};

class Book {
public:
    Book(store::Database& database, std::int64_t orders, domain::Day day, std::uint64_t seed, int history)
        : database_{database}, orders_{orders}, day_{domain::to_text(domain::Date{day})}, random_{seed}
    {
        const domain::Date started = domain::boundary(domain::Date{day}, {1, domain::Interval::Unit::month}, -history);
        started_ = domain::to_text(started);
    }

    void add(std::int64_t members)
    {
        for (std::int64_t done = 0; done < members; done += members_at_a_time)
            database_.transact([&](store::Session& session) { add_some(session, std::min(members - done, members_at_a_time)); });
    }

private:
    void add_some(store::Session& session, std::int64_t count);
    void add_orders(store::Session& session, std::int64_t first, std::int64_t count);
    int any(int least, int most) { return std::uniform_int_distribution{least, most}(random_); }

    store::Database& database_;
    std::int64_t orders_;
    std::string day_, started_;
    std::mt19937_64 random_;
};

void Book::add_some(store::Session& session, std::int64_t count)
{
    const auto next = store::select_first<std::int64_t>(session, "SELECT COALESCE(MAX(id), 0) + 1 FROM members").value();
    const auto first = std::get<0>(next);
    Numbers ids;
    Texts uuids, uids, names, emails, streets, houses, codes, cities;
    for (std::int64_t id = first; id < first + count; ++id) {
        const auto text = std::to_string(id);
        ids.push_back(id);
        uuids.push_back(gateway::random_uuid().text());
        uids.push_back("book" + text);
        names.push_back("Member Number " + text);
        emails.push_back("book" + text + "@members.example");
        streets.emplace_back("Bahnhofstrasse");
        houses.push_back(std::to_string(any(1, 200)));
        codes.push_back(std::to_string(any(1000, 9658)));
        cities.emplace_back("Glarus");
    }
    store::execute_bulk(session,
        "INSERT INTO members (id, uuid, uid, name, email, street, house_number, postal_code, city, joined_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, UTC_TIMESTAMP(6))",
        ids, uuids, uids, names, emails, streets, houses, codes, cities);
    add_orders(session, first, count);
}

void Book::add_orders(store::Session& session, std::int64_t first, std::int64_t count)
{
    Numbers members, prices;
    Texts uuids, skus;
    std::vector<std::optional<std::int64_t>> cores, rams, disks;
    for (std::int64_t member = first; member < first + count; ++member) {
        for (std::int64_t order = 0; order < orders_; ++order) {
            const auto& kind = kinds[order % 4];
            const std::int64_t core = any(1, 8), ram_gb = any(1, 32), disk = any(10, 200);
            members.push_back(member);
            uuids.push_back(gateway::random_uuid().text());
            skus.emplace_back(kind.sku);
            cores.push_back(kind.machine ? std::optional{core} : std::nullopt);
            rams.push_back(kind.machine ? std::optional{ram_gb * 1024} : std::nullopt);
            disks.push_back(kind.machine ? std::optional{disk} : std::nullopt);
            prices.push_back(kind.machine ? core * 500 + ram_gb * 200 + disk * 60 : 500);
        }
    }
    const auto size = members.size();
    store::execute_bulk(session,
        "INSERT INTO orders (uuid, member_id, sku, cores, ram_mb, os_disk_gb, currency, setup_minor, recurring_minor, price_includes_vat,"
        " billing_interval, status, placed_at, started_on, next_due_on, open_from, billed_through, setup_billed, billing_turn)"
        " VALUES (?, ?, ?, ?, ?, ?, 'CHF', 0, ?, TRUE, 'P1M', 'active', ?, ?, ?, ?, ?, TRUE, 1)",
        uuids, members, skus, cores, rams, disks, prices, Texts(size, started_ + " 12:00:00"), Texts(size, started_), Texts(size, day_),
        Texts(size, day_), Texts(size, day_));
}

} // namespace

int main(int argc, char** argv)
try {
    if (argc < 5) throw std::invalid_argument{"usage: book MEMBERS ORDERS DAY SEED [HISTORY]"};
    const auto day = domain::date_from(argv[3]);
    if (!day) throw std::invalid_argument{"DAY must be YYYY-MM-DD"};
    app::App app{"book"};
    Book book{app.database, std::atoll(argv[2]), *day, std::strtoull(argv[4], nullptr, 10), argc > 5 ? std::atoi(argv[5]) : 1};
    book.add(std::atoll(argv[1]));
    return EXIT_SUCCESS;
} catch (const std::exception& error) {
    std::cerr << "book: " << error.what() << '\n';
    return EXIT_FAILURE;
}
