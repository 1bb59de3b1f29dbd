#include "balance_transactions.h"

#include "api_error.h"
#include "endpoint.h"
#include "listing.h"
#include "object_store.h"

namespace stripe_fake {
namespace {

constexpr const char* kind = "balance_transaction";
constexpr std::int64_t days_until_available = 7;

http::Json fee_details(const Booking& booking)
{
    auto details = http::Json::array();
    if (booking.fee != 0)
        details.push(http::Json::object()
                         .set("amount", booking.fee)
                         .set("application", http::Json::null())
                         .set("currency", booking.currency)
                         .set("description", booking.type == "adjustment" ? "Dispute fee" : "Stripe processing fees")
                         .set("type", "stripe_fee"));
    return details;
}

http::Json retrieve(Call& call)
{
    call.parameters.finish();
    auto transaction = ObjectStore{call.session}.look_at(call.segments[0]);
    if (!transaction || transaction->kind != kind) throw no_such("balance transaction", call.segments[0]);
    return std::move(transaction->body);
}

http::Json list(Call& call)
{
    auto filter = read_filter(call.parameters, {});
    filter.topics = call.parameters.text("source").value_or("");
    filter.type = call.parameters.text("type").value_or("");
    return answer_list(call, kind, "/v1/balance_transactions", filter);
}

constexpr Endpoint endpoints[] = {
    {"GET", "/v1/balance_transactions", list},
    {"GET", "/v1/balance_transactions/{id}", retrieve},
};

} // namespace

std::span<const Endpoint> balance_transaction_endpoints() { return endpoints; }

std::string book(Work& work, const Booking& booking)
{
    auto transaction = new_object("txn_", kind, work.now());
    transaction.topic = booking.source;
    for (const char* member : {"livemode", "metadata"}) json_object_del(transaction.body.get(), member);
    transaction.body.set("amount", booking.amount)
        .set("available_on", work.now() + days_until_available * 24 * 60 * 60)
        .set("balance_type", "payments")
        .set("currency", booking.currency)
        .set("description", text_or_null(booking.description))
        .set("exchange_rate", http::Json::null())
        .set("fee", booking.fee)
        .set("fee_details", fee_details(booking))
        .set("net", booking.amount - booking.fee)
        .set("reporting_category", booking.reporting_category)
        .set("source", booking.source)
        .set("status", "pending")
        .set("type", booking.type);
    ObjectStore{work.session}.add(transaction);
    return transaction.id;
}

} // namespace stripe_fake
