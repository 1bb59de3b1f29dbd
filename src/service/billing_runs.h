#pragma once
#include "service/billing.h"
#include "service/books.h"
#include "store/billing_run_store.h"

#include <atomic>
#include <functional>
#include <optional>
#include <string>

namespace service {

/// Runs that bill everybody who has something due. A run is planned once and worked off in slices by whoever comes, on
/// any machine; when one is killed, its slice falls to another, and the run goes on.
class BillingRuns {
public:
    BillingRuns(store::Database& database, gateway::Clock& clock, Billing& billing, Books& books, bool sandbox)
        : database_{database}, clock_{clock}, billing_{billing}, books_{books}, sandbox_{sandbox}
    {
    }

    /// Told after each slice, and once a second while others work on the last ones.
    using Progress = std::function<void(const store::BillingRunRecord&)>;

    /// Bills what is due up to the day with `workers` threads, joining the run of that day if one is open, and then
    /// recognises the revenue of the days before it. Returns the run; nullopt if nothing was due.
    /// @throws domain::Refusal as check_day()
    std::optional<store::BillingRunRecord> run(
        domain::Date day, int workers, const std::string& actor, const std::string& owner, const Progress& progress = {});

    /// What run() would issue, document by document; writes nothing.
    void preview(domain::Date day, const std::function<void(const BilledSlice&)>& show);

    /// Plans the run, or finds the open one, for the workers to carry out. Returns nullopt if nothing is due.
    /// @throws domain::Refusal as check_day()
    std::optional<store::BillingRunRecord> plan(store::Session& session, domain::Date day, const std::string& actor);

    /// Carries out a planned run, or the run of today if anything is due. Returns whether there was something to do.
    bool work(const std::string& owner, const std::atomic<bool>& stopping);

    /// @throws domain::Refusal day_not_come: only a sandbox bills ahead; books_closed
    void check_day(domain::Date day);

    std::vector<store::BillingRunRecord> page(std::optional<std::int64_t> before, int limit);
    store::BillingRunRecord read(std::int64_t run); ///< @throws domain::Refusal not_found
    std::vector<store::BillingErrorRecord> errors(int limit);

private:
    std::optional<std::int64_t> begin(store::Session& session, domain::Date day, const std::string& actor, domain::Instant failed_since);
    void work_off(
        std::int64_t run, domain::Date day, const std::string& owner, const std::atomic<bool>& stopping, const Progress& progress);
    bool work_on_one(std::int64_t run, domain::Date day, const std::string& owner);
    store::BillingRunRecord record(std::int64_t run);

    store::Database& database_;
    gateway::Clock& clock_;
    Billing& billing_;
    Books& books_;
    bool sandbox_;
};

} // namespace service
