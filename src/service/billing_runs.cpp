#include "service/billing_runs.h"

#include "domain/refusal.h"

#include <mutex>
#include <thread>

namespace service {
namespace {

using domain::Date;
using domain::Day;
using domain::MemberId;
using domain::Reason;
using domain::Refusal;
using namespace std::chrono_literals;

constexpr std::int64_t orders_in_a_slice = 1500;
constexpr auto lease = std::chrono::seconds{20}; // many times what a slice takes; too short would only cost work, not money
constexpr auto wait_for_others = 200ms;
constexpr auto pause_after_failure = std::chrono::hours{1}; // before the worker tries a member again by itself
constexpr domain::Instant everybody{domain::never};         // also those that just failed

/// Cuts the due members, who come in order, into slices of about as many orders.
std::vector<store::SliceRecord> slices_of(const std::vector<std::pair<std::int64_t, std::int64_t>>& members)
{
    std::vector<store::SliceRecord> slices;
    std::int64_t orders = orders_in_a_slice;
    for (const auto& [member, count] : members) {
        if (orders + count > orders_in_a_slice) {
            slices.push_back({.position = static_cast<int>(slices.size()), .first = MemberId{member}});
            orders = 0;
        }
        slices.back().last = MemberId{member};
        orders += count;
    }
    return slices;
}

} // namespace

void BillingRuns::check_day(Date day)
{
    if (day > clock_.today() && !sandbox_)
        throw Refusal{Reason::day_not_come, domain::to_text(day) + " has not come yet; a dry run shows what will be billed"};
    const auto closed = books_.closed_through();
    if (closed && day <= *closed)
        throw Refusal{Reason::books_closed, "the books are closed through " + domain::to_text(*closed) + "; bill on a later day"};
}

std::optional<std::int64_t> BillingRuns::begin(store::Session& session, Date day, const std::string& actor, domain::Instant failed_since)
{
    store::BillingRunStore runs{session};
    if (const auto open = runs.open_run(day)) return open;
    const auto members = store::BillingStore{session}.due_members(day, failed_since);
    if (members.empty()) return std::nullopt;
    const auto run = runs.begin(day, slices_of(members), static_cast<std::int64_t>(members.size()), actor, clock_.now());
    return run ? run : runs.open_run(day); // another was quicker
}

std::optional<store::BillingRunRecord> BillingRuns::plan(store::Session& session, Date day, const std::string& actor)
{
    check_day(day);
    const auto run = begin(session, day, actor, everybody);
    return run ? store::BillingRunStore{session}.read(*run) : std::nullopt;
}

std::optional<store::BillingRunRecord> BillingRuns::run(
    Date day, int workers, const std::string& actor, const std::string& owner, const Progress& progress)
{
    check_day(day);
    const auto run = database_.transact([&](store::Session& session) { return begin(session, day, actor, everybody); });
    if (run) {
        std::exception_ptr trouble;
        std::mutex mutex;
        const std::atomic<bool> stopping{false};
        const auto told = [&](const store::BillingRunRecord& state) {
            const std::lock_guard lock{mutex};
            if (progress) progress(state);
        };
        {
            std::vector<std::jthread> threads;
            for (int i = 0; i < workers; ++i)
                threads.emplace_back([&, i] {
                    try {
                        work_off(*run, day, owner + '/' + std::to_string(i), stopping, told);
                    } catch (...) {
                        const std::lock_guard lock{mutex};
                        trouble = std::current_exception();
                    }
                });
        }
        if (trouble) std::rethrow_exception(trouble);
    }
    books_.recognise(Day{day} - std::chrono::days{1});
    return run ? std::optional{record(*run)} : std::nullopt;
}

bool BillingRuns::work_on_one(std::int64_t run, Date day, const std::string& owner)
{
    const auto slice =
        database_.transact([&](store::Session& session) { return store::BillingRunStore{session}.claim(run, owner, lease); });
    if (!slice) return false;
    try {
        billing_.bill(slice->first, slice->last, day, [&](store::Session& session, const BilledSlice& billed) {
            store::BillingRunStore{session}.finish_slice(*slice, billed.members, billed.documents.size(), billed.failures.size());
        });
    } catch (...) {
        database_.transact([&](store::Session& session) { store::BillingRunStore{session}.give_back(*slice); });
        throw;
    }
    return true;
}

void BillingRuns::work_off(
    std::int64_t run, Date day, const std::string& owner, const std::atomic<bool>& stopping, const Progress& progress)
{
    const auto is_done = [&] {
        return database_.transact(
            [&](store::Session& session) { return store::BillingRunStore{session}.finish_if_done(run, clock_.now()); });
    };
    while (!stopping) {
        if (work_on_one(run, day, owner)) {
            progress(record(run));
            continue;
        }
        if (is_done()) return;
        std::this_thread::sleep_for(wait_for_others); // others work on the last slices, or one of them was killed
    }
}

void BillingRuns::preview(Date day, const std::function<void(const BilledSlice&)>& show)
{
    const auto members = database_.read([&](store::Session& session) { return store::BillingStore{session}.due_members(day, everybody); });
    for (const auto& slice : slices_of(members)) show(billing_.preview(slice.first, slice.last, day));
}

bool BillingRuns::work(const std::string& owner, const std::atomic<bool>& stopping)
{
    const auto planned = database_.read([&](store::Session& session) { return store::BillingRunStore{session}.oldest_open(); });
    const auto day = planned ? planned->second : clock_.today();
    const auto run = planned
        ? std::optional{planned->first}
        : database_.transact([&](store::Session& session) { return begin(session, day, "worker", clock_.now() - pause_after_failure); });
    if (run) work_off(*run, day, owner, stopping, [](const store::BillingRunRecord&) {});
    if (!stopping) books_.recognise(Day{day} - std::chrono::days{1});
    return run.has_value();
}

store::BillingRunRecord BillingRuns::record(std::int64_t run)
{
    return database_.read([&](store::Session& session) { return store::BillingRunStore{session}.read(run); }).value();
}

std::vector<store::BillingRunRecord> BillingRuns::page(std::optional<std::int64_t> before, int limit)
{
    return database_.read([&](store::Session& session) { return store::BillingRunStore{session}.page(before, limit); });
}

store::BillingRunRecord BillingRuns::read(std::int64_t run)
{
    const auto found = database_.read([&](store::Session& session) { return store::BillingRunStore{session}.read(run); });
    if (!found) throw Refusal{Reason::not_found, "there is no billing run " + std::to_string(run)};
    return *found;
}

std::vector<store::BillingErrorRecord> BillingRuns::errors(int limit)
{
    return database_.read([&](store::Session& session) { return store::BillingRunStore{session}.errors(limit); });
}

} // namespace service
