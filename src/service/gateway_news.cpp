#include "service/gateway_news.h"

#include "logging/log.h"
#include "store/charge_store.h"

namespace service {
namespace {

using namespace std::chrono_literals;

constexpr int events_at_a_time = 20;
constexpr auto lease = 120s;
constexpr auto pause_after_failure = 5s;
constexpr int tries = 200; // some twenty minutes, then an operator looks
constexpr auto look_for_missed_every = 1h;
constexpr auto open_too_long = 1h;
constexpr int attempts_at_a_time = 200;
constexpr auto keep_events = 24h * 90;

} // namespace

void GatewayNews::work(const std::atomic<bool>& stop)
{
    while (!stop && handle_some()) {}
    const auto now = std::chrono::steady_clock::now();
    if (looked_ && now < *looked_ + look_for_missed_every) return;
    looked_ = now;
    look_for_missed();
}

bool GatewayNews::handle_some()
{
    const auto claimed =
        database_.transact([&](store::Session& session) { return store::GatewayEventStore{session}.claim(lease, events_at_a_time); });
    for (const auto& event : claimed) {
        auto handling = Handling::again;
        std::string why = "gateway_unavailable";
        try {
            handling = handle(event.event);
        } catch (const std::exception& error) {
            logging::event("error", "event_not_handled", {{"event_id", event.event.id}, {"what", error.what()}});
            why = "internal_error";
        }
        database_.transact([&](store::Session& session) {
            store::GatewayEventStore events{session};
            using domain::GatewayEventState;
            if (handling == Handling::done) events.finish(event, GatewayEventState::handled);
            else if (handling == Handling::ignored) events.finish(event, GatewayEventState::ignored);
            else if (event.attempts >= tries) events.finish(event, GatewayEventState::failed, why);
            else events.again(event, pause_after_failure, why);
        });
    }
    return claimed.size() == static_cast<std::size_t>(events_at_a_time);
}

GatewayNews::Handling GatewayNews::handle(const domain::GatewayEvent& event)
{
    const auto done = [](bool answered) { return answered ? Handling::done : Handling::again; };
    if (event.object_kind == "payment_intent") return done(parts_.charging.look_at(event.object_id));
    if (event.object_kind == "refund") return done(parts_.refunds.look_at(event.object_id));
    if (event.object_kind == "dispute") return done(parts_.disputes.look_at(event.object_id));
    if (event.type == "setup_intent.succeeded") return done(parts_.setups.look_at(event.object_id));
    if (event.type == "payment_method.automatically_updated" || event.type == "payment_method.updated")
        return done(parts_.methods.renew_card(parts_.gateway, event.object_id));
    return Handling::ignored;
}

/// Webhooks may be lost: the gateway's own list has what we did not hear, and it is asked about tries that are open for long.
void GatewayNews::look_for_missed()
{
    const auto newest = database_.read([&](store::Session& session) { return store::GatewayEventStore{session}.newest(); });
    const auto since = newest.value_or(clock_.now() - 24h) - 1h;
    std::string after;
    do {
        const auto page = parts_.gateway.events(since, after);
        if (page.outcome != gateway::CallOutcome::done) break;
        for (const auto& event : page.value.events) parts_.events.keep(event);
        after = page.value.after;
    } while (!after.empty());

    const auto open = database_.read(
        [&](store::Session& session) { return store::ChargeStore{session}.open_since(clock_.now() - open_too_long, attempts_at_a_time); });
    for (const auto& attempt : open) parts_.charging.look_at(attempt);
    database_.transact([&](store::Session& session) { store::GatewayEventStore{session}.remove_finished(keep_events); });
    parts_.setups.remove_abandoned();
}

} // namespace service
