#include "service/tax_change.h"

#include "store/job_store.h"
#include "store/order_store.h"
#include "store/payment_store.h"

namespace service {

void tax_changed(store::Session& session, domain::MemberId member, const std::string& occasion)
{
    store::PaymentStore{session}.hold_billing({static_cast<std::int64_t>(member)});
    store::JobStore jobs{session};
    for (const auto& order : store::OrderStore{session}.waiting_of(member)) jobs.add(domain::JobKind::order_start, order, occasion);
}

} // namespace service
