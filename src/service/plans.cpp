#include "service/plans.h"

#include "store/plan_store.h"
#include "store/vat_store.h"

#include <algorithm>

namespace service {
namespace {

const domain::Plan* find(const std::vector<domain::Plan>& by_code, std::string_view code)
{
    const auto found = std::ranges::lower_bound(by_code, code, {}, &domain::Plan::code);
    return found == by_code.end() || found->code != code ? nullptr : &*found;
}

} // namespace

const domain::Plan* PlanListing::server(std::string_view code) const { return find(servers, code); }

const domain::Plan* PlanListing::option(std::string_view code) const { return find(options, code); }

int PlanListing::number() const
{
    return static_cast<int>(day.year()) * 10'000
        + static_cast<int>(static_cast<unsigned>(day.month()) * 100 + static_cast<unsigned>(day.day()));
}

domain::VatRate PlanListing::consumer_rate(std::string_view country) const
{
    const domain::VatCustomer consumer{.kind = domain::CustomerKind::consumer, .country = std::string{country}};
    return rates.under(domain::decide_vat(consumer, in_oss), domain::standard_rate).rate_on(day);
}

std::shared_ptr<const PlanListing> Plans::offered(domain::Currency currency)
{
    const auto today = clock_.today();
    const auto now = SteadyClock::now();
    auto& kept = kept_[static_cast<int>(currency)];
    {
        const std::lock_guard lock{mutex_};
        if (kept.listing && kept.listing->day == today && now - kept.read_at < std::chrono::seconds{1}) return kept.listing;
    }
    auto listing = std::make_shared<PlanListing>(PlanListing{.day = today, .currency = currency, .in_oss = vat_.in_oss});
    auto plans = database_.read([&](store::Session& session) {
        listing->rates = domain::VatRates{store::VatStore{session}.rates()};
        return store::PlanStore{session}.offered(currency, today);
    });
    std::ranges::sort(plans, {}, &domain::Plan::code); // as std::string compares, whatever the database does
    for (auto& plan : plans) (plan.kind == domain::PlanKind::server ? listing->servers : listing->options).push_back(std::move(plan));
    const std::lock_guard lock{mutex_};
    kept = {listing, now};
    return listing;
}

} // namespace service
