#include "api/movements.h"

#include "api/answers.h"

namespace api {

using http::JsonText;

JsonText json_of(const store::StoredPayment& payment)
{
    const auto currency = payment.payment.amount.currency;
    auto json = JsonText::object();
    json.set("id", payment.payment.uuid.text()).set("means", domain::to_text(payment.payment.means));
    json.set("amount", json_of(payment.payment.amount)).set("credit", json_of(domain::Money{payment.credit, currency}));
    json.set("refunded", json_of(domain::Money{payment.refunded, currency})).set("state", payment.reversed ? "reversed" : "booked");
    json.set("booked_on", domain::to_text(payment.payment.booked_on)).set("value_on", domain::to_text(payment.payment.value_on));
    return json;
}

JsonText json_of(const store::RefundRecord& refund)
{
    auto json = JsonText::object();
    json.set("id", refund.uuid.text()).set("reference", refund.reference).set("means", domain::to_text(refund.means));
    json.set("amount", json_of(refund.amount)).set("reason", refund.reason).set("state", store::to_text(refund.status));
    json.set("failure", refund.failure.empty() ? JsonText::null() : JsonText{refund.failure});
    return json;
}

} // namespace api
