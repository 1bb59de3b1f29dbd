#include "service/memberships.h"

#include "domain/refusal.h"

namespace service {

domain::Order Memberships::read(domain::MemberId member)
{
    auto order =
        database_.read([&](store::Session& session) { return store::OrderStore{session}.running(running_key(member, "membership")); });
    if (!order) throw domain::Refusal{domain::Reason::not_found, "you have no membership; POST /membership joins"};
    return *std::move(order);
}

PlacedOrder Memberships::join(store::Session& session, const domain::Identity& who)
{
    if (auto running = store::OrderStore{session}.running(running_key(who.member, "membership")))
        return {.order = *std::move(running), .is_new = false};
    return ordering_.place(session, {.who = who, .sku = "membership"});
}

} // namespace service
