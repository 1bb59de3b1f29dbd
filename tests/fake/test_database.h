#pragma once
#include "app/app.h"
#include "gateway/random_uuid.h"
#include "store/member_store.h"
#include "store/order_store.h"
#include "store/statement.h"

#include <exception>
#include <latch>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

// The real database that tests/run made for the suites, and what every case there begins with. Each case works with
// members of its own, so that none sees what another left behind.
namespace fake {

/// More threads than there are sessions is what many cases are about; how long one waits for its turn is the machine's.
inline app::App& app()
{
    static app::App app{"test", std::chrono::minutes{5}};
    return app;
}

inline store::Database& database() { return app().database; }

/// "2026-03-02T10:00:00Z" and the like. @throws std::bad_optional_access for anything else.
inline domain::Instant at(std::string_view text) { return domain::instant_from(text).value(); }
inline domain::Date day(std::string_view text) { return domain::date_from(text).value(); }

inline const domain::Instant monday = at("2026-03-02T10:00:00.123456Z");

/// A name that nobody has yet.
inline std::string new_name() { return "m" + gateway::random_uuid().text(); }

/// Runs the work in a transaction of its own.
template <class Work> auto in_transaction(Work&& work) { return database().transact(std::forward<Work>(work)); }

inline domain::Identity new_member(const std::string& uid = new_name())
{
    const domain::DirectoryEntry entry{uid, "Nico Customer", "nico@members.example"};
    const auto id =
        in_transaction([&](store::Session& session) { return store::MemberStore{session}.sign_in(entry, gateway::random_uuid(), monday); });
    return {.member = id, .uid = uid};
}

inline std::int64_t number(domain::MemberId member) { return static_cast<std::int64_t>(member); }
inline std::int64_t number(domain::OrderId order) { return static_cast<std::int64_t>(order); }

/// The one integer that a SELECT gives.
template <class... Args> std::int64_t count(const char* sql, const Args&... args)
{
    return database().read(
        [&](store::Session& session) { return std::get<0>(store::select_first<std::int64_t>(session, sql, args...).value()); });
}

/// The one text that a SELECT gives.
template <class... Args> std::string text(const char* sql, const Args&... args)
{
    return database().read(
        [&](store::Session& session) { return std::get<0>(store::select_first<std::string>(session, sql, args...).value()); });
}

template <class... Args> void change(const char* sql, const Args&... args)
{
    in_transaction([&](store::Session& session) { store::execute(session, sql, args...); });
}

/// Calls work(0) … work(threads - 1) at the same moment and waits for all. @throws what the first failing one threw.
template <class Work> void at_once(int threads, const Work& work)
{
    std::latch start{threads};
    std::mutex mutex;
    std::exception_ptr failure;
    {
        std::vector<std::jthread> running;
        for (int i = 0; i < threads; ++i)
            running.emplace_back([&, i] {
                start.arrive_and_wait();
                try {
                    work(i);
                } catch (...) {
                    const std::lock_guard lock{mutex};
                    if (!failure) failure = std::current_exception();
                }
            });
    }
    if (failure) std::rethrow_exception(failure);
}

/// A machine of the example's size, ordered on monday by the member.
inline domain::Order machine_order(domain::MemberId member)
{
    return {.uuid = gateway::random_uuid(),
        .member = member,
        .sku = "ipv6-only-vm",
        .parameters = {.cores = 2, .ram_mb = 4096, .os_disk_gb = 20, .os = "debian-12"},
        .charge = {.setup = {0}, .recurring = {3000}},
        .interval = domain::Interval{},
        .status = domain::OrderStatus::provisioning,
        .placed_at = monday,
        .started_on = day("2026-03-02")};
}

inline domain::Order added(domain::Order order)
{
    order.id = in_transaction([&](store::Session& session) { return store::OrderStore{session}.add(order, std::nullopt, "nico").value(); });
    return order;
}

} // namespace fake
