#include "bank_reports.h"

#include "domain/refusal.h"
#include "late_outcomes.h"
#include "logging/log.h"
#include "unix_time.h"

namespace stripe_fake {
namespace {

using namespace std::chrono_literals;

constexpr auto between_looks = 150ms;

} // namespace

BankReports::BankReports(store::Database& database, const gateway::Clock& clock, std::string secret, std::function<void()> told)
    : database_{database}, clock_{clock}, secret_{std::move(secret)}, told_{std::move(told)}, thread_{[this](const std::stop_token& stop) {
          work(stop);
      }}
{
}

void BankReports::work(const std::stop_token& stop)
{
    for (; !stop.stop_requested(); std::this_thread::sleep_for(between_looks)) {
        try {
            while (!stop.stop_requested() && bring_about_one()) told_();
        } catch (const domain::Unavailable&) {
            // The database is away: what is due stays so.
        } catch (const std::exception& error) {
            logging::event("error", "late_outcome_trouble", {{"what", error.what()}});
            try {
                database_.transact([&](store::Session& session) { put_off(session, unix_ms(clock_.now())); });
            } catch (const std::exception&) {
                // Then it is tried again all the sooner.
            }
        }
    }
}

bool BankReports::bring_about_one()
{
    const auto now = clock_.now();
    return database_.transact([&](store::Session& session) {
        Work work{.session = session, .now_ms = unix_ms(now), .today = clock_.day_of(now), .secret = secret_};
        return bring_about_next(work);
    });
}

} // namespace stripe_fake
