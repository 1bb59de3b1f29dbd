#include "service/plans.h"

#include "store/plan_store.h"
#include "store/stock_reader.h"
#include "store/vat_store.h"

namespace service {
namespace {

const domain::Plan* find(const PlanListing& listing, std::string_view code, domain::PlanKind kind)
{
    const auto found = listing.by_code.find(code);
    return found == listing.by_code.end() || found->second->kind != kind ? nullptr : found->second;
}

} // namespace

const domain::Plan* PlanListing::server(std::string_view code) const { return find(*this, code, domain::PlanKind::server); }

const domain::Plan* PlanListing::option(std::string_view code) const { return find(*this, code, domain::PlanKind::option); }

PlanListing::Stock PlanListing::stock(const domain::Plan& server, const std::string& datacenter) const
{
    constexpr int few = 5;
    if (!server.supplier.empty()) return Stock::unknown;
    if (racks_by_itself) return Stock::to_be_racked;
    const auto left = free.find({server.code, datacenter});
    if (left == free.end()) return Stock::none;
    return left->second < few ? Stock::few : Stock::many;
}

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
    auto listing = std::make_shared<PlanListing>(
        PlanListing{.day = today, .currency = currency, .racks_by_itself = racks_by_itself_, .in_oss = vat_.in_oss});
    auto plans = database_.read([&](store::Session& session) {
        listing->free = store::StockReader{session}.free_servers();
        listing->rates = domain::VatRates{store::VatStore{session}.rates()};
        return store::PlanStore{session}.offered(currency, today);
    });
    for (auto& plan : plans) (plan.kind == domain::PlanKind::server ? listing->servers : listing->options).push_back(std::move(plan));
    for (const auto* sold : {&listing->servers, &listing->options})
        for (const auto& plan : *sold) listing->by_code.emplace(plan.code, &plan);
    const std::lock_guard lock{mutex_};
    kept = {listing, now};
    return listing;
}

} // namespace service
