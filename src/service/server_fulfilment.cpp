#include "service/server_fulfilment.h"

#include "service/call_faults.h"
#include "service/order_withdrawal.h"
#include "store/order_store.h"
#include "store/server_store.h"

#include <algorithm>

namespace service {
namespace {

constexpr const char* actor = "worker";
constexpr std::chrono::milliseconds while_unconfigured{60'000};
constexpr std::chrono::milliseconds longest_sleep{1'000};

} // namespace

JobReport ServerFulfilment::supply(const domain::Uuid& uuid)
{
    const auto [supply, server] = database_.read([&](store::Session& session) {
        store::SupplyStore supplies{session};
        const auto order = store::OrderStore{session}.by_uuid(uuid);
        return std::pair{supplies.of(uuid), order ? supplies.server(order->id) : std::nullopt};
    });
    if (!server) return {};
    if (!supply) return from_stock(uuid, *server);
    if (!supplier_ || supplier_->name() != supply->supplier) return {JobOutcome::postponed, "supplier_not_configured", while_unconfigured};
    return supplier_->carry_out(uuid);
}

JobReport ServerFulfilment::from_stock(const domain::Uuid& uuid, const store::ServerToSupply& server)
{
    const auto whims = faults_ ? faults_->of_delivery(uuid) : DeliveryWhims{};
    const auto ready_at = server.wanted_since + rules_.delivery + whims.delay;
    if (clock_.now() < ready_at) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(ready_at - clock_.now());
        return {JobOutcome::postponed, "is_being_racked", std::min(left, longest_sleep)}; // the test clock may be set on
    }
    return database_.transact([&](store::Session& session) -> JobReport {
        const auto order = store::OrderStore{session}.lock(uuid);
        if (!order || order->status != domain::OrderStatus::provisioning) return {};
        if (whims.cancels) {
            withdraw_order(session, corrections_, clock_, *order, {"cannot be delivered", "could not be delivered", true});
            return {};
        }
        return take_server(session, *order, server);
    });
}

JobReport ServerFulfilment::take_server(store::Session& session, const domain::Order& order, const store::ServerToSupply& server)
{
    store::ServerStore servers{session};
    if (rules_.racks_by_itself) servers.wipe_all(server.plan, clock_.now());
    auto name = servers.take(order.id, server.plan, server.datacenter, clock_.now());
    if (!name && rules_.racks_by_itself) {
        servers.rack(server.plan, server.datacenter, clock_.now());
        name = servers.take(order.id, server.plan, server.datacenter, clock_.now());
    }
    if (!name) return {JobOutcome::postponed, "no_server_free", rules_.look_again};
    store::SupplyStore{session}.name_server(order.id, *name);
    store::OrderStore{session}.change_status(order, domain::OrderStatus::active, actor, "the server is ready", clock_.now());
    return {};
}

} // namespace service
